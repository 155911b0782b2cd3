// One sync of one StatefulSet: which pod to create or delete next.
// Source: pkg/controller/statefulset/stateful_set_control.go, 1.37 (gate MaxUnavailableStatefulSet on).
// Deviations: labels and volumes of existing pods are not repaired; the orphans of a deleted set are not adopted.

import type { ApiClient, ApiError, Informer } from '../../../kube/api.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import type {
  OwnerReference,
  PersistentVolumeClaim,
  StatefulSet,
  StatefulSetStatus,
} from '../../../kube/types.ts';
import { all, call, runSteps, type Steps, slowStart } from '../../sync.ts';
import type { ControllerHost } from '../controller.ts';
import { scaled } from '../deployment/replica-sets.ts';
import { availableInUs } from '../pod-state.ts';
import { type ControllerRevision, hashOf, revisionHashOf } from '../revisions.ts';
import {
  claimOf,
  isRunningAndAvailable,
  isRunningAndReady,
  ordinalOf,
  partitionOf,
  podName,
  referenceToPod,
  replicasOf,
  shapeAt,
  startOf,
} from './stateful-pods.ts';

export interface StatefulSetTools {
  readonly host: ControllerHost;
  readonly client: ApiClient;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly owner: OwnerReference;
  wrote(pod: PodObject): void;
}

/** What a step says: go on, stop here (something must happen first), or an error. */
type Verdict = 'go' | 'stop' | ApiError;

function errorOf(verdict: Verdict): ApiError | undefined {
  return typeof verdict === 'object' ? verdict : undefined;
}

export class StatefulSetSync {
  readonly #tools: StatefulSetTools;
  readonly #set: StatefulSet;
  readonly #pods: readonly PodObject[];
  readonly #current: ControllerRevision;
  readonly #update: ControllerRevision;
  readonly #isOrdered: boolean;
  /** The pods by place; a gap is to be filled. */
  readonly #replicas: (PodObject | undefined)[];
  /** Out of range, highest ordinal first. */
  readonly #condemned: PodObject[];

  constructor(
    tools: StatefulSetTools,
    set: StatefulSet,
    pods: readonly PodObject[],
    current: ControllerRevision,
    update: ControllerRevision,
  ) {
    this.#tools = tools;
    this.#set = set;
    this.#pods = pods;
    this.#current = current;
    this.#update = update;
    this.#isOrdered = set.spec.podManagementPolicy !== 'Parallel';
    this.#replicas = Array.from({ length: replicasOf(set) }, () => undefined);
    this.#condemned = [];
    for (const pod of pods) {
      const place = ordinalOf(set, pod) - startOf(set);
      if (place >= 0 && place < this.#replicas.length) this.#replicas[place] = pod;
      else if (ordinalOf(set, pod) >= 0) this.#condemned.push(pod);
    }
    this.#condemned.sort((a, b) => ordinalOf(set, b) - ordinalOf(set, a));
  }

  /** Does what can be done now; answers the error that stopped it. */
  *advance(): Steps<ApiError | undefined> {
    if (this.#set.metadata.deletionTimestamp) return undefined;
    const living = yield* this.#forAll(this.#replicas.length, (place) => this.#processReplica(place));
    if (living !== 'go') return living === 'stop' ? undefined : living;
    const firstUnhealthy = this.#firstUnhealthy();
    const dead = yield* this.#forAll(this.#condemned.length, (place) =>
      this.#processCondemned(this.#condemned[place]!, firstUnhealthy),
    );
    if (dead !== 'go') return dead === 'stop' ? undefined : dead;
    if (this.#set.spec.updateStrategy?.type === 'OnDelete') return undefined;
    return yield* this.#replaceOld();
  }

  status(): StatefulSetStatus {
    const { replicas: _, ...known } = this.#set.status ?? {};
    const count = (test: (pod: PodObject) => boolean) => this.#pods.filter(test).length;
    const ofRevision = (revision: ControllerRevision) =>
      count((pod) => !pod.terminating && revisionHashOf(pod) === hashOf(revision));
    const status: StatefulSetStatus = {
      ...known,
      observedGeneration: this.#set.metadata.generation ?? 0,
      replicas: this.#pods.length,
      readyReplicas: count(isRunningAndReady),
      availableReplicas: count((pod) => this.#isAvailable(pod)),
      currentReplicas: ofRevision(this.#current),
      updatedReplicas: ofRevision(this.#update),
      currentRevision: this.#current.metadata.name ?? '',
      updateRevision: this.#update.metadata.name ?? '',
    };
    return this.#isRolledOut(status)
      ? {
          ...status,
          currentReplicas: status.updatedReplicas ?? 0,
          currentRevision: status.updateRevision ?? '',
        }
      : status;
  }

  /** When the next ready pod becomes available; Infinity for none. */
  nextAvailableUs(): number {
    const { nowUs, clock } = this.#tools.host;
    const waits = this.#pods.map((pod) =>
      availableInUs(pod, this.#set.spec.minReadySeconds ?? 0, nowUs, clock),
    );
    return Math.min(Number.POSITIVE_INFINITY, ...waits.filter((us) => us > 0));
  }

  #isRolledOut(status: StatefulSetStatus): boolean {
    const desired = replicasOf(this.#set);
    const isRolling = this.#set.spec.updateStrategy?.type !== 'OnDelete';
    const { updatedReplicas, readyReplicas, replicas } = status;
    return isRolling && updatedReplicas === desired && readyReplicas === desired && replicas === desired;
  }

  #isAvailable(pod: PodObject): boolean {
    const { nowUs, clock } = this.#tools.host;
    return isRunningAndAvailable(pod, this.#set.spec.minReadySeconds ?? 0, nowUs, clock);
  }

  /** One after the other until something stops it, or (Parallel) all, in growing batches. */
  *#forAll(count: number, process: (place: number) => Steps<Verdict>): Steps<Verdict> {
    if (this.#isOrdered) {
      for (let place = 0; place < count; place++) {
        const verdict = yield* process(place);
        if (verdict !== 'go') return verdict;
      }
      return 'go';
    }
    const batch = yield* slowStart(count, (place, reply) =>
      runSteps(process(place), (verdict) => reply(errorOf(verdict), undefined, place)),
    );
    return batch.error ?? 'go';
  }

  *#processReplica(place: number): Steps<Verdict> {
    const pod = this.#replicas[place];
    if (!pod) return yield* this.#create(place);
    if (pod.terminal) {
      if (pod.terminating) return 'stop';
      const { client } = this.#tools;
      client.recordEvent(
        this.#set,
        'Warning',
        'RecreatingFailedPod',
        `StatefulSet is recreating failed Pod ${pod.name}`,
      );
      return (yield* this.#delete(pod)) ?? 'stop';
    }
    const isFine = !pod.terminating && isRunningAndReady(pod) && this.#isAvailable(pod);
    return this.#isOrdered && !isFine ? 'stop' : 'go';
  }

  *#create(place: number): Steps<Verdict> {
    const { client, owner } = this.#tools;
    const ordinal = startOf(this.#set) + place;
    const failure = yield* this.#createClaims(ordinal);
    if (failure) return failure;
    const shape = shapeAt(this.#set, this.#revisionAt(ordinal), ordinal);
    const init = { shape, name: podName(this.#set, ordinal), owner, index: ordinal };
    const { error, object } = yield* call<PodObject>((reply) => client.createPod(init, reply));
    if (error) return error;
    this.#tools.wrote(object!);
    client.recordEvent(
      this.#set,
      'Normal',
      'SuccessfulCreate',
      `create Pod ${init.name} in StatefulSet successful`,
    );
    return this.#isOrdered ? 'stop' : 'go';
  }

  *#createClaims(ordinal: number): Steps<ApiError | undefined> {
    for (const template of this.#set.spec.volumeClaimTemplates ?? []) {
      const claim = claimOf(this.#set, template, ordinal);
      const { namespace = '', name = '' } = claim.metadata;
      const known = this.#tools.claims.get(namespace, name);
      if (known?.metadata.deletionTimestamp) {
        return { code: 500, reason: 'InternalError', message: `pvc ${name} is being deleted` };
      }
      if (known) continue;
      const { error } = yield* call((reply) => this.#tools.client.create(claim, reply));
      if (error && error.code !== 409) return error;
    }
    return undefined;
  }

  /** Below the partition pods keep the current revision. */
  #revisionAt(ordinal: number): ControllerRevision {
    return ordinal < startOf(this.#set) + partitionOf(this.#set) ? this.#current : this.#update;
  }

  #firstUnhealthy(): PodObject | undefined {
    const isUnhealthy = (pod: PodObject | undefined) => !pod || !isRunningAndReady(pod) || pod.terminating;
    const inRange = this.#replicas.find(isUnhealthy);
    return inRange ?? [...this.#condemned].reverse().find(isUnhealthy);
  }

  *#processCondemned(pod: PodObject, firstUnhealthy: PodObject | undefined): Steps<Verdict> {
    if (pod.terminating) return this.#isOrdered ? 'stop' : 'go';
    const isFine = isRunningAndReady(pod) && this.#isAvailable(pod);
    if (this.#isOrdered && !isFine && pod !== firstUnhealthy) return 'stop';
    yield* this.#passClaims(pod);
    return (yield* this.#delete(pod)) ?? (this.#isOrdered ? 'stop' : 'go');
  }

  /** whenScaled Delete: the claims go with the condemned pod. */
  *#passClaims(pod: PodObject): Steps<void> {
    if (this.#set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return;
    const reference = referenceToPod(pod);
    for (const template of this.#set.spec.volumeClaimTemplates ?? []) {
      const { namespace = '', name = '' } = claimOf(this.#set, template, ordinalOf(this.#set, pod)).metadata;
      const give = (claim: PersistentVolumeClaim): PersistentVolumeClaim => {
        const others = (claim.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== reference.uid);
        return { ...claim, metadata: { ...claim.metadata, ownerReferences: [...others, reference] } };
      };
      const key = { kind: 'PersistentVolumeClaim', namespace, name };
      yield* call<PersistentVolumeClaim>((reply) => this.#tools.client.patch(key, give, undefined, reply));
    }
  }

  *#delete(pod: PodObject): Steps<ApiError | undefined> {
    const { client } = this.#tools;
    const { error, object } = yield* call<PodObject>((reply) => client.deletePod(pod, undefined, reply));
    if (object) this.#tools.wrote(object);
    if (!error)
      client.recordEvent(
        this.#set,
        'Normal',
        'SuccessfulDelete',
        `delete Pod ${pod.name} in StatefulSet successful`,
      );
    return error?.code === 404 ? undefined : error;
  }

  /** Rolling update: pods of old revisions, highest ordinal first, within maxUnavailable. */
  *#replaceOld(): Steps<ApiError | undefined> {
    const limit = scaled(
      this.#set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1,
      replicasOf(this.#set),
      'down',
    );
    const pods = this.#replicas as PodObject[];
    const isDown = (pod: PodObject) => pod.terminating || !this.#isAvailable(pod);
    const isOld = (pod: PodObject) => revisionHashOf(pod) !== hashOf(this.#update) && !pod.terminating;
    let budget = Math.max(1, limit) - pods.filter((pod) => !pod || isDown(pod)).length;
    const old = pods
      .slice(partitionOf(this.#set))
      .filter((pod) => pod && isOld(pod))
      .reverse();
    const victims: PodObject[] = this.#isOrdered ? [] : old.filter(isDown);
    for (const pod of old) {
      if (budget <= 0) break;
      if (victims.includes(pod)) continue;
      victims.push(pod);
      budget--;
    }
    const batch = yield* all<PodObject>(victims.length, (victimIdx, reply) =>
      runSteps(this.#delete(victims[victimIdx]!), (error) => reply(error, undefined, victimIdx)),
    );
    return batch.error;
  }
}
