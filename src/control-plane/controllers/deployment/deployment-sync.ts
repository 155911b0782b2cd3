// One sync of one Deployment: the working copy of the object and its ReplicaSets, and the writes.
// Source: pkg/controller/deployment/sync.go, 1.37.

import { deepEqual } from '../../../base/deep-equal.ts';
import type { ApiClient } from '../../../kube/api.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../../../kube/types.ts';
import type { WallClock } from '../../../kube/wall-clock.ts';
import { call, type Steps } from '../../sync.ts';
import { templateHash } from '../template-hash.ts';
import {
  conditionOf,
  counted,
  deadlineUs,
  hasDeadline,
  isComplete,
  isProgressing,
  isTimedOut,
  withCondition,
  withoutCondition,
} from './conditions.ts';
import {
  byAge,
  findNew,
  HASH_LABEL,
  isActive,
  newAnnotations,
  newReplicas,
  REVISION,
  replicaAnnotations,
  replicasOf,
  revisionOf,
} from './replica-sets.ts';

const US_PER_S = 1_000_000;

/** What a sync needs from its controller. */
export interface DeploymentHost {
  readonly client: ApiClient;
  readonly clock: WallClock;
  readonly nowUs: number;
  podsOf(set: ReplicaSet): readonly PodObject[];
  requeue(afterUs: number): void;
}

/** An API call failed: the sync ends, and the key comes back. */
export class SyncError extends Error {}

export class DeploymentSync {
  readonly host: DeploymentHost;
  /** Changed in memory as the real sync does; its resourceVersion stays, so that later writes may conflict. */
  deployment: Deployment;
  newSet: ReplicaSet | undefined;
  /** Oldest first. */
  oldSets: ReplicaSet[];

  constructor(host: DeploymentHost, deployment: Deployment, sets: readonly ReplicaSet[]) {
    this.host = host;
    this.deployment = deployment;
    this.newSet = findNew(deployment, sets);
    this.oldSets = sets.filter((set) => set !== this.newSet).sort(byAge);
  }

  get all(): readonly ReplicaSet[] {
    return this.newSet ? [...this.oldSets, this.newSet] : this.oldSets;
  }

  get now(): string {
    return this.host.clock.timestamp(this.host.nowUs);
  }

  condition(type: string, status: 'True' | 'False' | 'Unknown', reason: string): Condition {
    return { type, status, reason, lastUpdateTime: this.now, lastTransitionTime: this.now };
  }

  /** Brings the revision annotations up to date, and creates the new ReplicaSet where there is none. */
  *syncRevision(creates: boolean): Steps<void> {
    const revision = Math.max(0, ...this.oldSets.map(revisionOf)) + 1;
    if (this.newSet) yield* this.#refreshNew(this.newSet, revision);
    else if (creates) yield* this.#createNew(revision);
  }

  /** Sets a ReplicaSet's size, refreshing the annotations that proportional scaling reads. */
  *scaleSet(set: ReplicaSet, replicas: number): Steps<boolean> {
    const annotations = { ...set.metadata.annotations, ...replicaAnnotations(this.deployment) };
    const isResized = replicasOf(set) !== replicas;
    if (!isResized && deepEqual(annotations, set.metadata.annotations)) return false;
    const next = { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } };
    this.#replace(set, yield* this.#write((reply) => this.host.client.update(next, reply)));
    const direction = replicas > replicasOf(set) ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${replicasOf(set)} to ${replicas}`;
    if (isResized) this.host.client.recordEvent(this.deployment, 'Normal', 'ScalingReplicaSet', message);
    return isResized;
  }

  /** Status during a rollout: counts, progress, failures. */
  *rolloutStatus(): Steps<void> {
    const { deployment, host } = this;
    let status = this.#progress(counted(deployment, this.all, this.newSet, this.now));
    const failure = [this.newSet, ...this.oldSets]
      .flatMap((set) => set?.status?.conditions ?? [])
      .find(({ type }) => type === 'ReplicaFailure');
    status = failure
      ? withCondition(status, {
          ...this.condition('ReplicaFailure', failure.status, failure.reason ?? ''),
          message: failure.message ?? '',
        })
      : withoutCondition(status, 'ReplicaFailure');
    if (!deepEqual(deployment.status, status)) return yield* this.writeStatus(status);
    const condition = conditionOf(status, 'Progressing');
    if (!hasDeadline(deployment) || !condition || isComplete(deployment, status)) return;
    if (condition.reason === 'ProgressDeadlineExceeded') return;
    host.requeue(Math.max(0, deadlineUs(deployment, condition, host.clock) - host.nowUs) + US_PER_S);
  }

  /** Status outside a rollout: counts alone. */
  *plainStatus(): Steps<void> {
    const status = counted(this.deployment, this.all, this.newSet, this.now);
    if (!deepEqual(this.deployment.status, status)) yield* this.writeStatus(status);
  }

  *writeStatus(status: DeploymentStatus): Steps<void> {
    this.deployment = { ...this.deployment, status };
    const { deployment } = this;
    yield* this.#write((reply) => this.host.client.updateStatus(deployment, reply));
  }

  /** Deletes old ReplicaSets beyond the history limit, lowest revision first, if nothing runs in them. */
  *cleanUp(): Steps<void> {
    const limit = this.deployment.spec.revisionHistoryLimit ?? 10;
    const sets = this.oldSets.filter(({ metadata }) => !metadata.deletionTimestamp);
    const surplus = sets
      .sort((a, b) => revisionOf(a) - revisionOf(b) || byAge(a, b))
      .slice(0, Math.max(0, sets.length - limit));
    for (const { kind, metadata, spec, status } of surplus) {
      const isIdle = spec.replicas === 0 && (status?.replicas ?? 0) === 0;
      if (!isIdle || (metadata.generation ?? 0) > (status?.observedGeneration ?? 0)) continue;
      const key = { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
      const { error } = yield* call((reply) => this.host.client.delete(key, undefined, reply));
      if (error && error.code !== 404) throw new SyncError(error.message);
    }
  }

  active(sets: readonly ReplicaSet[]): ReplicaSet[] {
    return sets.filter(isActive);
  }

  #progress(status: DeploymentStatus): DeploymentStatus {
    const { deployment, host } = this;
    if (!hasDeadline(deployment)) return withoutCondition(status, 'Progressing');
    const known = conditionOf(deployment.status, 'Progressing');
    const isOver = status.replicas === status.updatedReplicas && known?.reason === 'NewReplicaSetAvailable';
    if (isOver) return status;
    if (isComplete(deployment, status))
      return withCondition(status, this.condition('Progressing', 'True', 'NewReplicaSetAvailable'));
    if (isProgressing(deployment, status)) {
      const next = this.condition('Progressing', 'True', 'ReplicaSetUpdated');
      const kept =
        known?.status === 'True' ? { ...next, lastTransitionTime: known.lastTransitionTime ?? null } : next;
      return withCondition(withoutCondition(status, 'Progressing'), kept);
    }
    if (!isTimedOut(deployment, status, host.nowUs, host.clock)) return status;
    return withCondition(status, this.condition('Progressing', 'False', 'ProgressDeadlineExceeded'));
  }

  *#refreshNew(set: ReplicaSet, revision: number): Steps<void> {
    const annotations = newAnnotations(this.deployment, set, revision);
    const minReadySeconds = this.deployment.spec.minReadySeconds ?? 0;
    if (
      !deepEqual(annotations, set.metadata.annotations) ||
      (set.spec.minReadySeconds ?? 0) !== minReadySeconds
    ) {
      const next = {
        ...set,
        metadata: { ...set.metadata, annotations },
        spec: { ...set.spec, minReadySeconds },
      };
      this.#replace(set, yield* this.#write((reply) => this.host.client.update(next, reply)));
      return;
    }
    yield* this.#adoptRevision(annotations[REVISION] ?? '', 'FoundNewReplicaSet');
  }

  /** The Deployment shows its newest revision; a first Progressing condition says how the ReplicaSet came about. */
  *#adoptRevision(revision: string, reason: string): Steps<void> {
    const { deployment } = this;
    const isNewer = deployment.metadata.annotations?.[REVISION] !== revision;
    const isFirst =
      hasDeadline(deployment) &&
      (reason === 'NewReplicaSetCreated' || !conditionOf(deployment.status, 'Progressing'));
    if (!isNewer && !isFirst) return;
    const annotations = { ...deployment.metadata.annotations, [REVISION]: revision };
    this.deployment = { ...deployment, metadata: { ...deployment.metadata, annotations } };
    const status = deployment.status ?? {};
    yield* this.writeStatus(
      isFirst ? withCondition(status, this.condition('Progressing', 'True', reason)) : status,
    );
  }

  *#createNew(revision: number): Steps<void> {
    const { deployment, host } = this;
    const set = this.#build(revision);
    const { error, object } = yield* call<ReplicaSet>((reply) => host.client.create(set, reply));
    if (error?.code === 409) {
      const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
      yield* this.writeStatus({ ...deployment.status, collisionCount });
      throw new SyncError(error.message);
    }
    if (error) {
      yield* this.writeStatus(
        withCondition(
          deployment.status ?? {},
          this.condition('Progressing', 'False', 'ReplicaSetCreateError'),
        ),
      );
      throw new SyncError(error.message);
    }
    this.newSet = object!;
    const message = `Scaled up replica set ${set.metadata.name} from 0 to ${set.spec.replicas}`;
    if (set.spec.replicas) host.client.recordEvent(deployment, 'Normal', 'ScalingReplicaSet', message);
    yield* this.#adoptRevision(String(revision), 'NewReplicaSetCreated');
  }

  #build(revision: number): ReplicaSet {
    const { deployment } = this;
    const { name = '', namespace = '', uid = '' } = deployment.metadata;
    const { template, selector, minReadySeconds = 0 } = deployment.spec;
    const hash = templateHash(template, deployment.status?.collisionCount ?? 0);
    const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
    const { apiVersion, kind } = deployment;
    return {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        labels,
        annotations: newAnnotations(deployment, undefined, revision),
        ownerReferences: [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }],
      },
      spec: {
        replicas: newReplicas(deployment, this.oldSets, 0),
        minReadySeconds,
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    };
  }

  *#write<T>(start: Parameters<typeof call<T>>[0]): Steps<T> {
    const { error, object } = yield* call<T>(start);
    if (error) throw new SyncError(error.message);
    return object!;
  }

  #replace(old: ReplicaSet, next: ReplicaSet): void {
    if (this.newSet === old) this.newSet = next;
    else this.oldSets = this.oldSets.map((set) => (set === old ? next : set));
  }
}
