// What a pod counts in a ResourceQuota, and whether a quota's scopes cover it.
// Source: pkg/quota/v1/evaluator/core/pods.go, 1.37.

import { parseMilli, parseValue } from '../../base/quantity.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import { qosClass } from '../../kube/qos.ts';
import { podLimits, podRequests } from '../../kube/resources.ts';
import type { Quantity, ResourceQuota } from '../../kube/types.ts';

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
