/**
 * `kubectl drain --ignore-daemonsets --delete-emptydir-data`: cordons, then evicts pod by pod, all of a node at once.
 * Source: kubectl pkg/drain/{drain,filters}.go, 1.37. An eviction that a budget refuses is asked for again every 5 s.
 */
import { parseDurationUs } from '../../base/duration.ts';
import { call, runSteps, type Steps } from '../../control-plane/sync.ts';
import type { ApiError, DeleteOptions } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import { matchesMap } from '../../kube/selector.ts';
import type { NodeTarget } from '../../scenario/node-target.schema.ts';
import type { Action } from '../../scenario/timeline.schema.ts';
import { type ActionContext, Refusal, wait } from './action-context.ts';
import { nodeNames } from './choose-nodes.ts';
import { cordon } from './node-actions.ts';

const US_PER_S = 1_000_000;
const RETRY_US = 5 * US_PER_S;
/** How often kubectl looks whether the pods are gone. */
const POLL_US = US_PER_S;
const MIRROR = 'kubernetes.io/config.mirror';

type Args = Extract<Action, { name: 'drain' }>['args'];
type Flags = Omit<Extract<Args, { on: NodeTarget }>, 'on'>;

/** One drain under way. */
interface Drain {
  readonly context: ActionContext;
  readonly flags: Flags;
  readonly options: DeleteOptions;
  readonly deadlineUs: number;
}

export function* drain(context: ActionContext, args: Args): Steps<void> {
  const hasFlags = typeof args === 'object' && 'on' in args;
  const target: NodeTarget = hasFlags ? args.on : args;
  const flags: Flags = hasFlags ? args : {};
  const { timeout, gracePeriod, oneByOne = false } = flags;
  const graceSeconds = gracePeriod === undefined ? undefined : Math.ceil(parseDurationUs(gracePeriod) / 1e6);
  const work: Drain = {
    context,
    flags,
    options: graceSeconds === undefined ? {} : { graceSeconds },
    deadlineUs:
      timeout === undefined ? Number.POSITIVE_INFINITY : context.simulation.nowUs + parseDurationUs(timeout),
  };
  const names = nodeNames(context, target);
  yield* cordon(context, names);
  if (oneByOne) for (const name of names) yield* clear(work, [name]);
  else yield* clear(work, names);
}

/** Rids the nodes of their pods and waits until they are gone. */
function* clear(work: Drain, names: readonly string[]): Steps<void> {
  const pods = podsOn(work, new Set(names));
  const failures: string[] = [];
  let nLeft = pods.length;
  if (nLeft === 0) return;
  yield (resume) => {
    for (const pod of pods) {
      runSteps(clearOne(work, pod), (failure) => {
        if (failure !== undefined) failures.push(failure);
        if (--nLeft === 0) resume(undefined);
      });
    }
  };
  if (failures.length > 0) throw new Refusal(failures.join('; '));
}

function podsOn({ context, flags: { podSelector, force = true } }: Drain, nodes: Set<string>): PodObject[] {
  const pods: PodObject[] = [];
  context.server.state.pods.forEach((pod) => {
    if (!nodes.has(pod.nodeName) || pod.owner?.kind === 'DaemonSet') return;
    if (pod.shape.annotations?.[MIRROR] !== undefined) return;
    if (podSelector === undefined || matchesMap(podSelector, pod.shape.labels)) pods.push(pod);
  });
  const bare = pods.filter(({ owner, terminal }) => !owner && !terminal);
  if (force || bare.length === 0) return pods;
  const list = bare.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  throw new Refusal(`cannot delete Pods that declare no controller (use force to override): ${list}`);
}

/** What went wrong, if anything did. */
function* clearOne(work: Drain, pod: PodObject): Steps<string | undefined> {
  const { context, deadlineUs } = work;
  const { server, simulation } = context;
  const failure = yield* evict(work, pod);
  if (failure !== undefined) return failure;
  while (server.state.pods.current(pod)) {
    if (simulation.nowUs >= deadlineUs) return `pod "${pod.name}" is not gone when the time is up`;
    yield* wait(context, POLL_US);
  }
  return undefined;
}

function* evict(work: Drain, pod: PodObject): Steps<string | undefined> {
  const { context, flags, options, deadlineUs } = work;
  const { client, simulation, onEviction } = context;
  for (;;) {
    const error: ApiError | undefined = (yield* call<PodObject>((reply) =>
      flags.disableEviction ? client.deletePod(pod, options, reply) : client.evictPod(pod, options, reply),
    )).error;
    if (!error && !flags.disableEviction) onEviction?.(pod, true);
    if (!error || error.code === 404) return undefined;
    if (error.code !== 429) return `error when evicting pods/"${pod.name}": ${error.message}`;
    onEviction?.(pod, false);
    if (simulation.nowUs + RETRY_US > deadlineUs)
      return `pod "${pod.name}" could not be evicted in time: ${error.message}`;
    yield* wait(context, RETRY_US);
  }
}
