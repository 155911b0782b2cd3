/**
 * Whether a pod may preempt at all: not with preemptionPolicy Never, and not while victims of its last preemption are
 * still going away on the node it is nominated to, unless that node has become hopeless.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/defaultpreemption PodEligibleToPreemptOthers.
 */
import { PodFlag } from '../../cluster/pod-table.ts';
import type { Diagnosis } from '../framework/fit-error.ts';
import type { Cycle } from '../framework/plugin.ts';
import { priorityOf } from './importance.ts';
import { codeOf } from './potential-nodes.ts';

/** The text that says why not; undefined = it may. */
export function ineligibility({ cluster, pod, cls }: Cycle, diagnosis: Diagnosis): string | undefined {
  if (cls.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  if (!pod.nominatedNodeName) return undefined;
  const node = cluster.nodes.find(pod.nominatedNodeName);
  if (node === -1 || codeOf(node, diagnosis) === 'UnschedulableAndUnresolvable') return undefined;
  const isLeaving = cluster.podsOn(node).some((row) => {
    const { pods } = cluster;
    const isVictim = pods.has(row, PodFlag.Terminating) && pods.has(row, PodFlag.Preempted);
    return isVictim && priorityOf(cluster, row) < cls.priority;
  });
  return isLeaving ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
}
