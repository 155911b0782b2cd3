// DaemonSet: one pod on each node that suits.
// Source: pkg/controller/daemon/daemon_controller.go, 1.37; placement by the controller itself as before 1.12.

import { deepEqual } from '../../../base/deep-equal.ts';
import type { ApiClient, Informer } from '../../../kube/api.ts';
import type { PodInit, PodObject } from '../../../kube/pod-object.ts';
import type { DaemonSet, Node } from '../../../kube/types.ts';
import { backoffUs } from '../../../sim/backoff.ts';
import { all, type Steps, type Sync, slowStart } from '../../sync.ts';
import type { WorkQueue } from '../../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from '../controller.ts';
import { Expectations } from '../expectations.ts';
import { OwnWrites } from '../own-writes.ts';
import { PodClaims } from '../pod-claims.ts';
import { OwnerReferences } from '../pod-template.ts';
import { type ControllerRevision, hashOf, Revisions } from '../revisions.ts';
import { patchStatus } from '../status-patch.ts';
import { daemonShape, judge } from './daemon-pods.ts';
import { DaemonSetView, type Plan } from './daemon-set-sync.ts';

const US_PER_S = 1_000_000;
const NAME = 'daemonset-controller';
const N_WORKERS = 2;
const BURST_PODS = 250;
const FAILURE_BACKOFF_US = 1_000_000;
const FAILURE_BACKOFF_US_MAX = 900_000_000;

export interface DaemonSetOptions {
  /** `controller`: pods are born with their node, as before 1.12; else the scheduler binds them to it. */
  readonly placedBy: 'scheduler' | 'controller';
}

interface Failures {
  count: number;
  lastUs: number;
}

export class DaemonSetController {
  readonly #host: ControllerHost;
  readonly #options: DaemonSetOptions;
  readonly #client: ApiClient;
  readonly #sets: Informer<DaemonSet>;
  readonly #nodes: Informer<Node>;
  readonly #revisions: Revisions;
  readonly #queue: WorkQueue;
  readonly #expectations: Expectations;
  readonly #writes: OwnWrites;
  readonly #owners = new OwnerReferences();
  readonly #claims: PodClaims<DaemonSet>;
  readonly #failures = new Map<string, Failures>();

  constructor(host: ControllerHost, options: DaemonSetOptions) {
    this.#host = host;
    this.#options = options;
    this.#client = host.client(NAME);
    this.#sets = host.informer<DaemonSet>('DaemonSet');
    this.#nodes = host.informer<Node>('Node');
    this.#revisions = new Revisions(host, this.#client);
    this.#expectations = new Expectations(() => host.nowUs);
    this.#writes = new OwnWrites(this.#sets, host.pods);
    host.onStop(() => {
      this.#expectations.clear();
      this.#writes.clear();
      this.#failures.clear();
    });
    this.#queue = host.queue({ name: NAME, nWorkers: N_WORKERS }, (key) => this.#sync(key));
    const enqueue = (set: DaemonSet) => this.#queue.add(keyOfObject(set));
    this.#sets.handle({ added: enqueue, modified: enqueue, deleted: (set) => this.#onDeleted(set) });
    this.#nodes.handle({
      added: (node) => this.#onNode(node, undefined),
      modified: (node, old) => this.#onNode(node, old),
      deleted: () => {},
    });
    this.#claims = new PodClaims({
      host,
      client: this.#client,
      owners: this.#sets,
      references: this.#owners,
      selectorOf: ({ spec }) => spec.selector,
      enqueue: (key) => this.#queue.add(key),
    });
    host.pods.handle({
      added: (pod) => this.#onPodAdded(pod),
      modified: (pod, old) => this.#onPodModified(pod, old),
      deleted: (pod) => this.#onPodGone(pod),
    });
  }

  #onDeleted(set: DaemonSet): void {
    const key = keyOfObject(set);
    this.#expectations.forget(key);
    this.#writes.forget(key);
    this.#owners.forget(set);
    this.#queue.add(key);
  }

  /** Nodes matter by their labels and taints, to the sets that have a pod too few or too many there. */
  #onNode(node: Node, old: Node | undefined): void {
    const isSame =
      old &&
      deepEqual(old.metadata.labels, node.metadata.labels) &&
      deepEqual(old.spec?.taints, node.spec?.taints);
    if (isSame) return;
    const present = new Set<string>();
    this.#host.podsByNode.forEach(node.metadata.name ?? '', ({ owner }) => {
      if (owner?.kind === 'DaemonSet') present.add(owner.uid);
    });
    for (const set of this.#sets.values()) {
      const shape = this.#shapeOf(set);
      const verdict = shape ? judge(shape, node) : 'run';
      const isThere = present.has(set.metadata.uid ?? '');
      const isWrong = isThere ? verdict === 'none' : verdict === 'run';
      const isMisplaced = isThere && Number(set.status?.numberMisscheduled ?? 0) > 0;
      if (isWrong || isMisplaced) this.#queue.add(keyOfObject(set));
    }
  }

  #shapeOf(set: DaemonSet) {
    const revision = this.#revisions.of(set).at(-1);
    return revision && daemonShape(set, revision);
  }

  #onPodAdded(pod: PodObject): void {
    const key = this.#claims.heard(pod);
    if (key === undefined) return;
    if (pod.terminating) this.#expectations.deletionObserved(key, pod.uid);
    else this.#expectations.creationObserved(key);
  }

  /** A pod that has become ready is looked at again when it is available, with a second to spare. */
  #onPodModified(pod: PodObject, old: PodObject): void {
    const key = this.#claims.heard(pod, old);
    if (key === undefined) return;
    if (pod.terminating) this.#expectations.deletionObserved(key, pod.uid);
    if (!pod.ready || old.ready) return;
    const { minReadySeconds = 0 } = this.#sets.get(...splitKey(key))?.spec ?? {};
    if (minReadySeconds > 0) this.#queue.addAfter(key, (minReadySeconds + 1) * US_PER_S);
  }

  #onPodGone(pod: PodObject): void {
    const key = pod.owner && this.#claims.heard(pod);
    if (key !== undefined) this.#expectations.deletionObserved(key, pod.uid);
  }

  *#sync(key: string): Sync {
    const set = this.#sets.get(...splitKey(key));
    if (!set || set.metadata.deletionTimestamp) return true;
    if (!this.#writes.areVisible(key)) return false;
    const owned = this.#podsOf(set);
    const claimed = yield* this.#claims.claim(set, owned);
    // News of a pod that was let go or adopted brings the key back.
    if (claimed !== owned) return claimed !== undefined;
    const revision = yield* this.#revisions.newest(set);
    if (!revision) return false;
    let isOk = true;
    const isReady = this.#expectations.areSatisfied(key);
    if (isReady) isOk = yield* this.#update(key, set, revision);
    const isWritten = yield* this.#writeStatus(key, set, this.#view(set, revision), isReady);
    if (isReady) this.#revisions.truncate(set, [revision], this.#podsOf(set));
    return isOk && isWritten;
  }

  *#update(key: string, set: DaemonSet, revision: ControllerRevision): Steps<boolean> {
    const plan = this.#view(set, revision).manage((node) => this.#failureWaitUs(set, node));
    if (plan.retryUs < Number.POSITIVE_INFINITY) this.#queue.addAfter(key, plan.retryUs);
    if (!(yield* this.#perform(key, set, revision, plan))) return false;
    if (!this.#expectations.areSatisfied(key) || set.spec.updateStrategy?.type === 'OnDelete') return true;
    const rolling = this.#view(set, revision).rollingUpdate();
    return (
      rolling.create.length + rolling.remove.length === 0 ||
      (yield* this.#perform(key, set, revision, rolling))
    );
  }

  #podsOf({ metadata }: DaemonSet): readonly PodObject[] {
    return this.#host.podsByOwner.list(metadata.uid ?? '');
  }

  #view(set: DaemonSet, revision: ControllerRevision): DaemonSetView {
    const { nowUs, clock } = this.#host;
    return new DaemonSetView(
      set,
      daemonShape(set, revision),
      hashOf(revision),
      this.#nodes.values(),
      this.#podsOf(set),
      nowUs,
      clock,
    );
  }

  /**
   * Failed pods are deleted with a back-off per node and generation; 0: now (which counts). One that is too early is
   * looked at again after the whole back-off, not what is left of it, unless there is other news before.
   */
  #failureWaitUs(set: DaemonSet, node: string): number {
    const key = `${set.metadata.uid}/${set.status?.observedGeneration ?? 0}/${node}`;
    const { nowUs } = this.#host;
    const known = this.#failures.get(key);
    if (known) {
      const delayUs = backoffUs(FAILURE_BACKOFF_US, FAILURE_BACKOFF_US_MAX, known.count - 1);
      if (nowUs - known.lastUs < delayUs) return delayUs;
    }
    const isLongAgo = known && nowUs - known.lastUs > 2 * FAILURE_BACKOFF_US_MAX;
    this.#failures.set(key, { count: isLongAgo ? 1 : (known?.count ?? 0) + 1, lastUs: nowUs });
    return 0;
  }

  *#perform(key: string, set: DaemonSet, revision: ControllerRevision, plan: Plan): Steps<boolean> {
    const create = plan.create.slice(0, BURST_PODS);
    const remove = plan.remove.slice(0, BURST_PODS);
    this.#expectations.expect(
      key,
      create.length,
      remove.map((pod) => pod.uid),
    );
    const created = yield* slowStart<PodObject>(create.length, (callIdx, reply) =>
      this.#client.createPod(
        this.#init(set, revision, create[callIdx]!),
        (error, pod, tag) => {
          this.#writes.wrote(key, pod);
          if (error) this.#expectations.creationObserved(key);
          else this.#client.recordEvent(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod!.name}`);
          reply(error, pod, tag);
        },
        callIdx,
      ),
    );
    const nSkipped = create.length - created.nDone - created.failed.length;
    if (nSkipped > 0) this.#expectations.creationObserved(key, nSkipped);
    const removed = yield* all<PodObject>(remove.length, (callIdx, reply) => {
      const pod = remove[callIdx]!;
      this.#client.deletePod(
        pod,
        undefined,
        (error, last, tag) => {
          if (error) this.#expectations.deletionObserved(key, pod.uid);
          else this.#client.recordEvent(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.name}`);
          reply(error?.code === 404 ? undefined : error, last, tag);
        },
        callIdx,
      );
    });
    return !created.error && !removed.error;
  }

  #init(set: DaemonSet, revision: ControllerRevision, node: string): PodInit {
    return {
      shape: daemonShape(set, revision),
      generateName: `${set.metadata.name}-`,
      owner: this.#owners.to(set),
      pinnedNode: node,
      ...(this.#options.placedBy === 'controller' && { nodeName: node }),
    };
  }

  *#writeStatus(key: string, set: DaemonSet, view: DaemonSetView, observes: boolean): Steps<boolean> {
    const generation = observes ? set.metadata.generation : set.status?.observedGeneration;
    const counts = view.status();
    const status = { ...counts, observedGeneration: generation ?? 0 };
    const { minReadySeconds = 0 } = set.spec;
    const isWaiting = minReadySeconds > 0 && counts.numberReady !== counts.numberAvailable;
    if (isWaiting) this.#queue.addAfter(key, minReadySeconds * US_PER_S);
    return yield* patchStatus(this.#client, set, status, (written) => this.#writes.wrote(key, written));
  }
}
