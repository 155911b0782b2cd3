// ResourceQuota: charges each new pod (and counted object) to the quotas of its namespace before it is stored.
// Source: apiserver pkg/admission/plugin/resourcequota/controller.go, 1.37. Deviation: checks and charges happen in one
// step at the commit, so there is no batching, and a charge is never lost to a later failure of the create.

import { formatQuantity } from '../../base/quantity.ts';
import type { PodInit } from '../../kube/pod-object.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import type { ResourceList, ResourceQuota } from '../../kube/types.ts';
import type { ApiState } from '../api-state.ts';
import { Failure, forbidden } from '../failure.ts';
import { objectKey } from '../object-store.ts';
import { coversPod, isCpu, podUsage, quotaAmount } from './quota-usage.ts';

/** Resources that every container must name once a quota counts them. */
const COMPUTE = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

export function quotaText(name: string, amount: number): string {
  return formatQuantity(
    amount,
    isCpu(name) ? 'cpu' : name.includes('memory') || name.includes('storage') ? 'bytes' : 'count',
  );
}

export class QuotaAdmission {
  readonly #state: ApiState;
  readonly #keysByNamespace = new Map<string, readonly string[]>();

  constructor(state: ApiState) {
    this.#state = state;
  }

  /** A quota was written or removed. */
  forget(): void {
    this.#keysByNamespace.clear();
  }

  charge(shape: PodShape, init: PodInit): Failure | undefined {
    const store = this.#state.kind('ResourceQuota');
    if (store.size === 0) return undefined;
    const name = init.name ?? init.generateName ?? '';
    const charges: { quota: ResourceQuota; used: ResourceList }[] = [];
    for (const key of this.#keys(shape.namespace)) {
      const quota = store.get(key) as ResourceQuota | undefined;
      if (!quota || !coversPod(quota, shape)) continue;
      const outcome = this.#check(quota, shape, name);
      if (outcome instanceof Failure) return outcome;
      charges.push({ quota, used: outcome });
    }
    for (const { quota, used } of charges) {
      const metadata = { ...quota.metadata, resourceVersion: String(this.#state.nextRevision()) };
      store.put(objectKey(quota), { ...quota, metadata, status: { ...quota.status, used } } as ResourceQuota);
    }
    return undefined;
  }

  #keys(namespace: string): readonly string[] {
    let keys = this.#keysByNamespace.get(namespace);
    if (!keys) {
      const quotas = [...this.#state.kind('ResourceQuota').values()];
      keys = quotas.filter((quota) => quota.metadata.namespace === namespace).map(objectKey);
      this.#keysByNamespace.set(namespace, keys);
    }
    return keys;
  }

  /** The usage after the charge, or why the quota refuses. */
  #check(quota: ResourceQuota, shape: PodShape, name: string): ResourceList | Failure {
    const hard = quota.spec?.hard ?? {};
    const quotaName = quota.metadata.name ?? '';
    const unset = this.#unspecified(Object.keys(hard), shape);
    if (unset) return forbidden('Pod', name, `failed quota: ${quotaName}: must specify ${unset}`);
    const usage = podUsage(shape);
    const counted = Object.keys(hard).filter((resource) => usage.has(resource));
    const used: Record<string, string | number> = { ...quota.status?.used };
    const unknown = counted.filter((resource) => used[resource] === undefined);
    if (unknown.length > 0) {
      return forbidden(
        'Pod',
        name,
        `status unknown for quota: ${quotaName}, resources: ${unknown.sort().join(',')}`,
      );
    }
    const exceeded: string[] = [];
    for (const resource of counted) {
      const total = quotaAmount(resource, used[resource]!) + usage.get(resource)!;
      if (total > quotaAmount(resource, hard[resource]!)) exceeded.push(resource);
    }
    if (exceeded.length > 0) return forbidden('Pod', name, this.#exceeded(quota, exceeded.sort(), shape));
    for (const resource of counted) {
      used[resource] = quotaText(resource, quotaAmount(resource, used[resource]!) + usage.get(resource)!);
    }
    return used;
  }

  #unspecified(resources: readonly string[], shape: PodShape): string {
    const parts: string[] = [];
    for (const resource of COMPUTE.filter((name) => resources.includes(name))) {
      const [which, plain] = resource.includes('.') ? resource.split('.') : ['requests', resource];
      const lacks = shape.spec.containers.filter(
        (container) => container.resources?.[which as 'requests' | 'limits']?.[plain!] === undefined,
      );
      const podLevel = shape.spec.resources?.[which as 'requests' | 'limits']?.[plain!];
      if (lacks.length > 0 && podLevel === undefined)
        parts.push(`${resource} for: ${lacks.map((container) => container.name).join(',')}`);
    }
    return parts.join('; ');
  }

  #exceeded(quota: ResourceQuota, resources: readonly string[], shape: PodShape): string {
    const usage = podUsage(shape);
    const list = (textOf: (name: string) => string) =>
      resources.map((name) => `${name}=${textOf(name)}`).join(',');
    const requested = list((name) => quotaText(name, usage.get(name)!));
    const used = list((name) => String(quota.status?.used?.[name] ?? 0));
    const limited = list((name) => String(quota.spec?.hard?.[name] ?? 0));
    return `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${used}, limited: ${limited}`;
  }
}
