/**
 * NodeAffinity: nodeSelector and node affinity of the pod, and the affinity that a profile adds to all its pods.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/nodeaffinity.
 */
import {
  compileNodeSelector,
  compileNodeSelectorMap,
  compileNodeSelectorTerm,
  type NodeMatcher,
} from '../../cluster/node-selector.ts';
import type { NodeTable } from '../../cluster/node-table.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import type { NodeAffinity, NodeSelectorTerm } from '../../kube/types.ts';
import { normalizeByMax } from '../framework/normalize.ts';
import type { Cycle, Plugin, Prepared } from '../framework/plugin.ts';
import { unresolvable } from '../framework/status.ts';
import type { NodeAffinityArgs } from './node-affinity.schema.ts';

const NAME = 'NodeAffinity';
const NO_MATCH = unresolvable(NAME, "node(s) didn't match Pod's node affinity/selector");
const NO_ADDED_MATCH = unresolvable(NAME, "node(s) didn't match scheduler-enforced node affinity");
const CONFLICT = unresolvable(NAME, 'pod affinity terms conflict');

interface Preference {
  readonly weight: number;
  readonly matches: NodeMatcher;
}

/** What a class asks of nodes, compiled once. */
interface Compiled {
  /** Undefined when the class asks for nothing. */
  readonly required: NodeMatcher | undefined;
  /** Nodes that the required terms name; undefined = they name none. */
  readonly nodeNames: ReadonlySet<string> | undefined;
  /** Undefined when there is no preferred term, not even an empty one. */
  readonly preferences: readonly Preference[] | undefined;
}

interface FilterState {
  readonly required: NodeMatcher | undefined;
  readonly added: NodeMatcher | undefined;
  readonly pinnedNode: string | undefined;
}

export function nodeAffinity(args: NodeAffinityArgs): Plugin<FilterState, readonly Preference[]> {
  const compiledByClass = new WeakMap<PodClass, Compiled>();
  const addedByTable = new WeakMap<NodeTable, Compiled>();

  function compiled({ cls, cluster }: Cycle): Compiled {
    let result = compiledByClass.get(cls);
    if (!result) {
      result = compile(cls.spec.affinity?.nodeAffinity, cls.spec.nodeSelector, cluster.nodes);
      compiledByClass.set(cls, result);
    }
    return result;
  }

  function added({ cluster }: Cycle): Compiled {
    let result = addedByTable.get(cluster.nodes);
    if (!result) {
      result = compile(args.addedAffinity as NodeAffinity | undefined, undefined, cluster.nodes);
      addedByTable.set(cluster.nodes, result);
    }
    return result;
  }

  return {
    name: NAME,
    preFilter(cycle): Prepared<FilterState> {
      const { required, nodeNames } = compiled(cycle);
      const { pinnedNode } = cycle.pod;
      const state = { required, added: added(cycle).required, pinnedNode };
      if (pinnedNode) return { state, nodeNames: new Set([pinnedNode]) };
      if (!required && !state.added) return { skip: true };
      if (nodeNames === undefined) return { state };
      return nodeNames.size === 0 ? { status: CONFLICT } : { state, nodeNames };
    },
    filterScope: 'static',
    classKey: ({ spec }) => JSON.stringify([spec.nodeSelector, spec.affinity?.nodeAffinity]),
    filter(state, node, { cluster }) {
      if (state.added && !state.added(node)) return NO_ADDED_MATCH;
      if (state.pinnedNode && cluster.nodes.names[node] !== state.pinnedNode) return NO_MATCH;
      return state.required && !state.required(node) ? NO_MATCH : undefined;
    },
    preScore(cycle) {
      const own = compiled(cycle).preferences;
      const extra = added(cycle).preferences;
      return own || extra ? { state: [...(own ?? []), ...(extra ?? [])] } : { skip: true };
    },
    scoreScope: 'static',
    score(preferences, node) {
      let sum = 0;
      for (const { weight, matches } of preferences) if (matches(node)) sum += weight;
      return sum;
    },
    normalizesByValue: true,
    normalize: (_, scores) => normalizeByMax(scores, false),
  };
}

function compile(
  affinity: NodeAffinity | undefined,
  selector: Readonly<Record<string, string>> | undefined,
  nodes: NodeTable,
): Compiled {
  const requiredTerms = affinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const matchers: NodeMatcher[] = [];
  if (selector && Object.keys(selector).length > 0) matchers.push(compileNodeSelectorMap(selector, nodes));
  if (requiredTerms) matchers.push(compileNodeSelector(requiredTerms, nodes));
  const preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution;
  const preferences = preferred
    ?.filter(({ weight, preference }) => weight !== 0 && !isEmptyTerm(preference))
    .map(({ weight, preference }) => ({ weight, matches: compileNodeSelectorTerm(preference, nodes) }));
  return {
    required: matchers.length === 0 ? undefined : (node) => matchers.every((matches) => matches(node)),
    nodeNames: namedNodes(requiredTerms?.nodeSelectorTerms),
    preferences: preferred?.length ? preferences : undefined,
  };
}

function isEmptyTerm({ matchExpressions, matchFields }: NodeSelectorTerm): boolean {
  return !matchExpressions?.length && !matchFields?.length;
}

/** The union over terms of the names each term allows; undefined if some term names no node. */
function namedNodes(terms: readonly NodeSelectorTerm[] | undefined): ReadonlySet<string> | undefined {
  if (!terms || terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of terms) {
    const ofTerm = namesOfTerm(term);
    if (ofTerm === undefined) return undefined;
    for (const name of ofTerm) names.add(name);
  }
  return names;
}

function namesOfTerm(term: NodeSelectorTerm): readonly string[] | undefined {
  let names: readonly string[] | undefined;
  for (const { key, operator, values = [] } of term.matchFields ?? []) {
    if (key !== 'metadata.name' || operator !== 'In') continue;
    names = names === undefined ? values : names.filter((name) => values.includes(name));
  }
  return names;
}
