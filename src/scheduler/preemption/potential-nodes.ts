/**
 * The nodes where removing pods may help: those that said Unschedulable. What said UnschedulableAndUnresolvable, or
 * was never asked, is out.
 * Source: kubernetes v1.37.2 staging kube-scheduler/framework NodesForStatusCode.
 */
import type { NodeOrder } from '../../cluster/node-order.ts';
import type { Diagnosis } from '../framework/fit-error.ts';
import type { Code } from '../framework/status.ts';

/** What a node said in the end. */
export function codeOf(node: number, { nodeStatus, absentStatus }: Diagnosis): Code {
  return (nodeStatus.get(node) ?? absentStatus)?.code ?? 'UnschedulableAndUnresolvable';
}

/** In the order in which the filters saw them; in walk order if all were rejected before any was looked at. */
export function potentialNodes(diagnosis: Diagnosis, order: NodeOrder): number[] {
  const seen = diagnosis.absentStatus?.code === 'Unschedulable' ? order.walk() : diagnosis.nodeStatus.keys();
  return [...seen].filter((node) => codeOf(node, diagnosis) === 'Unschedulable');
}
