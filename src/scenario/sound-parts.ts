/**
 * The parts of a scenario that are sound, each for itself: checks that go across parts can then be made even of a file
 * with mistakes, and all mistakes are told together.
 */

import type { z } from 'zod';
import { parseDurationUs } from '../base/duration.ts';
import { isRecord } from '../base/values.ts';
import { workloadSchema } from '../workload/workload.schema.ts';
import { type ClusterSpec, clusterSchema } from './cluster.schema.ts';
import { type ModelSpec, modelSchema } from './model.schema.ts';
import { type PlanSpec, planSchema } from './plan.schema.ts';
import { type ScenarioSpec, scenarioSchema } from './scenario.schema.ts';
import { type TimelineEntry, timelineEntrySchema } from './timeline.schema.ts';

const entrySchema = workloadSchema.element;
export type WorkloadEntry = z.infer<typeof entrySchema>;

export interface SoundParts {
  readonly cluster: ClusterSpec | undefined;
  /** Entries with mistakes are undefined. */
  readonly workload: readonly (WorkloadEntry | undefined)[];
  readonly timeline: readonly (TimelineEntry | undefined)[];
  readonly plan: PlanSpec | undefined;
  /** With the defaults of what the scenario does not say; undefined if what it says is wrong. */
  readonly model: ModelSpec | undefined;
  /** The end of the run; Infinity if the scenario gives none, undefined if what it gives is wrong. */
  readonly untilUs: number | undefined;
}

/** The same of a sound scenario: its very entries. */
export function allParts({ cluster, workload, timeline, until, plan, model }: ScenarioSpec): SoundParts {
  return { cluster, workload, timeline, plan, model: modelOf(model), untilUs: untilUsOf({ until }) };
}

export function soundParts(data: unknown): SoundParts {
  const { cluster, workload, timeline, plan, model } = isRecord(data) ? data : {};
  return {
    cluster: clusterSchema.safeParse(cluster).data,
    workload: list(workload).map((entry) => entrySchema.safeParse(entry).data),
    timeline: list(timeline).map((entry) => timelineEntrySchema.safeParse(entry).data),
    plan: planSchema.optional().safeParse(plan).data,
    model: modelOf(model),
    untilUs: untilUsOf(data),
  };
}

function modelOf(model: unknown): ModelSpec | undefined {
  return modelSchema.safeParse(model ?? {}).data;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The end of the run that a scenario's data gives: Infinity for none, undefined if it is wrong. */
export function untilUsOf(data: unknown): number | undefined {
  const { until } = isRecord(data) ? data : {};
  if (until === undefined) return Number.POSITIVE_INFINITY;
  const parsed = scenarioSchema.shape.until.safeParse(until);
  return parsed.data === undefined ? undefined : parseDurationUs(parsed.data);
}
