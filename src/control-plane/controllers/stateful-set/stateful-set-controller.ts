// StatefulSet: pods with stable names and claims, one after the other.
// Source: pkg/controller/statefulset/stateful_set.go, 1.37.

import type { ApiClient, Informer } from '../../../kube/api.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import type { PersistentVolumeClaim, StatefulSet } from '../../../kube/types.ts';
import type { Sync } from '../../sync.ts';
import type { WorkQueue } from '../../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from '../controller.ts';
import { OwnWrites } from '../own-writes.ts';
import { PodClaims } from '../pod-claims.ts';
import { OwnerReferences } from '../pod-template.ts';
import { Revisions } from '../revisions.ts';
import { patchStatus } from '../status-patch.ts';
import { ordinalOf } from './stateful-pods.ts';
import { StatefulSetSync } from './stateful-set-sync.ts';

const NAME = 'statefulset-controller';
const N_WORKERS = 5;

export class StatefulSetController {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #sets: Informer<StatefulSet>;
  readonly #revisions: Revisions;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #queue: WorkQueue;
  readonly #writes: OwnWrites;
  readonly #owners = new OwnerReferences();
  readonly #claimed: PodClaims<StatefulSet>;

  constructor(host: ControllerHost) {
    this.#host = host;
    this.#client = host.client(NAME);
    this.#sets = host.informer<StatefulSet>('StatefulSet');
    this.#revisions = new Revisions(host, this.#client);
    this.#claims = host.informer<PersistentVolumeClaim>('PersistentVolumeClaim');
    this.#writes = new OwnWrites(this.#sets, host.pods);
    host.onStop(() => this.#writes.clear());
    this.#queue = host.queue({ name: NAME, nWorkers: N_WORKERS }, (key) => this.#sync(key));
    const enqueue = (set: StatefulSet) => this.#queue.add(keyOfObject(set));
    this.#sets.handle({ added: enqueue, modified: enqueue, deleted: (set) => this.#onDeleted(set) });
    this.#claimed = new PodClaims({
      host,
      client: this.#client,
      owners: this.#sets,
      references: this.#owners,
      selectorOf: ({ spec }) => spec.selector,
      isMember: (set, pod) => ordinalOf(set, pod) >= 0,
      enqueue: (key) => this.#queue.add(key),
    });
    const onPod = (pod: PodObject, old?: PodObject) => this.#claimed.heard(pod, old);
    host.pods.handle({ added: onPod, modified: onPod, deleted: onPod });
  }

  #onDeleted(set: StatefulSet): void {
    const key = keyOfObject(set);
    this.#writes.forget(key);
    this.#owners.forget(set);
    this.#queue.add(key);
  }

  *#sync(key: string): Sync {
    const set = this.#sets.get(...splitKey(key));
    if (!set) return true;
    if (!this.#writes.areVisible(key)) return false;
    const pods = yield* this.#claimed.claim(set, this.#host.podsByOwner.list(set.metadata.uid ?? ''));
    if (!pods) return false;
    const update = yield* this.#revisions.newest(set);
    if (!update) return false;
    const { currentRevision } = set.status ?? {};
    const current =
      this.#revisions.of(set).find(({ metadata }) => metadata.name === currentRevision) ?? update;
    const tools = {
      host: this.#host,
      client: this.#client,
      claims: this.#claims,
      owner: this.#owners.to(set),
      wrote: (pod: PodObject) => this.#writes.wrote(key, pod),
    };
    const sync = new StatefulSetSync(tools, set, pods, current, update);
    const error = yield* sync.advance();
    const isWritten = yield* patchStatus(this.#client, set, sync.status(), (written) =>
      this.#writes.wrote(key, written),
    );
    if (error || !isWritten) return false;
    this.#revisions.truncate(set, [current, update], pods);
    const nextUs = sync.nextAvailableUs();
    if (nextUs < Number.POSITIVE_INFINITY) this.#queue.addAfter(key, nextUs);
    return true;
  }
}
