/** When nothing is under way, workloads have the pods that they ask for, and their status says so. */

import type { ApiState } from '../../control-plane/api-state.ts';
import { controllerOf } from '../../kube/controller-of.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { DaemonSet, Deployment, KubeObject, ReplicaSet, StatefulSet } from '../../kube/types.ts';

/** What is wrong, in words. */
export function* countsAtRest(state: ApiState): Iterable<string> {
  const pods = podsByOwner(state);
  const all = <T extends KubeObject>(kind: string) => state.kind(kind).values() as Iterable<T>;
  for (const set of all<ReplicaSet>('ReplicaSet')) {
    if (isRefused(set)) continue;
    const active = activeOf(pods, set);
    yield* compare(set, 'active pods', active, set.spec.replicas ?? 1);
    yield* compare(set, 'status.replicas', set.status?.replicas ?? 0, active);
  }
  for (const set of all<StatefulSet>('StatefulSet')) {
    const own = pods.get(set.metadata.uid!) ?? [];
    if (own.some((pod) => !pod.ready)) continue;
    yield* compare(set, 'pods', own.length, set.spec.replicas ?? 1);
    yield* compare(set, 'status.replicas', set.status?.replicas ?? 0, own.length);
  }
  for (const set of all<DaemonSet>('DaemonSet')) {
    const { desiredNumberScheduled, currentNumberScheduled } = set.status ?? {};
    yield* compare(
      set,
      'currentNumberScheduled',
      Number(currentNumberScheduled),
      Number(desiredNumberScheduled),
    );
  }
  for (const deployment of all<Deployment>('Deployment')) {
    const sets = [...all<ReplicaSet>('ReplicaSet')].filter((set) => ownerOf(set) === deployment.metadata.uid);
    const active = sets.reduce((sum, set) => sum + activeOf(pods, set), 0);
    yield* compare(deployment, 'status.replicas', deployment.status?.replicas ?? 0, active);
  }
}

function* compare(object: KubeObject, what: string, found: number, wanted: number): Iterable<string> {
  if (found === wanted) return;
  yield `${object.kind} ${object.metadata.namespace}/${object.metadata.name}: ${what} ${found}, not ${wanted}`;
}

/** A quota or the like keeps it from having what it wants. */
function isRefused({ status }: ReplicaSet): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True') ?? false
  );
}

function ownerOf(object: KubeObject): string | undefined {
  return controllerOf(object)?.uid;
}

function podsByOwner(state: ApiState): Map<string, PodObject[]> {
  const byOwner = new Map<string, PodObject[]>();
  state.pods.forEach((pod) => {
    const { uid } = pod.owner ?? {};
    if (uid === undefined) return;
    const list = byOwner.get(uid);
    if (list) list.push(pod);
    else byOwner.set(uid, [pod]);
  });
  return byOwner;
}

function activeOf(pods: ReadonlyMap<string, readonly PodObject[]>, { metadata }: KubeObject): number {
  return (pods.get(metadata.uid!) ?? []).filter(({ active }) => active).length;
}
