// Which taints a pod tolerates. Source: k8s.io/api core/v1 toleration.go, 1.37; the comparison operators Gt and Lt
// are behind a gate that is off by default, so they tolerate nothing here.

import type { Taint, TaintEffect, Toleration } from './types.ts';

/** An empty effect stands for every effect, an empty key for every key, an empty operator for Equal. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  switch (toleration.operator ?? '') {
    case '':
    case 'Equal':
      return (toleration.value ?? '') === (taint.value ?? '');
    case 'Exists':
      return true;
    default:
      return false;
  }
}

export function isTolerated(taint: Taint, tolerations: readonly Toleration[] = []): boolean {
  return tolerations.some((toleration) => tolerates(toleration, taint));
}

/** The first taint of one of the effects that no toleration tolerates. */
export function findUntoleratedTaint(
  taints: readonly Taint[] = [],
  tolerations: readonly Toleration[] = [],
  effects: readonly TaintEffect[] = ['NoSchedule', 'NoExecute'],
): Taint | undefined {
  return taints.find((taint) => effects.includes(taint.effect) && !isTolerated(taint, tolerations));
}
