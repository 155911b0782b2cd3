// ResourceQuota: charges each new pod (and counted object) to the quotas of its namespace before it is stored.
// Source: apiserver pkg/admission/plugin/resourcequota/controller.go, 1.37. Deviation: checks and charges happen in one
// step at the commit, so there is no batching, and a charge is never lost to a later failure of the create; a change of an
// object charges nothing.

import { formatQuantity } from '../../base/quantity.ts';
import type { PodInit } from '../../kube/pod-object.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import type { KubeObject, ResourceList, ResourceQuota } from '../../kube/types.ts';
import type { ApiState } from '../api-state.ts';
import { Failure, forbidden } from '../failure.ts';
import { objectKey } from '../object-store.ts';
import {
  coversObjects,
  coversPod,
  isCpu,
  objectUsage,
  podUsage,
  quotaAmount,
  type Usage,
} from './quota-usage.ts';

/** Resources that every container must name once a quota counts them. */
const COMPUTE = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

export function quotaText(name: string, amount: number): string {
  return formatQuantity(
    amount,
    isCpu(name) ? 'cpu' : name.includes('memory') || name.includes('storage') ? 'bytes' : 'count',
  );
}

/** What is to be created. */
interface Asked {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly usage: Usage;
  readonly isCovered: (quota: ResourceQuota) => boolean;
  /** Which of the named resources it had to say and does not; '' for none. */
  readonly unset: (resources: readonly string[]) => string;
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

  pod(shape: PodShape, init: PodInit): Failure | undefined {
    if (this.#state.kind('ResourceQuota').size === 0) return undefined;
    return this.#charge({
      kind: 'Pod',
      name: (init.name ?? init.generateName ?? '').toString(),
      namespace: shape.namespace,
      usage: podUsage(shape),
      isCovered: (quota) => coversPod(quota, shape),
      unset: (resources) => unspecified(resources, shape),
    });
  }

  /** Any other object. */
  object(object: KubeObject): Failure | undefined {
    const { name = '', namespace } = object.metadata;
    if (namespace === undefined || this.#state.kind('ResourceQuota').size === 0) return undefined;
    return this.#charge({
      kind: object.kind,
      name,
      namespace,
      usage: objectUsage(object),
      isCovered: coversObjects,
      unset: () => '',
    });
  }

  #charge(asked: Asked): Failure | undefined {
    const store = this.#state.kind('ResourceQuota');
    const charges: { quota: ResourceQuota; used: ResourceList }[] = [];
    for (const key of this.#keys(asked.namespace)) {
      const quota = store.get(key) as ResourceQuota | undefined;
      if (!quota || !asked.isCovered(quota)) continue;
      const outcome = check(quota, asked);
      if (outcome instanceof Failure) return outcome;
      if (outcome) charges.push({ quota, used: outcome });
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
}

/** The usage after the charge, undefined if the quota counts nothing of it, or why the quota refuses. */
function check(
  quota: ResourceQuota,
  { kind, name, usage, unset }: Asked,
): ResourceList | Failure | undefined {
  const hard = quota.spec?.hard ?? {};
  const quotaName = quota.metadata.name ?? '';
  const missing = unset(Object.keys(hard));
  if (missing) return forbidden(kind, name, `failed quota: ${quotaName}: must specify ${missing}`);
  const counted = Object.keys(hard).filter((resource) => usage.has(resource));
  if (counted.length === 0) return undefined;
  const used: Record<string, string | number> = { ...quota.status?.used };
  const unknown = counted.filter((resource) => used[resource] === undefined);
  if (unknown.length > 0) {
    const list = unknown.sort().join(',');
    return forbidden(kind, name, `status unknown for quota: ${quotaName}, resources: ${list}`);
  }
  const totals = counted.map((resource): [string, number] => [
    resource,
    quotaAmount(resource, used[resource]!) + usage.get(resource)!,
  ]);
  const exceeded = totals.filter(([resource, total]) => total > quotaAmount(resource, hard[resource]!));
  if (exceeded.length > 0) {
    const resources = exceeded.map(([resource]) => resource).sort();
    return forbidden(kind, name, exceededText(quota, resources, usage));
  }
  for (const [resource, total] of totals) used[resource] = quotaText(resource, total);
  return used;
}

function unspecified(resources: readonly string[], shape: PodShape): string {
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

function exceededText(quota: ResourceQuota, resources: readonly string[], usage: Usage): string {
  const list = (textOf: (name: string) => string) =>
    resources.map((name) => `${name}=${textOf(name)}`).join(',');
  const requested = list((name) => quotaText(name, usage.get(name)!));
  const used = list((name) => String(quota.status?.used?.[name] ?? 0));
  const limited = list((name) => String(quota.spec?.hard?.[name] ?? 0));
  return `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${used}, limited: ${limited}`;
}
