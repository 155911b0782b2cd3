/**
 * One scheduling attempt taken apart: what each plugin said of each node and why the winner won. Worked out by the
 * plain scan at the instant of the attempt, from the scheduler's own columns, and held against what was decided.
 * A node's Filter ends at the plugin that rejects it, as in kube-scheduler: those after it were not asked.
 */
import { assert } from '../../base/assert.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { FilterRun } from '../framework/filter-run.ts';
import type { Nominator } from '../framework/nominator.ts';
import type { Cycle, PodInfo } from '../framework/plugin.ts';
import type { Profile } from '../framework/profile.ts';
import { PlainScan } from '../framework/schedule-pod.ts';
import { runScore, type ScoreTable } from '../framework/score-run.ts';
import type { Status } from '../framework/status.ts';
import { firstTop } from '../framework/tie-break.ts';
import type { Attempt } from '../scheduling-attempts.ts';

/** An attempt just made; nothing has come of it yet, so the columns are those that it saw. */
export interface SeenAttempt {
  readonly pod: PodInfo;
  readonly profile: Profile;
  readonly cluster: Cluster;
  readonly nominator: Nominator;
  /** Where the walk over the nodes began. */
  readonly startNodeIndex: number;
  /** Counts the pod's attempts, from 1. */
  readonly number: number;
  readonly attempt: Attempt;
  readonly nowUs: number;
}

/** Is shown every attempt of a scheduler; may look and must change nothing. */
export type AttemptWitness = (seen: SeenAttempt) => void;

export interface Rejection {
  readonly plugin: string;
  readonly code: string;
  readonly reasons: readonly string[];
}

export interface PluginScore {
  readonly plugin: string;
  readonly raw: number;
  readonly normalized: number;
  readonly weighted: number;
}

/** A node that was looked at. */
export interface ExplainedNode {
  readonly name: string;
  /** The Filter plugins that let the node pass, in the order in which they were asked. */
  readonly passed: readonly string[];
  readonly rejection?: Rejection;
  /** Of a feasible node, unless it is the only one: then nothing is scored. */
  readonly scores?: readonly PluginScore[];
  readonly total?: number;
}

export interface Explanation {
  readonly timeUs: number;
  readonly attempt: number;
  readonly schedulerName: string;
  readonly outcome: 'scheduled' | 'unschedulable' | 'error';
  /** The node that was chosen, or that preemption makes room on; '' for none. */
  readonly nodeName: string;
  /** Why the pod was not scheduled; '' if it was. */
  readonly message: string;
  readonly nNodes: number;
  readonly nFeasible: number;
  /** PreFilter rejected the pod before any node was looked at. */
  readonly preFilterRejection?: Rejection;
  /** The plugins whose PreFilter left nodes out. */
  readonly namedBy: readonly string[];
  /** Filter plugins that had nothing to say about this pod. */
  readonly skippedFilters: readonly string[];
  /** Score plugins that had nothing to say about this pod. */
  readonly skippedScores: readonly string[];
  /** How many nodes have the highest total; 0 if nothing was scored. */
  readonly nTied: number;
  /** In the order in which they were looked at. */
  readonly nodes: readonly ExplainedNode[];
}

export function explain(seen: SeenAttempt): Explanation {
  const { attempt, cluster, number, nowUs, profile } = seen;
  const base = {
    timeUs: nowUs,
    attempt: number,
    schedulerName: profile.schedulerName,
    outcome: OUTCOMES[attempt.outcome],
    nodeName: 'nodeName' in attempt ? attempt.nodeName : '',
    message: messageOf(attempt),
    nNodes: cluster.nodes.nNodes,
  };
  if (attempt.outcome === 'error' || attempt.outcome === 'no nodes') return { ...base, ...NOTHING_LOOKED_AT };
  return { ...base, ...look(seen) };
}

const OUTCOMES = {
  scheduled: 'scheduled',
  rejected: 'unschedulable',
  'no nodes': 'unschedulable',
  error: 'error',
} as const;

const NOTHING_LOOKED_AT = {
  nFeasible: 0,
  namedBy: [],
  skippedFilters: [],
  skippedScores: [],
  nTied: 0,
  nodes: [],
} satisfies Partial<Explanation>;

function messageOf(attempt: Attempt): string {
  if (attempt.outcome === 'scheduled') return '';
  if (attempt.outcome === 'rejected') return attempt.message;
  return attempt.outcome === 'error'
    ? attempt.error.reasons.join(', ')
    : 'no nodes available to schedule pods';
}

type Looked = Pick<
  Explanation,
  'preFilterRejection' | 'namedBy' | 'nFeasible' | 'skippedFilters' | 'skippedScores' | 'nTied' | 'nodes'
>;

function look({ pod, profile, cluster, nominator, startNodeIndex, attempt }: SeenAttempt): Looked {
  const cycle: Cycle = { cluster, pod, cls: pod.cls };
  const run = new FilterRun(profile, cycle);
  const { rejection, namedBy } = run.outcome;
  const skippedFilters = profile.filter.filter((plugin) => run.skipped.has(plugin)).map(({ name }) => name);
  if (rejection)
    return { ...NOTHING_LOOKED_AT, preFilterRejection: rejectionOf(rejection), namedBy, skippedFilters };
  const scan = new PlainScan(cluster, profile, nominator, firstTop);
  scan.nextStartNodeIndex = startNodeIndex;
  const { feasible, failed } = scan.findFeasible(cycle, run);
  const table = feasible.length > 1 ? runScore(profile, cycle, feasible, true) : undefined;
  checkAgainst(attempt, cluster, feasible, table);
  const asked = run.plugins.map(({ name }) => name);
  const place = new Map(Array.from(feasible, (node, i) => [node, i]));
  const nodeOf = (node: number): ExplainedNode => {
    const name = cluster.nodes.names[node]!;
    const status = failed.get(node);
    if (status) return rejected(name, status, asked);
    return { name, passed: asked, ...(table && scoresOf(table, place.get(node)!)) };
  };
  const isSeen = (node: number) => place.has(node) || failed.has(node);
  return {
    namedBy,
    skippedFilters,
    skippedScores: Array.from(table?.skipped ?? [], ({ name }) => name),
    nFeasible: feasible.length,
    nTied: table ? table.totals.filter((total) => total === bestOf(table)).length : 0,
    nodes: inWalkOrder(run, startNodeIndex).filter(isSeen).map(nodeOf),
  };
}

function inWalkOrder({ outcome, cycle }: FilterRun, start: number): number[] {
  const { order, nodes } = cycle.cluster;
  const { nodeNames } = outcome;
  const walk = [...order.walk()].filter((node) => nodeNames?.has(nodes.names[node]!) ?? true);
  const first = walk.length === 0 ? 0 : start % walk.length;
  return [...walk.slice(first), ...walk.slice(0, first)];
}

function bestOf({ totals }: ScoreTable): number {
  return totals[firstTop(totals, totals.length)]!;
}

function rejected(name: string, status: Status, asked: readonly string[]): ExplainedNode {
  return { name, passed: asked.slice(0, asked.indexOf(status.plugin)), rejection: rejectionOf(status) };
}

function rejectionOf({ plugin, code, reasons }: Status): Rejection {
  return { plugin, code, reasons };
}

function scoresOf({ plugins, totals }: ScoreTable, i: number): Pick<ExplainedNode, 'scores' | 'total'> {
  const scores = plugins.map(({ name, weight, raw, normalized }) => ({
    plugin: name,
    raw: raw![i]! + 0,
    normalized: normalized[i]! + 0,
    weighted: normalized[i]! * weight + 0,
  }));
  return { scores, total: totals[i]! };
}

/** What is shown must be what was decided. */
function checkAgainst(attempt: Attempt, cluster: Cluster, feasible: Int32Array, table?: ScoreTable): void {
  if (attempt.outcome !== 'scheduled') {
    assert(feasible.length === 0, 'a pod was rejected though a node would take it');
    return;
  }
  const winner = feasible.indexOf(cluster.nodes.find(attempt.nodeName));
  assert(winner !== -1, `${attempt.nodeName} was chosen and is not feasible`);
  assert(attempt.nFeasible === feasible.length, 'more or fewer nodes are feasible than were found');
  if (!table) return;
  assert(
    table.totals[winner] === bestOf(table),
    `${attempt.nodeName} was chosen and has not the highest total`,
  );
}
