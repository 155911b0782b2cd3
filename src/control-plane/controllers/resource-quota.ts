// Resource quota: works out again what each quota's namespace uses, when something is given back or the quota changes.
// Source: pkg/controller/resourcequota/resource_quota_controller.go, 1.37.

import { deepEqual } from '../../base/deep-equal.ts';
import type { ApiClient, Informer } from '../../kube/api.ts';
import { KINDS } from '../../kube/kinds.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { ResourceQuota } from '../../kube/types.ts';
import {
  countsKind,
  coversObjects,
  coversPod,
  objectUsage,
  podUsage,
  type Usage,
} from '../admission/quota-usage.ts';
import { quotaText } from '../admission/resource-quota.ts';
import { call, type Sync } from '../sync.ts';
import type { WorkQueue } from '../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from './controller.ts';

const NAME = 'resourcequota-controller';
const N_WORKERS = 5;
const RESYNC_US = 300_000_000;
const US_PER_S = 1_000_000;
/** Kinds other than Pod that a quota may count. */
const COUNTED = KINDS.filter(
  ({ kind, isNamespaced, isModelled }) =>
    isNamespaced && isModelled && !['Pod', 'Event', 'Lease'].includes(kind),
);

export class ResourceQuotaController {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #quotas: Informer<ResourceQuota>;
  readonly #queue: WorkQueue;

  constructor(host: ControllerHost) {
    this.#host = host;
    this.#client = host.client(NAME);
    this.#quotas = host.informer<ResourceQuota>('ResourceQuota');
    this.#queue = host.queue({ name: NAME, nWorkers: N_WORKERS }, (key) => this.#sync(key));
    this.#quotas.handle({
      added: (quota) => this.#queue.add(keyOfObject(quota)),
      modified: (quota, old) => {
        if (!deepEqual(quota.spec?.hard, old.spec?.hard)) this.#queue.add(keyOfObject(quota));
      },
      deleted: () => {},
    });
    host.pods.handle({
      added: () => {},
      modified: (pod, old) => {
        if (pod.terminal && !old.terminal) this.#replenish(pod.namespace);
      },
      deleted: (pod) => this.#replenish(pod.namespace),
    });
    for (const { kind } of COUNTED) {
      host.informer(kind).handle({
        added: () => {},
        modified: () => {},
        deleted: ({ metadata }) => this.#replenish(metadata.namespace ?? ''),
      });
    }
    host.every('resource-quota/resync', RESYNC_US, () => this.#resyncAll());
  }

  #replenish(namespace: string): void {
    if (this.#quotas.size === 0) return;
    for (const quota of this.#quotas.inNamespace(namespace)) this.#queue.add(keyOfObject(quota));
  }

  #resyncAll(): void {
    for (const quota of this.#quotas.values()) this.#queue.add(keyOfObject(quota));
  }

  *#sync(key: string): Sync {
    const quota = this.#quotas.get(...splitKey(key));
    if (!quota) return true;
    const hard = quota.spec?.hard ?? {};
    const used = this.#used(quota, Object.keys(hard));
    const status = { hard, used };
    if (deepEqual(quota.status, status)) return true;
    const { error } = yield* call<ResourceQuota>((reply) =>
      this.#client.updateStatus({ ...quota, status }, reply),
    );
    return !error || error.code === 404;
  }

  #used(quota: ResourceQuota, names: readonly string[]): Record<string, string> {
    const { namespace = '' } = quota.metadata;
    const sums = new Map(names.map((name) => [name, 0]));
    const add = (usage: Usage) => {
      for (const [name, amount] of usage) {
        const sum = sums.get(name);
        if (sum !== undefined) sums.set(name, sum + amount);
      }
    };
    const kinds = coversObjects(quota) ? COUNTED.filter((kind) => countsKind(kind, names)) : [];
    for (const { kind } of kinds) {
      for (const object of this.#host.informer(kind).inNamespace(namespace)) add(objectUsage(object));
    }
    const pods = this.#host.pods.index('namespace', (pod) => pod.namespace);
    pods.forEach(namespace, (pod) => {
      if (this.#counts(pod) && coversPod(quota, pod.shape)) add(podUsage(pod.shape));
    });
    return Object.fromEntries([...sums].map(([name, amount]) => [name, quotaText(name, amount)]));
  }

  /** Finished pods count no more, nor do those whose grace period is over. */
  #counts(pod: PodObject): boolean {
    if (pod.terminal) return false;
    return pod.deletionUs === undefined || pod.deletionUs + pod.graceSeconds * US_PER_S > this.#host.nowUs;
  }
}
