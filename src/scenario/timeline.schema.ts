/**
 * The `timeline` of a scenario: what is done to the cluster while it runs, in kubectl's words. An entry has a time and
 * one action. Deviations from kubectl: `patch` takes the patch as a mapping; `scale` of a Job sets its parallelism.
 */
import { z } from 'zod';
import { durationText } from '../workload/notation.schema.ts';
import { actionSchemas } from './actions.schema.ts';
import { orList } from './wording.ts';

export type ActionName = keyof typeof actionSchemas;
export const ACTION_NAMES = Object.keys(actionSchemas) as readonly ActionName[];

const optionalActions = Object.fromEntries(
  Object.entries(actionSchemas).map(([name, schema]) => [name, schema.optional()]),
) as { [K in ActionName]: z.ZodOptional<(typeof actionSchemas)[K]> };

export const timelineEntrySchema = z
  .strictObject({
    at: durationText.describe('When, in time since the start of the run.'),
    ...optionalActions,
  })
  .superRefine((entry, context) => {
    const given = Object.keys(entry).filter((key) => key !== 'at');
    if (given.length === 1) return;
    const message =
      given.length === 0
        ? `an entry needs one action beside at: ${orList(ACTION_NAMES)}`
        : `an entry has one action, found ${given.join(' and ')}: make them entries of their own`;
    context.addIssue({ code: 'custom', message });
  })
  .describe('One action at one time.');

export const timelineSchema = z
  .array(timelineEntrySchema)
  .describe(
    'What is done to the cluster while it runs; actions at one time happen in the order of the list.',
  );

export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** An action and its arguments. */
export type Action = {
  readonly [K in ActionName]: { readonly name: K; readonly args: z.infer<(typeof actionSchemas)[K]> };
}[ActionName];

/** The action of a checked entry. */
export function actionOf(entry: TimelineEntry): Action {
  const name = ACTION_NAMES.find((one) => entry[one] !== undefined)!;
  return { name, args: entry[name] } as Action;
}
