// What `wavetank explain` does: runs to the attempt, and shows it or says why there is none.

import { formatDurationUs, parseDurationUs } from '../base/duration.ts';
import { type Explained, explainAttempt } from '../simulator/explain.ts';
import type { ExplainArgs } from './commands/explain.ts';
import { EXIT } from './exit.ts';
import { renderExplanation } from './explanation-text.ts';
import { Interrupt } from './interrupt.ts';
import { openProgress } from './progress.ts';
import { readScenario } from './read-scenario.ts';
import { UsageError } from './usage.ts';

/** Returns the exit code. @throws UsageError if there is no such pod or attempt */
export async function explainScenario(args: ExplainArgs): Promise<number> {
  const atUs = args.at === undefined ? undefined : timeOf(args.at);
  if (!Number.isInteger(args.nodes) || args.nodes < 0)
    throw new UsageError('--nodes: must be a whole number, 0 or more');
  const { scenario, files } = await readScenario(args.scenario, args);
  const progress = openProgress(args.quiet);
  const interrupt = new Interrupt(() => {});
  try {
    const explained = await explainAttempt(scenario, files, {
      pod: args.pod,
      ...(atUs !== undefined && { atUs }),
      onSlice: async (state) => {
        progress.update(state);
        await new Promise(setImmediate);
        return !interrupt.isRequested;
      },
    }).finally(() => progress.stop());
    if (interrupt.isRequested) return EXIT.interrupted;
    show(explained, args);
    return EXIT.ok;
  } finally {
    interrupt.release();
  }
}

function timeOf(at: string): number {
  try {
    return parseDurationUs(at);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--at: ${error.message}`);
    throw error;
  }
}

function show(explained: Explained, args: ExplainArgs): void {
  const { explanation, pod, namespaces, tieBreak } = explained;
  if (namespaces.length > 1) {
    const choices = namespaces.map((namespace) => `${namespace}/${args.pod}`).join(' or ');
    throw new UsageError(`--pod: there are several pods ${args.pod}; say ${choices}`);
  }
  if (!explanation || !pod) throw new UsageError(`--pod: ${whyNone(explained, args)}`);
  const { name, namespace } = pod;
  const whole = { pod: name, namespace, ...explanation, tieBreak };
  if (args.json) console.log(JSON.stringify(whole, null, 2));
  else console.log(renderExplanation(whole, args.nodes).join('\n'));
}

/** Why there is no attempt to show. */
function whyNone(explained: Explained, { pod: asked, at }: ExplainArgs): string {
  const { pod, nEarlier, schedulerNames } = explained;
  if (!pod) return `there is no pod ${JSON.stringify(asked)} in this run${hint(explained)}`;
  const full = `${pod.namespace}/${pod.name}`;
  if (nEarlier > 0) return `no attempt to schedule ${full} at or after ${at}; the last one was earlier`;
  const none = `there was no attempt to schedule ${full}`;
  const { schedulerName = 'default-scheduler' } = pod.shape.spec;
  if (pod.shape.spec.schedulingGates?.length) return `${none}: its scheduling gates hold it back`;
  if (pod.nodeName !== '') return `${none}: it came bound to ${pod.nodeName}`;
  if (!schedulerNames.includes(schedulerName)) return `${none}: no scheduler is named ${schedulerName}`;
  return `${none}; it was created at ${formatDurationUs(pod.createdUs)}`;
}

function hint({ nearNames, someNames }: Explained): string {
  if (nearNames.length > 0) return `; did you mean ${nearNames.join(' or ')}?`;
  return someNames.length > 0 ? `; there are ${someNames.join(', ')}` : '; it has no pods';
}
