/**
 * Counting the pods of a node that some selectors select, as the spreading priorities do: pods of the incoming pod's
 * namespace that match all selectors and are not terminating.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/priorities/selector_spreading.go countMatchingPods.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import { PodFlag } from '../../../cluster/pod-table.ts';
import { matchesLabelSelector } from '../../../kube/selector.ts';
import type { LabelSelector } from '../../../kube/types.ts';
import { ClassMatcher } from '../../plugins/class-matcher.ts';

/** Undefined where there is no selector: nothing is counted then. */
export function matcherOf(
  selectors: readonly LabelSelector[],
  { namespace }: PodClass,
): ClassMatcher | undefined {
  if (selectors.length === 0) return undefined;
  return new ClassMatcher(
    (other) =>
      other.namespace === namespace &&
      selectors.every((selector) => matchesLabelSelector(selector, other.labels)),
  );
}

export function nMatchingPods(
  matcher: ClassMatcher | undefined,
  node: number,
  { nodes, pods, classes }: Cluster,
): number {
  if (!matcher) return 0;
  let n = 0;
  for (let pod = nodes.firstPod[node]!; pod !== -1; pod = pods.next[pod]!) {
    if (!pods.has(pod, PodFlag.Terminating) && matcher.matches(classes.all[pods.cls[pod]!]!)) n++;
  }
  return n;
}
