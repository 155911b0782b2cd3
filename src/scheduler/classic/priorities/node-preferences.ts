/**
 * Priorities over what a node is: preferred node affinity, PreferNoSchedule taints, labels, the annotation by which a
 * node asks certain controllers' pods to stay away, and the limits a node could bear.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/priorities (node_affinity.go, taint_toleration.go,
 * node_label.go, node_prefer_avoid_pods.go, resource_limits.go).
 */
import { compileNodeSelectorTerm, type NodeMatcher } from '../../../cluster/node-selector.ts';
import type { NodeTable } from '../../../cluster/node-table.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import { CPU, MEMORY } from '../../../cluster/resources.ts';
import { podLimits } from '../../../kube/resources.ts';
import type { Node, Toleration } from '../../../kube/types.ts';
import { normalizeByMax } from '../../framework/normalize.ts';
import type { Plugin } from '../../framework/plugin.ts';
import { taintToleration } from '../../plugins/taint-toleration.ts';
import { CLASSIC_REQUESTS, type ClassicRelease } from '../release.ts';

const AVOID_ANNOTATION = 'scheduler.alpha.kubernetes.io/preferAvoidPods';

interface Preference {
  readonly weight: number;
  readonly matches: NodeMatcher;
}

/** Preferred terms' matchFields are not looked at, and a term without expressions matches no node. */
export function nodeAffinityPriority(
  name: string,
  { maxScore }: ClassicRelease,
): Plugin<unknown, readonly Preference[]> {
  const compiled = new WeakMap<PodClass, readonly Preference[]>();
  return {
    name,
    preScore({ cls, cluster }) {
      let preferences = compiled.get(cls);
      if (!preferences) compiled.set(cls, (preferences = preferencesOf(cls, cluster.nodes)));
      return { state: preferences };
    },
    scoreScope: 'static',
    classKey: ({ spec }) => JSON.stringify(spec.affinity?.nodeAffinity),
    score(preferences, node) {
      let sum = 0;
      for (const { weight, matches } of preferences) if (matches(node)) sum += weight;
      return sum;
    },
    normalizesByValue: true,
    normalize: (_, scores) => normalizeByMax(scores, false, maxScore),
  };
}

function preferencesOf({ spec }: PodClass, nodes: NodeTable): Preference[] {
  const terms = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.map(({ weight, preference: { matchExpressions = [] } }) => ({
    weight,
    matches: compileNodeSelectorTerm({ matchExpressions }, nodes),
  }));
}

export function taintTolerationPriority(
  name: string,
  { maxScore }: ClassicRelease,
): Plugin<undefined, readonly Toleration[]> {
  const { filter: _, filterScope: __, ...scoring } = taintToleration();
  return { ...scoring, name, normalize: (_state, scores) => normalizeByMax(scores, true, maxScore) };
}

/** The share of the preferred labels that are there, and of the unwanted ones that are not. */
export function nodeLabelPriority(
  name: string,
  { maxScore }: ClassicRelease,
  present: readonly string[],
  absent: readonly string[],
): Plugin {
  return {
    name,
    scoreScope: 'static',
    classKey: () => '',
    score(_, node, { cluster }) {
      const { labels } = cluster.nodes;
      const has = (key: string) => labels.column(key).data[node] !== -1;
      const nGood = present.filter(has).length + absent.filter((key) => !has(key)).length;
      return Math.trunc((nGood * maxScore) / (present.length + absent.length));
    },
  };
}

/** Kind and uid of the controllers whose pods a node would rather not have; none if the annotation is malformed. */
const avoidedByNode = new WeakMap<Node, ReadonlySet<string>>();

export function nodePreferAvoidPods(name: string, { maxScore }: ClassicRelease): Plugin {
  return {
    name,
    scoreScope: 'static',
    classKey: ({ owner }) => JSON.stringify([owner?.kind, owner?.uid]),
    score(_, node, { cls: { owner }, cluster }) {
      if (owner?.kind !== 'ReplicationController' && owner?.kind !== 'ReplicaSet') return maxScore;
      return avoidedBy(cluster.nodes.objects[node]!).has(`${owner.kind}/${owner.uid}`) ? 0 : maxScore;
    },
  };
}

function avoidedBy(node: Node): ReadonlySet<string> {
  let avoided = avoidedByNode.get(node);
  if (!avoided) {
    avoided = new Set(parseAvoided(node.metadata.annotations?.[AVOID_ANNOTATION]));
    avoidedByNode.set(node, avoided);
  }
  return avoided;
}

interface Avoidance {
  readonly podSignature?: { readonly podController?: { readonly kind?: string; readonly uid?: string } };
}

function parseAvoided(annotation: string | undefined): string[] {
  if (annotation === undefined) return [];
  try {
    const { preferAvoidPods = [] } = JSON.parse(annotation) as { preferAvoidPods?: readonly Avoidance[] };
    return preferAvoidPods.map(({ podSignature }) => {
      const { kind = '', uid = '' } = podSignature?.podController ?? {};
      return `${kind}/${uid}`;
    });
  } catch {
    return [];
  }
}

interface Limits {
  readonly cpu: number;
  readonly memory: number;
}

/** 1 where the node could bear the pod's cpu or memory limit if it were empty, else 0; on both scales. */
export function resourceLimits(name: string): Plugin<unknown, Limits> {
  return {
    name,
    preScore({ cls }) {
      const limits = podLimits({ spec: cls.spec }, CLASSIC_REQUESTS);
      return { state: { cpu: limits.get('cpu') ?? 0, memory: limits.get('memory') ?? 0 } };
    },
    scoreScope: 'static',
    score({ cpu, memory }, node, { cluster: { nodes } }) {
      const fits = (limit: number, id: number) => limit !== 0 && limit <= nodes.allocatable[id]![node]!;
      return fits(cpu, CPU) || fits(memory, MEMORY) ? 1 : 0;
    },
  };
}

export function equalPriority(name: string): Plugin {
  return { name, scoreScope: 'static', classKey: () => '', score: () => 1 };
}
