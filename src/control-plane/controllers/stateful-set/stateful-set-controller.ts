// StatefulSet: pods with stable names and claims, one after the other.
// Source: pkg/controller/statefulset/stateful_set.go, 1.37.

import type { ApiClient, Informer } from '../../../kube/api.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import type { PersistentVolumeClaim, StatefulSet, StatefulSetStatus } from '../../../kube/types.ts';
import { deepEqual } from '../../deep-equal.ts';
import { call, type Steps, type Sync } from '../../sync.ts';
import type { WorkQueue } from '../../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from '../controller.ts';
import { OwnWrites } from '../own-writes.ts';
import { OwnerReferences } from '../pod-template.ts';
import {
  type ControllerRevision,
  ensureRevision,
  hashOf,
  revisionsOf,
  truncateRevisions,
} from '../revisions.ts';
import { revisionHashOf } from './stateful-pods.ts';
import { StatefulSetSync } from './stateful-set-sync.ts';

const NAME = 'statefulset-controller';
const N_WORKERS = 5;

export class StatefulSetController {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #sets: Informer<StatefulSet>;
  readonly #revisions: Informer<ControllerRevision>;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #queue: WorkQueue;
  readonly #writes: OwnWrites;
  readonly #owners = new OwnerReferences();

  constructor(host: ControllerHost) {
    this.#host = host;
    this.#client = host.client(NAME);
    this.#sets = host.informer<StatefulSet>('StatefulSet');
    this.#revisions = host.informer<ControllerRevision>('ControllerRevision');
    this.#claims = host.informer<PersistentVolumeClaim>('PersistentVolumeClaim');
    this.#writes = new OwnWrites(this.#sets, host.pods);
    host.onStop(() => this.#writes.clear());
    this.#queue = host.queue({ name: NAME, nWorkers: N_WORKERS }, (key) => this.#sync(key));
    const enqueue = (set: StatefulSet) => this.#queue.add(keyOfObject(set));
    this.#sets.handle({ added: enqueue, modified: enqueue, deleted: (set) => this.#onDeleted(set) });
    const onPod = (pod: PodObject) => this.#onPod(pod);
    host.pods.handle({ added: onPod, modified: onPod, deleted: onPod });
  }

  #onDeleted(set: StatefulSet): void {
    const key = keyOfObject(set);
    this.#writes.forget(key);
    this.#owners.forget(set);
    this.#queue.add(key);
  }

  #onPod(pod: PodObject): void {
    if (pod.owner?.kind !== 'StatefulSet') return;
    const set = this.#sets.byUid(pod.owner.uid);
    if (set) this.#queue.add(keyOfObject(set));
  }

  *#sync(key: string): Sync {
    const set = this.#sets.get(...splitKey(key));
    if (!set) return true;
    if (!this.#writes.areVisible(key)) return false;
    const known = revisionsOf(this.#revisions, set);
    const update = yield* ensureRevision(this.#client, set, set.spec.template, known);
    if (!update) return false;
    const current = known.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
    const pods = this.#host.podsByOwner.list(set.metadata.uid ?? '');
    const tools = {
      host: this.#host,
      client: this.#client,
      claims: this.#claims,
      owner: this.#owners.to(set),
      wrote: (pod: PodObject) => this.#writes.wrote(key, pod),
    };
    const sync = new StatefulSetSync(tools, set, pods, current, update);
    const error = yield* sync.advance();
    const isWritten = yield* this.#writeStatus(key, set, sync.status());
    if (error || !isWritten) return false;
    this.#truncate(set, known, pods, [current, update]);
    const nextUs = sync.nextAvailableUs();
    if (nextUs < Number.POSITIVE_INFINITY) this.#queue.addAfter(key, nextUs);
    return true;
  }

  *#writeStatus(key: string, set: StatefulSet, status: StatefulSetStatus): Steps<boolean> {
    if (deepEqual(set.status, status)) return true;
    const target = {
      kind: 'StatefulSet',
      namespace: set.metadata.namespace ?? '',
      name: set.metadata.name ?? '',
    };
    const put = (stored: StatefulSet): StatefulSet => ({ ...stored, status });
    const { error, object } = yield* call<StatefulSet>((reply) =>
      this.#client.patchStatus(target, put, undefined, reply),
    );
    this.#writes.wrote(key, object);
    return !error || error.code === 404;
  }

  #truncate(
    set: StatefulSet,
    known: readonly ControllerRevision[],
    pods: readonly PodObject[],
    used: ControllerRevision[],
  ): void {
    const limit = set.spec.revisionHistoryLimit ?? 10;
    const live = new Set([...used.map(hashOf), ...pods.map(revisionHashOf)]);
    truncateRevisions(this.#client, known, limit, (revision) => live.has(hashOf(revision)));
  }
}
