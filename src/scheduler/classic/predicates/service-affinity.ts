/**
 * CheckServiceAffinity: pods of a service go to nodes that agree in certain labels; the first pod of the service
 * sets their values.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/predicates/predicates.go ServiceAffinity.
 * Deviation: the first pod is that of the lowest row (the original: any).
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import { matchesMap } from '../../../kube/selector.ts';
import type { Plugin } from '../../framework/plugin.ts';
import { unschedulable } from '../../framework/status.ts';
import { ClassMatcher } from '../../plugins/class-matcher.ts';
import { serviceSelectors } from '../controllers.ts';

const VIOLATED = "node(s) didn't match service affinity";

interface State {
  readonly isPeer: ClassMatcher;
  /** The values that nodes must have; undefined = to be worked out. */
  wanted: ReadonlyMap<string, string> | undefined;
}

export function checkServiceAffinity(name: string, affinityLabels: readonly string[]): Plugin<State> {
  const status = unschedulable(name, VIOLATED);
  return {
    name,
    preFilter: ({ cls }) => ({ state: { isPeer: peersOf(cls), wanted: undefined } }),
    filterScope: 'cluster',
    podMoved(state, { cls }) {
      if (state.isPeer.matches(cls)) state.wanted = undefined;
    },
    filter(state, node, { cls, cluster }) {
      state.wanted ??= wantedLabels(affinityLabels, cls, state.isPeer, cluster);
      for (const [key, value] of state.wanted) {
        if (cluster.nodes.labels.get(node, key) !== value) return status;
      }
      return undefined;
    },
  };
}

/** Pods of the namespace that have all the pod's labels, whatever the service selects. */
function peersOf({ namespace, labels }: PodClass): ClassMatcher {
  return new ClassMatcher((other) => other.namespace === namespace && matchesMap(labels, other.labels));
}

function wantedLabels(
  keys: readonly string[],
  cls: PodClass,
  isPeer: ClassMatcher,
  cluster: Cluster,
): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  for (const key of keys) {
    const value = cls.spec.nodeSelector?.[key];
    if (value !== undefined) wanted.set(key, value);
  }
  if (wanted.size === new Set(keys).size || serviceSelectors(cls, cluster.objects).length === 0)
    return wanted;
  const node = nodeOfFirst(isPeer, cluster);
  for (const key of keys) {
    const value = node === -1 ? undefined : cluster.nodes.labels.get(node, key);
    if (value !== undefined && !wanted.has(key)) wanted.set(key, value);
  }
  return wanted;
}

function nodeOfFirst(isPeer: ClassMatcher, { nodes, pods, classes }: Cluster): number {
  let first = -1;
  for (let node = nodes.exists.nextSet(0); node !== -1; node = nodes.exists.nextSet(node + 1)) {
    for (let pod = nodes.firstPod[node]!; pod !== -1; pod = pods.next[pod]!) {
      if ((first === -1 || pod < first) && isPeer.matches(classes.all[pods.cls[pod]!]!)) first = pod;
    }
  }
  return first === -1 ? -1 : pods.node[first]!;
}
