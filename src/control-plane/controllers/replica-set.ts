// ReplicaSet and ReplicationController: keeps as many active pods as asked for.
// Source: pkg/controller/replicaset/{replica_set,replica_set_utils}.go, pkg/controller/replication, 1.37.

import { deepEqual } from '../../base/deep-equal.ts';
import type { ApiClient, ApiError, Informer } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import { matchesLabelSelector } from '../../kube/selector.ts';
import type {
  Condition,
  KubeObject,
  LabelSelector,
  PodTemplateSpec,
  ReplicaSet,
  ReplicaSetStatus,
  ReplicationController,
} from '../../kube/types.ts';
import { all, call, type Steps, type Sync, slowStart } from '../sync.ts';
import type { WorkQueue } from '../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from './controller.ts';
import { Expectations } from './expectations.ts';
import { OwnWrites } from './own-writes.ts';
import { OwnedPods, PodCounts } from './owned-pods.ts';
import { PodClaims } from './pod-claims.ts';
import { availableInUs, deletionOrder, isAvailable } from './pod-state.ts';
import { OwnerReferences, shapeOf } from './pod-template.ts';

const N_WORKERS = 5;
const BURST_REPLICAS = 500;
const NONE: readonly PodObject[] = [];

type Failed = { readonly reason: 'FailedCreate' | 'FailedDelete'; readonly error: ApiError };

/** What the two kinds have in common. */
interface Replicating extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly template: PodTemplateSpec;
  };
  readonly status?: ReplicaSetStatus;
}

/** What tells the two apart. */
interface Flavour {
  readonly kind: string;
  /** Of the controller. */
  readonly name: string;
  /** The same object for the same selector. */
  readonly selectorOf: (set: KubeObject) => LabelSelector;
}

export const REPLICA_SET: Flavour = {
  kind: 'ReplicaSet',
  name: 'replicaset-controller',
  selectorOf: (set) => (set as ReplicaSet).spec.selector,
};

const selectors = new WeakMap<object, LabelSelector>();

export const REPLICATION_CONTROLLER: Flavour = {
  kind: 'ReplicationController',
  name: 'replication-controller',
  selectorOf: (set) => {
    const labels = (set as ReplicationController).spec?.selector ?? {};
    let selector = selectors.get(labels);
    if (!selector) selectors.set(labels, (selector = { matchLabels: labels }));
    return selector;
  },
};

export class ReplicaSetController {
  readonly #flavour: Flavour;
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #sets: Informer<Replicating>;
  readonly #queue: WorkQueue;
  readonly #expectations: Expectations;
  readonly #writes: OwnWrites;
  readonly #owned: OwnedPods;
  readonly #owners = new OwnerReferences();
  readonly #claims: PodClaims<Replicating>;

  constructor(host: ControllerHost, flavour: Flavour) {
    const { kind, name, selectorOf } = flavour;
    this.#host = host;
    this.#flavour = flavour;
    this.#client = host.client(name);
    this.#sets = host.informer<Replicating>(kind);
    this.#expectations = new Expectations(() => host.nowUs);
    this.#writes = new OwnWrites(this.#sets, host.pods);
    this.#owned = new OwnedPods(host.pods, kind);
    host.onStop(() => {
      this.#expectations.clear();
      this.#writes.clear();
      this.#owned.clear();
    });
    this.#queue = host.queue({ name, nWorkers: N_WORKERS }, (key) => this.#sync(key));
    this.#claims = new PodClaims({
      host,
      client: this.#client,
      owners: this.#sets,
      references: this.#owners,
      selectorOf,
      enqueue: (key) => this.#queue.add(key),
    });
    const enqueue = (set: Replicating) => this.#queue.add(keyOfObject(set));
    this.#sets.handle({ added: enqueue, modified: enqueue, deleted: (set) => this.#onSetDeleted(set) });
    host.pods.handle({
      added: (pod) => this.#onPodAdded(pod),
      modified: (pod, old) => this.#onPodModified(pod, old),
      deleted: (pod) => this.#onPodGone(pod),
    });
  }

  #onSetDeleted(set: Replicating): void {
    const key = keyOfObject(set);
    this.#expectations.forget(key);
    this.#writes.forget(key);
    this.#owners.forget(set);
    this.#queue.add(key);
  }

  #onPodAdded(pod: PodObject): void {
    const key = this.#claims.heard(pod);
    if (key === undefined) return;
    if (pod.terminating) this.#expectations.deletionObserved(key, pod.uid);
    else this.#expectations.creationObserved(key);
  }

  #onPodModified(pod: PodObject, old: PodObject): void {
    const key = this.#claims.heard(pod, old);
    if (key !== undefined && pod.terminating) this.#expectations.deletionObserved(key, pod.uid);
  }

  #onPodGone(pod: PodObject): void {
    const key = pod.owner && this.#claims.heard(pod);
    if (key !== undefined) this.#expectations.deletionObserved(key, pod.uid);
  }

  *#sync(key: string): Sync {
    const set = this.#sets.get(...splitKey(key));
    if (!set) return true;
    if (!this.#writes.areVisible(key)) return false;
    const needsPods = this.#expectations.areSatisfied(key) && !set.metadata.deletionTimestamp;
    const uid = set.metadata.uid ?? '';
    const all = this.#owned.of(uid);
    const isCounted = this.#isCounted(set, all, needsPods);
    const listed = isCounted ? NONE : this.#host.podsByOwner.list(uid).filter((pod) => pod.active);
    const active = yield* this.#claims.claim(set, listed);
    if (!active) return false;
    const counts = isCounted ? all : PodCounts.of(active);
    const failed = needsPods ? yield* this.#manage(key, set, counts.nActive, active) : undefined;
    const status = this.#status(set, counts, this.#nAvailable(set, counts, active), all.nTerminating, failed);
    const isWritten = yield* this.#writeStatus(key, set, status);
    if (failed || !isWritten) return false;
    this.#awaitAvailability(key, set, active);
    return true;
  }

  /** Whether the counts say all: no pod is to be picked, let go, taken, or watched until it is available. */
  #isCounted(set: Replicating, all: PodCounts, needsPods: boolean): boolean {
    const { minReadySeconds = 0, replicas = 1 } = set.spec;
    if (minReadySeconds > 0 || (needsPods && all.nActive > replicas)) return false;
    const selector = this.#flavour.selectorOf(set);
    for (const shape of all.nByShape.keys()) if (!matchesLabelSelector(selector, shape.labels)) return false;
    return this.#host.orphans.of(set.metadata.namespace ?? '', selector).length === 0;
  }

  *#manage(
    key: string,
    set: Replicating,
    nActive: number,
    active: readonly PodObject[],
  ): Steps<Failed | undefined> {
    const surplus = nActive - (set.spec.replicas ?? 1);
    if (surplus < 0) return yield* this.#create(key, set, Math.min(-surplus, BURST_REPLICAS));
    if (surplus > 0) return yield* this.#delete(key, set, active, Math.min(surplus, BURST_REPLICAS));
    return undefined;
  }

  *#create(key: string, set: Replicating, count: number): Steps<Failed | undefined> {
    const { namespace = '', name } = set.metadata;
    const init = {
      shape: shapeOf(set.spec.template, namespace),
      generateName: `${name}-`,
      owner: this.#owners.to(set),
    };
    this.#expectations.expectCreations(key, count);
    const batch = yield* slowStart<PodObject>(count, (callIdx, reply) =>
      this.#client.createPod(
        init,
        (error, pod, tag) => {
          this.#writes.wrote(key, pod);
          if (pod) this.#client.recordEvent(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.name}`);
          else this.#client.recordEvent(set, 'Warning', 'FailedCreate', `Error creating: ${error?.message}`);
          if (error) this.#expectations.creationObserved(key);
          reply(error, pod, tag);
        },
        callIdx,
      ),
    );
    const nSkipped = count - batch.nDone - batch.failed.length;
    if (nSkipped > 0) this.#expectations.creationObserved(key, nSkipped);
    return batch.error && { reason: 'FailedCreate', error: batch.error };
  }

  *#delete(
    key: string,
    set: Replicating,
    active: readonly PodObject[],
    count: number,
  ): Steps<Failed | undefined> {
    const victims = this.#victims(set, active, count);
    this.#expectations.expectDeletions(
      key,
      victims.map((pod) => pod.uid),
    );
    const batch = yield* all<PodObject>(victims.length, (callIdx, reply) => {
      const pod = victims[callIdx]!;
      this.#client.deletePod(
        pod,
        undefined,
        (error, last, tag) => {
          if (error) this.#expectations.deletionObserved(key, pod.uid);
          const isGone = error?.code === 404;
          if (!error) this.#client.recordEvent(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.name}`);
          reply(isGone ? undefined : error, last, tag);
        },
        callIdx,
      );
    });
    return batch.error && { reason: 'FailedDelete', error: batch.error };
  }

  /** The pods to delete, in the order of their rank; crowded nodes first. */
  #victims(set: Replicating, active: readonly PodObject[], count: number): readonly PodObject[] {
    if (count >= active.length) return active;
    const perNode = new Map<string, number>();
    for (const pod of this.#related(set)) perNode.set(pod.nodeName, (perNode.get(pod.nodeName) ?? 0) + 1);
    const { nowUs, clock } = this.#host;
    const rank = (pod: PodObject) => perNode.get(pod.nodeName) ?? 0;
    return [...active].sort((a, b) => deletionOrder(a, b, rank, nowUs, clock)).slice(0, count);
  }

  /** Active pods of all ReplicaSets of the same Deployment; none where there is no Deployment, the set's own included. */
  #related(set: Replicating): PodObject[] {
    const controller = set.metadata.ownerReferences?.find((reference) => reference.controller);
    const siblings = controller ? [...this.#sets.ownedBy(controller.uid)] : [];
    const pods = siblings.flatMap(({ metadata }) => this.#host.podsByOwner.list(metadata.uid ?? ''));
    return pods.filter((pod) => pod.active);
  }

  #nAvailable(set: Replicating, { nReady }: PodCounts, active: readonly PodObject[]): number {
    const { minReadySeconds = 0 } = set.spec;
    if (minReadySeconds === 0) return nReady;
    const { nowUs, clock } = this.#host;
    return active.filter((pod) => isAvailable(pod, minReadySeconds, nowUs, clock)).length;
  }

  #status(
    set: Replicating,
    counts: PodCounts,
    nAvailable: number,
    nTerminating: number,
    failed: Failed | undefined,
  ): ReplicaSetStatus {
    const labels = { matchLabels: set.spec.template.metadata?.labels ?? {} };
    const conditions = this.#conditions(set, failed);
    return {
      replicas: counts.nActive,
      fullyLabeledReplicas: counts.countOf((shape) => matchesLabelSelector(labels, shape.labels)),
      readyReplicas: counts.nReady,
      availableReplicas: nAvailable,
      terminatingReplicas: nTerminating,
      observedGeneration: set.metadata.generation ?? 0,
      ...(conditions.length > 0 && { conditions }),
    };
  }

  #conditions(set: Replicating, failed: Failed | undefined): readonly Condition[] {
    const others = (set.status?.conditions ?? []).filter(({ type }) => type !== 'ReplicaFailure');
    if (!failed) return others;
    const known = set.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    const { reason, error } = failed;
    const since = known?.lastTransitionTime ?? this.#host.clock.timestamp(this.#host.nowUs);
    return [
      ...others,
      { type: 'ReplicaFailure', status: 'True', reason, message: error.message, lastTransitionTime: since },
    ];
  }

  /** One retry on the newest version after a conflict. */
  *#writeStatus(key: string, set: Replicating, status: ReplicaSetStatus): Steps<boolean> {
    let target = set;
    for (let nTries = 0; nTries < 2; nTries++) {
      if (deepEqual(target.status, status)) return true;
      const next = { ...target, status };
      const { error, object } = yield* call<Replicating>((reply) => this.#client.updateStatus(next, reply));
      if (!error) {
        this.#writes.wrote(key, object);
        return true;
      }
      if (error.code === 404) return true;
      const { namespace = '', name = '' } = set.metadata;
      const fresh = yield* call<Replicating>((reply) =>
        this.#client.get({ kind: this.#flavour.kind, namespace, name }, reply),
      );
      if (!fresh.object) return true;
      target = fresh.object;
    }
    return false;
  }

  /** With minReadySeconds: looks again when the next ready pod becomes available. */
  #awaitAvailability(key: string, set: Replicating, active: readonly PodObject[]): void {
    const { minReadySeconds = 0 } = set.spec;
    if (minReadySeconds === 0) return;
    const { nowUs, clock } = this.#host;
    let nextUs = Number.POSITIVE_INFINITY;
    for (const pod of active) {
      const inUs = availableInUs(pod, minReadySeconds, nowUs, clock);
      if (inUs > 0 && inUs < nextUs) nextUs = inUs;
    }
    if (nextUs < Number.POSITIVE_INFINITY) this.#queue.addAfter(key, nextUs);
  }
}
