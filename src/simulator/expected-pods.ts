/**
 * About how many pods a workload keeps in the API at its busiest, before anything runs: arrivals by Little's law, the
 * finished ones that the pod garbage collector has not removed yet, replicas of manifests. It takes for granted that no
 * pod waits for a node, and knows nothing of traces, whose rows are only read as the run goes on.
 */
import { parseDurationUs } from '../base/duration.ts';
import type { KubeObject } from '../kube/types.ts';
import type { ScenarioSpec } from '../scenario/scenario.schema.ts';
import { meanOf } from '../sim/distributions.ts';
import { distributionOf } from '../workload/distribution.schema.ts';
import type { ArrivalSpec, GeneratorSpec, TemplateSpec } from '../workload/generator.schema.ts';
import { parseRatePerSec } from '../workload/rate.ts';
import { spanOf } from '../workload/span.ts';

/** Finished pods that stay, the distance of the collector's passes, and what its client may delete in a second. */
const N_FINISHED_KEPT = 12_500;
const PASS_SECONDS = 20;
const DELETIONS_PER_SECOND = 20;

/** Pods that a generator keeps in the API at its busiest. */
export function podsOfGenerator(generator: GeneratorSpec, spec: ScenarioSpec): number {
  const { arrivals, templates } = generator;
  const { startUs, endUs, nPodsMax } = spanOf(generator);
  const untilUs = spec.until === undefined ? Number.POSITIVE_INFINITY : parseDurationUs(spec.until);
  const spanSeconds = Math.max(0, Math.min(endUs, untilUs) - startUs) / 1e6;
  const runSeconds = meanRunSeconds(templates);
  const perSecond = arrivalsPerSecond(arrivals, runSeconds);
  const nAtOnce = arrivals.process === 'batch' ? meanOf(distributionOf(arrivals.size, Number)) : 0;
  const nTotal = Math.min(nPodsMax, Math.ceil(perSecond * spanSeconds) + nAtOnce);
  if (runSeconds === undefined) return nTotal;
  const isInstant = spec.model?.controlPlane === 'instant';
  const isCollectedInTime = isInstant || perSecond <= DELETIONS_PER_SECOND;
  const nLate = isCollectedInTime ? 0 : (perSecond - DELETIONS_PER_SECOND) * spanSeconds;
  const nFinished = N_FINISHED_KEPT + perSecond * PASS_SECONDS + nLate;
  return Math.min(nTotal, Math.ceil(Math.max(nAtOnce, perSecond * runSeconds) + nFinished));
}

/** Pods that an object brings with it, sooner or later. */
export function podsOfObject(
  { kind, spec }: KubeObject & { readonly spec?: unknown },
  nNodes: number,
): number {
  const { replicas, parallelism } = (spec ?? {}) as { replicas?: number; parallelism?: number };
  switch (kind) {
    case 'Pod':
      return 1;
    case 'DaemonSet':
      return nNodes;
    case 'Job':
      return parallelism ?? 1;
    case 'Deployment':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'StatefulSet':
      return replicas ?? 1;
    default:
      return 0;
  }
}

/** undefined if some never finish. */
function meanRunSeconds(templates: readonly TemplateSpec[]): number | undefined {
  const means = templates.map(({ duration }) =>
    duration === undefined
      ? Number.POSITIVE_INFINITY
      : meanOf(distributionOf(duration, parseDurationUs)) / 1e6,
  );
  const longest = Math.max(...means);
  return Number.isFinite(longest) ? longest : undefined;
}

function arrivalsPerSecond(arrivals: ArrivalSpec, runSeconds = 0): number {
  switch (arrivals.process) {
    case 'batch':
      return meanOf(distributionOf(arrivals.size, Number)) / (parseDurationUs(arrivals.every) / 1e6);
    case 'closed': {
      const thinkSeconds = meanOf(distributionOf(arrivals.think, parseDurationUs)) / 1e6;
      return arrivals.users / Math.max(runSeconds + thinkSeconds, 1e-6);
    }
    case 'bursts': {
      const calmUs = parseDurationUs(arrivals.calm);
      const burstUs = parseDurationUs(arrivals.burst);
      const n = parseRatePerSec(arrivals.rate) * calmUs + parseRatePerSec(arrivals.burstRate) * burstUs;
      return n / (calmUs + burstUs);
    }
    default:
      return parseRatePerSec(arrivals.rate);
  }
}
