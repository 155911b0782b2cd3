// Arithmetic over a Deployment's ReplicaSets: which is new, how many replicas, revisions, annotations, surge.
// Source: pkg/controller/deployment/util/deployment_util.go, 1.37.

import { deepEqual } from '../../../base/deep-equal.ts';
import { compareStrings } from '../../../base/orders.ts';
import type { Deployment, IntOrString, PodTemplateSpec, ReplicaSet, StringMap } from '../../../kube/types.ts';

export const HASH_LABEL = 'pod-template-hash';
export const REVISION = 'deployment.kubernetes.io/revision';
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED = 'deployment.kubernetes.io/desired-replicas';
export const MAX = 'deployment.kubernetes.io/max-replicas';
const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED,
  MAX,
  'deprecated.deployment.rollback.to',
]);
const REVISION_HISTORY_LENGTH_MAX = 2000;

export const replicasOf = (object: { readonly spec: { readonly replicas?: number } }): number =>
  object.spec.replicas ?? 1;
export const sumSpec = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + replicasOf(set), 0);
export const availableOf = (set: ReplicaSet): number => set.status?.availableReplicas ?? 0;
export const sumAvailable = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + availableOf(set), 0);
export const sumActual = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + (set.status?.replicas ?? 0), 0);
export const isActive = (set: ReplicaSet): boolean => replicasOf(set) > 0;

/** Older first; the name decides within a second. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  return (
    compareStrings(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
    compareStrings(a.metadata.name ?? '', b.metadata.name ?? '')
  );
}

export function revisionOf(set: { readonly metadata: { readonly annotations?: StringMap } }): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

/** A count or a percentage of `total`, rounded up or down. */
export function scaled(value: IntOrString | undefined, total: number, rounds: 'up' | 'down'): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const percent = Number(value.replace('%', ''));
  if (!value.endsWith('%')) return percent;
  return rounds === 'up' ? Math.ceil((total * percent) / 100) : Math.floor((total * percent) / 100);
}

export function isRolling(deployment: Deployment): boolean {
  return deployment.spec.strategy?.type !== 'Recreate';
}

/** maxSurge and maxUnavailable in pods; never both 0. */
export function fenceposts(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const replicas = replicasOf(deployment);
  const { maxSurge, maxUnavailable } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = scaled(maxSurge, replicas, 'up');
  const unavailable = scaled(maxUnavailable, replicas, 'down');
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export function maxSurge(deployment: Deployment): number {
  return isRolling(deployment) ? fenceposts(deployment).surge : 0;
}

export function maxUnavailable(deployment: Deployment): number {
  const replicas = replicasOf(deployment);
  return !isRolling(deployment) || replicas === 0
    ? 0
    : Math.min(fenceposts(deployment).unavailable, replicas);
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

export function isSameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return a.spec === b.spec || deepEqual(a.spec, b.spec)
    ? deepEqual(withoutHash(a).metadata, withoutHash(b).metadata)
    : false;
}

/** The oldest ReplicaSet with the Deployment's template. */
export function findNew(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return [...sets].sort(byAge).find((set) => isSameTemplate(set.spec.template, deployment.spec.template));
}

/** How many replicas the new ReplicaSet gets in this pass. */
export function newReplicas(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  const desired = replicasOf(deployment);
  if (!isRolling(deployment)) return desired;
  const room = desired + maxSurge(deployment) - sumSpec(all);
  return room <= 0 ? current : current + Math.min(room, desired - current);
}

export function replicaAnnotations(deployment: Deployment): StringMap {
  const desired = replicasOf(deployment);
  return { [DESIRED]: String(desired), [MAX]: String(desired + maxSurge(deployment)) };
}

/** The annotations of the new ReplicaSet: the Deployment's, and its revision; an earlier revision goes into the history. */
export function newAnnotations(
  deployment: Deployment,
  set: ReplicaSet | undefined,
  revision: number,
): StringMap {
  const own = set?.metadata.annotations ?? {};
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(
    ([key]) => !NOT_COPIED.has(key),
  );
  const next: Record<string, string> = { ...own, ...Object.fromEntries(copied) };
  const before = own[REVISION];
  if (Number(before ?? 0) < revision) {
    next[REVISION] = String(revision);
    if (before !== undefined) next[REVISION_HISTORY] = history(own[REVISION_HISTORY], before);
  }
  return set ? next : { ...next, ...replicaAnnotations(deployment) };
}

/** Oldest revisions drop out when the text grows too long. */
function history(known: string | undefined, revision: string): string {
  const list = known ? known.split(',') : [];
  list.push(revision);
  while (list.join(',').length > REVISION_HISTORY_LENGTH_MAX) list.shift();
  return list.join(',');
}
