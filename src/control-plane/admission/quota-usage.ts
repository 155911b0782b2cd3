// What pods and other objects count in a ResourceQuota, and whether a quota's scopes cover them.
// Source: pkg/quota/v1/evaluator/core/{pods,services,persistent_volume_claims}.go, apiserver pkg/quota/v1/generic, 1.37.

import { parseMilli, parseValue } from '../../base/quantity.ts';
import { type Kind, kindByName } from '../../kube/kinds.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import { qosClass } from '../../kube/qos.ts';
import { podLimits, podRequests } from '../../kube/resources.ts';
import type {
  KubeObject,
  PersistentVolumeClaim,
  Quantity,
  ResourceQuota,
  Service,
} from '../../kube/types.ts';

/** Amounts by the quota's resource names: CPU in millicores, the rest in units. */
export type Usage = ReadonlyMap<string, number>;

export function isCpu(name: string): boolean {
  return name === 'cpu' || name === 'requests.cpu' || name === 'limits.cpu';
}

export function quotaAmount(name: string, quantity: Quantity): number {
  return isCpu(name) ? parseMilli(quantity) : parseValue(quantity);
}

const BARE = new Set(['cpu', 'memory', 'ephemeral-storage']);

function compute(shape: PodShape): Usage {
  const usage = new Map([
    ['pods', 1],
    ['count/pods', 1],
  ]);
  for (const [name, amount] of podRequests({ spec: shape.spec })) {
    usage.set(`requests.${name}`, amount);
    if (BARE.has(name)) usage.set(name, amount);
  }
  for (const [name, amount] of podLimits({ spec: shape.spec })) usage.set(`limits.${name}`, amount);
  return usage;
}

const usages = new WeakMap<PodShape, Usage>();

/** Worked out once per shape. */
export function podUsage(shape: PodShape): Usage {
  let usage = usages.get(shape);
  if (!usage) usages.set(shape, (usage = compute(shape)));
  return usage;
}

function matchesScope(shape: PodShape, scope: string): boolean {
  const { spec } = shape;
  switch (scope) {
    case 'Terminating':
      return spec.activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return spec.activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return qosClass({ spec }) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass({ spec }) !== 'BestEffort';
    case 'PriorityClass':
      return spec.priorityClassName !== undefined;
    default:
      return false;
  }
}

/** All scopes and scope selectors must cover the pod. */
export function coversPod(quota: ResourceQuota, shape: PodShape): boolean {
  const { scopes = [], scopeSelector } = quota.spec ?? {};
  if (!scopes.every((scope) => matchesScope(shape, scope))) return false;
  return (scopeSelector?.matchExpressions ?? []).every(({ scopeName, operator, values = [] }) => {
    if (scopeName !== 'PriorityClass')
      return matchesScope(shape, scopeName) === (operator !== 'DoesNotExist');
    const name = shape.spec.priorityClassName;
    if (operator === 'Exists') return name !== undefined;
    if (operator === 'DoesNotExist') return name === undefined;
    return name !== undefined && values.includes(name) === (operator === 'In');
  });
}

/** Kinds that quotas also know by their plain names. */
const PLAIN = new Set([
  'services',
  'persistentvolumeclaims',
  'configmaps',
  'secrets',
  'replicationcontrollers',
  'resourcequotas',
]);
const STORAGE = 'requests.storage';
const OF_CLASS = '.storageclass.storage.k8s.io/';

/** `count/deployments.apps`, and for some kinds the plain name too. */
function countNames({ plural, apiVersions: [version = ''] }: Kind): string[] {
  const slash = version.indexOf('/');
  const count = slash < 0 ? `count/${plural}` : `count/${plural}.${version.slice(0, slash)}`;
  return PLAIN.has(plural) ? [count, plural] : [count];
}

function serviceUsage({ spec = {} }: Service): [string, number][] {
  const { type, ports = [] } = spec;
  if (type !== 'NodePort' && type !== 'LoadBalancer') return [];
  const nodePorts: [string, number] = ['services.nodeports', ports.length];
  return type === 'NodePort' ? [nodePorts] : [nodePorts, ['services.loadbalancers', 1]];
}

function claimUsage({ spec = {} }: PersistentVolumeClaim): [string, number][] {
  const { storageClassName, resources } = spec;
  const bytes = parseValue(resources?.requests?.storage ?? 0);
  const ofClass: [string, number][] = storageClassName
    ? [
        [`${storageClassName}${OF_CLASS}${STORAGE}`, bytes],
        [`${storageClassName}${OF_CLASS}persistentvolumeclaims`, 1],
      ]
    : [];
  return [[STORAGE, bytes], ...ofClass];
}

/** What an object other than a pod counts. */
export function objectUsage(object: KubeObject): Usage {
  const kind = kindByName(object.kind);
  const usage = new Map((kind ? countNames(kind) : []).map((name) => [name, 1]));
  const more =
    object.kind === 'Service'
      ? serviceUsage(object as Service)
      : object.kind === 'PersistentVolumeClaim'
        ? claimUsage(object as PersistentVolumeClaim)
        : [];
  for (const [name, amount] of more) usage.set(name, amount);
  return usage;
}

/** May objects of the kind count under one of these names? */
export function countsKind(kind: Kind, names: readonly string[]): boolean {
  const own = countNames(kind);
  return names.some(
    (name) =>
      own.includes(name) ||
      (kind.kind === 'Service' && name.startsWith('services.')) ||
      (kind.kind === 'PersistentVolumeClaim' && (name === STORAGE || name.includes(OF_CLASS))),
  );
}

/** Scopes are about pods: a quota that has some covers nothing else. */
export function coversObjects({ spec }: ResourceQuota): boolean {
  return (spec?.scopes?.length ?? 0) === 0 && spec?.scopeSelector === undefined;
}
