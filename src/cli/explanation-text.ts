// An explained scheduling attempt in words and tables.

import { formatDurationUs } from '../base/duration.ts';
import type { ExplainedNode, Explanation, PluginScore } from '../scheduler/explain/explanation.ts';
import type { TieBreakRule } from '../simulator/explain.ts';
import { terminalTable } from './terminal-table.ts';

export interface PodExplanation extends Explanation {
  readonly pod: string;
  readonly namespace: string;
  readonly tieBreak: TieBreakRule;
}

const TIE_RULES: Readonly<Record<TieBreakRule, string>> = {
  heap: "the one at the root of kube-scheduler's heap over the feasible nodes (its rule since 1.37)",
  random: 'one at random (the rule before 1.37)',
  first: 'the first one found',
};

/** @param nNodesShown of each table; 0 for all */
export function renderExplanation(explanation: PodExplanation, nNodesShown: number): string[] {
  const { namespace, pod, attempt, timeUs, schedulerName } = explanation;
  const limit = nNodesShown || Number.POSITIVE_INFINITY;
  return [
    `${namespace}/${pod}, attempt ${attempt} at ${formatDurationUs(timeUs)} by ${schedulerName}`,
    verdict(explanation),
    '',
    ...looked(explanation),
    ...feasibleTable(explanation, limit),
    ...rejectedTable(explanation, limit),
  ];
}

function verdict({ outcome, nodeName, message, nFeasible, nTied, nodes, tieBreak }: PodExplanation): string {
  if (outcome === 'error') return `The attempt failed: ${message}`;
  if (outcome === 'unschedulable') {
    const room = nodeName === '' ? '' : `\nPreemption makes room on ${nodeName}.`;
    return `Not scheduled: ${message}${room}`;
  }
  if (nFeasible === 1) {
    return nodes.length === 1
      ? `Scheduled on ${nodeName}: the only node that was looked at, and it is feasible; nothing is scored.`
      : `Scheduled on ${nodeName}: the only feasible node; nothing is scored.`;
  }
  const { total } = nodes.find(({ name }) => name === nodeName)!;
  if (nTied === 1) return `Scheduled on ${nodeName}: the highest total, ${total}.`;
  return `Scheduled on ${nodeName}: ${nTied} nodes have the highest total, ${total}; of these, ${TIE_RULES[tieBreak]}.`;
}

function looked(explanation: PodExplanation): string[] {
  const { nNodes, nFeasible, nodes, namedBy, preFilterRejection, skippedFilters, skippedScores } =
    explanation;
  const nLeft = nNodes - nodes.length;
  const list = (what: string, names: readonly string[]) =>
    names.length > 0 ? [`${what}: ${names.join(', ')}`] : [];
  const feasible = nodes.find(({ rejection }) => !rejection);
  return [
    ...(preFilterRejection
      ? [`Rejected by ${preFilterRejection.plugin} before any node was looked at.`]
      : [
          `Nodes: ${nNodes}, looked at ${nodes.length}, feasible ${nFeasible}${nLeft > 0 ? `, not looked at ${nLeft}` : ''}`,
        ]),
    ...list('Nodes were named by', namedBy),
    ...list('Passed by each feasible node', feasible?.passed ?? []),
    ...list('Filters with nothing to say', skippedFilters),
    ...list('Scores with nothing to say', skippedScores),
  ];
}

/** Best first; what a plugin says of all nodes alike stands below in one line. */
function feasibleTable({ nodes, nodeName }: PodExplanation, limit: number): string[] {
  const scored = nodes.filter(({ scores }) => scores !== undefined);
  if (scored.length === 0) return [];
  const plugins = scored[0]!.scores!.map((_, i) => scored.map(({ scores }) => scores![i]!));
  const telling = plugins.flatMap((column, i) => (isSame(column) ? [] : [i]));
  const rank = (node: ExplainedNode) => (node.name === nodeName ? Number.POSITIVE_INFINITY : node.total!);
  const best = [...scored].sort((a, b) => (rank(b) === rank(a) ? 0 : rank(b) - rank(a))).slice(0, limit);
  const head = ['feasible node', 'total', ...telling.map((i) => headOf(plugins[i]![0]!))];
  const rows = best.map(({ name, total, scores }) => [
    name === nodeName ? `${name} *` : name,
    `${total}`,
    ...telling.map((i) => cellOf(scores![i]!)),
  ]);
  const same = plugins.filter(isSame).map(([score]) => `${score!.plugin} ${cellOf(score!)}`);
  return [
    '',
    'Scores are shown as raw → normalized → weighted.',
    ...terminalTable(head, rows),
    ...more(scored.length - best.length),
    ...(same.length > 0 ? [`The same for each: ${same.join(', ')}`] : []),
  ];
}

function isSame(column: readonly PluginScore[]): boolean {
  return column.every((score) => cellOf(score) === cellOf(column[0]!));
}

/** In narrow columns: a word of the plugin's name in each line. */
function headOf({ plugin }: PluginScore): string {
  return plugin.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '\n');
}

function cellOf({ raw, normalized, weighted }: PluginScore): string {
  return `${raw} → ${normalized} → ${weighted}`;
}

function rejectedTable({ nodes }: PodExplanation, limit: number): string[] {
  const rejected = nodes.filter(({ rejection }) => rejection !== undefined);
  if (rejected.length === 0) return [];
  const rows = rejected
    .slice(0, limit)
    .map(({ name, rejection }) => [name, rejection!.plugin, rejection!.reasons.join(', ')]);
  return [
    '',
    ...terminalTable(['rejected node', 'by', 'reason'], rows, 3),
    ...more(rejected.length - rows.length),
  ];
}

function more(n: number): string[] {
  return n > 0 ? [`… and ${n} more (--nodes 0 shows all)`] : [];
}
