// Conditions of a Deployment, and whether a rollout is complete, makes progress or has taken too long.
// Source: pkg/controller/deployment/{progress.go,util/deployment_util.go}, 1.37.

import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../../../kube/types.ts';
import type { WallClock } from '../../../kube/wall-clock.ts';
import { maxUnavailable, replicasOf, sumActual, sumAvailable, sumSpec } from './replica-sets.ts';

const INT32_MAX = 2_147_483_647;
const US_PER_S = 1_000_000;

export type ConditionType = 'Available' | 'Progressing' | 'ReplicaFailure';

export function hasDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== INT32_MAX;
}

export function conditionOf(
  status: DeploymentStatus | undefined,
  type: ConditionType,
): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** Sets a condition; nothing changes when status and reason are the same, nor the transition time with the status. */
export function withCondition(status: DeploymentStatus, next: Condition): DeploymentStatus {
  const known = conditionOf(status, next.type as ConditionType);
  if (known?.status === next.status && known.reason === next.reason) return status;
  const kept =
    known?.status === next.status ? { ...next, lastTransitionTime: known.lastTransitionTime ?? null } : next;
  return {
    ...status,
    conditions: [...(status.conditions ?? []).filter(({ type }) => type !== next.type), kept],
  };
}

export function withoutCondition(status: DeploymentStatus, removed: ConditionType): DeploymentStatus {
  if (!conditionOf(status, removed)) return status;
  return { ...status, conditions: (status.conditions ?? []).filter(({ type }) => type !== removed) };
}

export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const desired = replicasOf(deployment);
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  const isAll = updatedReplicas === desired && replicas === desired && availableReplicas === desired;
  return isAll && observedGeneration >= (deployment.metadata.generation ?? 0);
}

/** More updated, fewer old, more ready or more available pods than in the status known so far. */
export function isProgressing(deployment: Deployment, next: DeploymentStatus): boolean {
  const before = deployment.status ?? {};
  const nOld = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (next.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    nOld(next) < nOld(before) ||
    (next.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

/** When the rollout has taken too long, by its last progress. */
export function deadlineUs(deployment: Deployment, progressing: Condition, clock: WallClock): number {
  const since = clock.parse(progressing.lastUpdateTime ?? clock.timestamp(0));
  return since + (deployment.spec.progressDeadlineSeconds ?? INT32_MAX) * US_PER_S;
}

export function isTimedOut(
  deployment: Deployment,
  status: DeploymentStatus,
  nowUs: number,
  clock: WallClock,
): boolean {
  const condition = conditionOf(status, 'Progressing');
  if (!hasDeadline(deployment) || !condition || condition.reason === 'NewReplicaSetAvailable') return false;
  return condition.reason === 'ProgressDeadlineExceeded' || deadlineUs(deployment, condition, clock) < nowUs;
}

/** Counts and the Available condition. */
export function counted(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  now: string,
): DeploymentStatus {
  const available = sumAvailable(all);
  const unavailable = Math.max(0, sumSpec(all) - available);
  const terminating = all.reduce((sum, set) => sum + (set.status?.terminatingReplicas ?? 0), 0);
  const { collisionCount, conditions = [] } = deployment.status ?? {};
  const isEnough = available >= replicasOf(deployment) - maxUnavailable(deployment);
  return withCondition(
    {
      observedGeneration: deployment.metadata.generation ?? 0,
      replicas: sumActual(all),
      updatedReplicas: sumActual(newSet ? [newSet] : []),
      readyReplicas: all.reduce((sum, set) => sum + (set.status?.readyReplicas ?? 0), 0),
      availableReplicas: available,
      unavailableReplicas: unavailable,
      terminatingReplicas: terminating,
      ...(collisionCount !== undefined && { collisionCount }),
      conditions,
    },
    {
      type: 'Available',
      status: isEnough ? 'True' : 'False',
      reason: isEnough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      lastUpdateTime: now,
      lastTransitionTime: now,
    },
  );
}
