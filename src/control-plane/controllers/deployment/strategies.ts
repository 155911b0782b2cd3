// How a Deployment moves from old ReplicaSets to the new one, and how it is scaled meanwhile.
// Source: pkg/controller/deployment/{rolling,recreate,sync}.go, 1.37.

import type { ReplicaSet } from '../../../kube/types.ts';
import type { Steps } from '../../sync.ts';
import { isComplete } from './conditions.ts';
import type { DeploymentSync } from './deployment-sync.ts';
import {
  availableOf,
  byAge,
  DESIRED,
  isRolling,
  MAX,
  maxSurge,
  maxUnavailable,
  newReplicas,
  replicasOf,
  sumActual,
  sumAvailable,
  sumSpec,
} from './replica-sets.ts';

/** One pass: at most one of scaling the new one up or the old ones down. */
export function* rollingUpdate(sync: DeploymentSync): Steps<void> {
  yield* sync.syncRevision(true);
  if (yield* scaleNew(sync)) return yield* sync.rolloutStatus();
  if (yield* scaleOld(sync)) return yield* sync.rolloutStatus();
  if (isComplete(sync.deployment, sync.deployment.status ?? {})) yield* sync.cleanUp();
  yield* sync.rolloutStatus();
}

function* scaleNew(sync: DeploymentSync): Steps<boolean> {
  const newSet = sync.newSet!;
  const desired = replicasOf(sync.deployment);
  const current = replicasOf(newSet);
  if (current === desired) return false;
  const target = current > desired ? desired : newReplicas(sync.deployment, sync.all, current);
  return target !== current && (yield* sync.scaleSet(newSet, target));
}

function* scaleOld(sync: DeploymentSync): Steps<boolean> {
  if (sumSpec(sync.oldSets) === 0) return false;
  const newSet = sync.newSet!;
  const minAvailable = replicasOf(sync.deployment) - maxUnavailable(sync.deployment);
  const newUnavailable = replicasOf(newSet) - availableOf(newSet);
  const nDownMax = sumSpec(sync.all) - minAvailable - newUnavailable;
  if (nDownMax <= 0) return false;
  const nUnhealthy = yield* dropUnhealthy(sync, nDownMax);
  const nHealthy = yield* dropHealthy(sync, sumAvailable(sync.all) - minAvailable);
  return nUnhealthy + nHealthy > 0;
}

/** Pods of old ReplicaSets that are not available go first: nobody misses them. */
function* dropUnhealthy(sync: DeploymentSync, budget: number): Steps<number> {
  let nDropped = 0;
  for (const set of sync.active(sync.oldSets)) {
    const count = Math.min(budget - nDropped, replicasOf(set) - availableOf(set));
    if (nDropped >= budget) break;
    if (count <= 0) continue;
    yield* sync.scaleSet(set, replicasOf(set) - count);
    nDropped += count;
  }
  return nDropped;
}

function* dropHealthy(sync: DeploymentSync, budget: number): Steps<number> {
  let nDropped = 0;
  for (const set of sync.active(sync.oldSets)) {
    if (nDropped >= budget) break;
    const count = Math.min(replicasOf(set), budget - nDropped);
    yield* sync.scaleSet(set, replicasOf(set) - count);
    nDropped += count;
  }
  return nDropped;
}

/** Nothing new before all old pods are gone. */
export function* recreate(sync: DeploymentSync): Steps<void> {
  yield* sync.syncRevision(false);
  let isDown = false;
  for (const set of sync.active(sync.oldSets)) isDown = (yield* sync.scaleSet(set, 0)) || isDown;
  if (isDown || oldPodsRun(sync)) return yield* sync.rolloutStatus();
  if (!sync.newSet) yield* sync.syncRevision(true);
  yield* sync.scaleSet(sync.newSet!, replicasOf(sync.deployment));
  if (isComplete(sync.deployment, sync.deployment.status ?? {})) yield* sync.cleanUp();
  yield* sync.rolloutStatus();
}

function oldPodsRun(sync: DeploymentSync): boolean {
  if (sumActual(sync.oldSets) > 0) return true;
  return sync.oldSets.some((set) => sync.host.podsOf(set).some((pod) => !pod.terminal));
}

/** Paused, or the number of replicas changed: sizes alone, in proportion where several ReplicaSets are active. */
export function* scaleOnly(sync: DeploymentSync): Steps<void> {
  yield* sync.syncRevision(false);
  yield* scale(sync);
  if (sync.deployment.spec.paused) yield* sync.cleanUp();
  yield* sync.plainStatus();
}

/** The only active ReplicaSet, or where none is active the newest. */
function soleSet(sync: DeploymentSync): ReplicaSet | undefined {
  const active = sync.active(sync.all);
  if (active.length === 0) return sync.newSet ?? sync.oldSets.at(-1);
  return active.length === 1 ? active[0] : undefined;
}

function isSaturated(sync: DeploymentSync): boolean {
  const { newSet, deployment } = sync;
  const desired = replicasOf(deployment);
  if (!newSet || newSet.metadata.annotations?.[DESIRED] !== String(desired)) return false;
  return replicasOf(newSet) === desired && availableOf(newSet) === desired;
}

function* scale(sync: DeploymentSync): Steps<void> {
  const desired = replicasOf(sync.deployment);
  const sole = soleSet(sync);
  if (sole) {
    if (replicasOf(sole) !== desired) yield* sync.scaleSet(sole, desired);
  } else if (isSaturated(sync)) {
    for (const set of sync.active(sync.oldSets)) yield* sync.scaleSet(set, 0);
  } else if (isRolling(sync.deployment)) {
    yield* scaleInProportion(sync);
  }
}

function* scaleInProportion(sync: DeploymentSync): Steps<void> {
  const desired = replicasOf(sync.deployment);
  const sets = sync.active(sync.all);
  const allowed = desired > 0 ? desired + maxSurge(sync.deployment) : 0;
  const nToAdd = allowed - sumSpec(sets);
  const bySize = (a: ReplicaSet, b: ReplicaSet) =>
    replicasOf(b) - replicasOf(a) || (nToAdd > 0 ? byAge(b, a) : byAge(a, b));
  sets.sort(bySize);
  const sizes = sets.map(replicasOf);
  let nAdded = 0;
  for (let setIdx = 0; setIdx < sets.length && nToAdd !== 0; setIdx++) {
    const left = nToAdd - nAdded;
    const share = fraction(sync, sets[setIdx]!);
    const count = nToAdd > 0 ? Math.min(share, left) : Math.max(share, left);
    sizes[setIdx]! += count;
    nAdded += count;
  }
  if (nToAdd !== 0) sizes[0] = Math.max(0, sizes[0]! + nToAdd - nAdded);
  for (const [setIdx, set] of sets.entries()) yield* sync.scaleSet(set, sizes[setIdx]!);
}

/** How a set's size changes when the whole changes in proportion; halves are rounded away from zero. */
function fraction(sync: DeploymentSync, set: ReplicaSet): number {
  const { deployment } = sync;
  const size = replicasOf(set);
  if (replicasOf(deployment) === 0) return -size;
  const before = Number(set.metadata.annotations?.[MAX] ?? 0) || (deployment.status?.replicas ?? 0);
  if (before === 0) return 0;
  return Math.round((size * (replicasOf(deployment) + maxSurge(deployment))) / before) - size;
}

/** Has the number of replicas changed since the active ReplicaSets were last sized? */
export function isScalingEvent(sync: DeploymentSync): boolean {
  const desired = String(replicasOf(sync.deployment));
  return sync.active(sync.all).some(({ metadata }) => {
    const known = metadata.annotations?.[DESIRED];
    return known !== undefined && known !== desired;
  });
}
