/**
 * Reads every committed version at the instant of its commit: feeds the trace hash, the observers, and whoever waits
 * for pods to end. It schedules nothing and answers nothing, so a run is the same with and without observers.
 */
import { hashString } from '../base/hash.ts';
import type { ApiServer } from '../control-plane/api-server.ts';
import type { WatchLog } from '../control-plane/watch-log.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { KubeObject } from '../kube/types.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { RunObserver } from './wire.ts';

/** Transitions that the trace hash covers. */
const TRANSITION = {
  created: 1,
  bound: 2,
  phase: 3,
  ready: 4,
  unready: 5,
  terminating: 6,
  gone: 7,
  node: 8,
} as const;
const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'];

/** Kinds besides pods that observers are told of; owners first, as they come before their pods. */
const WATCHED_KINDS = [
  'Node',
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
];

export interface TruthOptions {
  readonly simulation: Simulation;
  readonly server: ApiServer;
  readonly observer: RunObserver | undefined;
  /** A pod has finished, or is gone without having finished. */
  readonly podEnded: (pod: PodObject) => void;
}

export function observeTruth({ simulation, server, observer, podEnded }: TruthOptions): void {
  for (const kind of WATCHED_KINDS) {
    const store = server.state.kind(kind);
    const changed = (old: KubeObject | undefined, next: KubeObject | undefined) => {
      if (kind === 'Node' && (!old || !next)) traceNode(simulation, (next ?? old)!);
      observer?.objectChanged?.(old, next, simulation.nowUs);
    };
    // A restored cluster has objects before the run begins.
    for (const object of store.values()) {
      changed(undefined, object);
      observer?.objectFound?.(object);
    }
    readAll(store.log, changed);
  }
  const tracePod = podTracer(simulation);
  const podChanged = (old: PodObject | undefined, next: PodObject | undefined) => {
    tracePod(old, next);
    if (hasEnded(next) && old && !hasEnded(old)) podEnded(next ?? old);
    observer?.podChanged?.(old, next, simulation.nowUs);
  };
  server.state.pods.forEach((pod) => {
    podChanged(undefined, pod);
  });
  readAll(server.state.podLog, podChanged);
}

/** Hears every commit of a log, in order, at its instant. */
export function readAll<T>(log: WatchLog<T>, read: (old: T | undefined, next: T | undefined) => void): void {
  const reader = {
    cursor: log.end,
    notify: () => {
      for (; reader.cursor < log.end; reader.cursor++) read(log.old(reader.cursor), log.next(reader.cursor));
    },
  };
  log.readers.push(reader);
}

function hasEnded(pod: PodObject | undefined): boolean {
  return pod === undefined || pod.terminal;
}

function traceNode({ trace }: Simulation, node: KubeObject): void {
  trace.add(TRANSITION.node, hashString(node.metadata.name ?? ''));
}

/** Pods are known by their uid, an ordinal of creation; the node a pod is bound to enters by its name. */
function podTracer({ trace }: Simulation) {
  /** By `PodObject.nodeNumber`. */
  const nameHashes: number[] = [];
  const hashOfNode = ({ nodeName, nodeNumber }: PodObject) =>
    (nameHashes[nodeNumber] ??= hashString(nodeName));

  return (old: PodObject | undefined, next: PodObject | undefined): void => {
    if (!next) {
      trace.add(TRANSITION.gone, old!.uid);
      return;
    }
    const { uid } = next;
    if (!old) trace.add(TRANSITION.created, uid);
    if (next.nodeNumber !== (old?.nodeNumber ?? -1)) {
      trace.add(TRANSITION.bound, uid);
      trace.add(TRANSITION.bound, hashOfNode(next));
    }
    if (old && next.phase !== old.phase) trace.add(TRANSITION.phase + 16 * PHASES.indexOf(next.phase), uid);
    if (next.ready !== (old?.ready ?? false))
      trace.add(next.ready ? TRANSITION.ready : TRANSITION.unready, uid);
    if (next.terminating && !old?.terminating) trace.add(TRANSITION.terminating, uid);
  };
}
