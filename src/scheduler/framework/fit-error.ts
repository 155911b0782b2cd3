/**
 * The text that tells why a pod fits nowhere, as users know it from `kubectl describe pod`.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/types.go FitError.Error.
 */
import { compareStrings } from '../../base/orders.ts';
import type { Status } from './status.ts';

/** Why no node took the pod: what each node said, or what PreFilter said for all of them. */
export interface Diagnosis {
  readonly nNodes: number;
  /** Status by node row; empty if PreFilter rejected the pod. */
  readonly nodeStatus: ReadonlyMap<number, Status>;
  /** What the nodes without a status of their own count as: those that PreFilter left out. */
  readonly absentStatus: Status | undefined;
  /** The message of a PreFilter rejection; replaces the list of reasons. */
  readonly preFilterMessage: string;
  /** What PostFilter (preemption) added. */
  postFilterMessage: string;
}

export function fitErrorText(diagnosis: Diagnosis): string {
  let text = `0/${diagnosis.nNodes} nodes are available:`;
  if (diagnosis.preFilterMessage !== '') text += ` ${diagnosis.preFilterMessage}.`;
  else {
    const counts = reasonCounts(diagnosis);
    const parts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort(compareStrings);
    if (parts.length > 0) text += ` ${parts.join(', ')}.`;
  }
  return diagnosis.postFilterMessage === '' ? text : `${text} ${diagnosis.postFilterMessage}`;
}

/** How many nodes gave each reason, in order of first appearance. */
export function reasonCounts(diagnosis: Diagnosis): Map<string, number> {
  const { nNodes, nodeStatus, absentStatus } = diagnosis;
  const counts = new Map<string, number>();
  const count = (reason: string, n: number) => counts.set(reason, (counts.get(reason) ?? 0) + n);
  for (const { reasons } of nodeStatus.values()) for (const reason of reasons) count(reason, 1);
  if (nodeStatus.size < nNodes) {
    for (const reason of absentStatus?.reasons ?? []) count(reason, nNodes - nodeStatus.size);
  }
  return counts;
}
