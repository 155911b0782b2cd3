// A plan's answer for people: the cluster, what it costs, how near the bound it is, what binds it, and what else there is.

import type { Binding } from '../../experiment/plan/binding.ts';
import type { PlanProblem } from '../../experiment/plan/demand.ts';
import type { PlannedCluster, PlanResult } from '../../experiment/plan/plan-result.ts';
import { foundText } from '../../report/tables/experiments.ts';
import { percentText, plural } from '../../report/text.ts';
import { terminalTable } from '../terminal-table.ts';
import { figureText, metricText } from './metric-text.ts';
import { nPodsOf, planNotes, shortList } from './plan-notes.ts';
import type { OpenedPlan } from './plan-problem.ts';

const PENDING = 'pods.pending';

/** `3 × m6g-large + 1 × c6i-large`. */
export function clusterText({ cluster }: PlannedCluster): string {
  const parts = Object.entries(cluster.nodes).map(([pool, count]) => `${count} × ${pool}`);
  return parts.length === 0 ? 'no nodes' : parts.join(' + ');
}

function money(amount: number | null): string {
  return amount === null ? 'unknown' : `$${amount.toFixed(amount < 10 ? 3 : 2)}`;
}

/** What is minimized, in its unit. */
function weightText(weight: number, { weights: { cost, nodes } }: PlanProblem): string {
  if (nodes === 0 && cost === 1) return `${money(weight)} an hour`;
  return cost === 0 && nodes === 1 ? plural(Math.ceil(weight - 1e-6), 'node') : figureText(weight);
}

/** Said where it is neither the cost nor the number of nodes. */
function weightLines({ weight }: PlannedCluster, { weights: { cost, nodes } }: PlanProblem): string[] {
  if (cost * nodes === 0) return [];
  return [
    `Weight    ${figureText(weight)}: the cost an hour × ${figureText(cost)} + the nodes × ${figureText(nodes)}`,
  ];
}

export function planLines(
  name: string,
  opened: OpenedPlan,
  answer: PlanResult,
  most: PlanResult | undefined,
): string[] {
  const { chosen } = answer;
  const { problem, copies } = opened;
  const nPods = nPodsOf(problem.demand.pods);
  const head = `${name} · ${plural(nPods, 'pod')} to place${copies === 1 ? '' : ` (replicas × ${figureText(copies)})`}, ${plural(problem.pools.length, 'pool')} to choose from, ${plural(answer.nJudged, 'cluster')} judged`;
  if (chosen === undefined)
    return [head, '', 'No cluster that was judged meets the objectives.', ...missedOfLast(answer, problem)];
  return [
    head,
    '',
    `Cluster   ${clusterText(chosen)}`,
    `Cost      ${money(chosen.costPerHour)} an hour, ${money(chosen.costPerMonth)} a month (730 h), ${plural(chosen.nNodes, 'node')}`,
    ...weightLines(chosen, problem),
    `Bound     ${weightText(answer.bound.value, problem)} by ${answer.bound.from}; nothing that meets the objectives is more than ${percentText(answer.gapRatio ?? 0)} lighter`,
    ...between(answer, most, problem),
    ...bindingLines(answer.binding),
    ...planNotes(opened, answer, chosen),
    ...alternativeLines(answer),
  ];
}

/** What lies between the bound and the answer: first what no packing avoids, then what the scheduler adds. */
function between(
  { chosen, bound, packedWeight }: PlanResult,
  most: PlanResult | undefined,
  problem: PlanProblem,
): string[] {
  const lines: string[] = [];
  if (packedWeight !== undefined && packedWeight > bound.value + 1e-9) {
    const ratio = (packedWeight - bound.value) / bound.value;
    lines.push(
      `Between   whole pods on whole nodes: the lightest packing found is ${weightText(packedWeight, problem)} (${percentText(ratio)} above the bound)`,
    );
  }
  if (most?.chosen) {
    const saved = chosen!.weight - most.chosen.weight;
    const text = spreadingText(saved / chosen!.weight);
    lines.push(
      `          with MostAllocated ${clusterText(most.chosen)}, ${money(most.chosen.costPerHour)} an hour: ${text}`,
    );
  }
  return lines;
}

function spreadingText(savedRatio: number): string {
  if (savedRatio > 1e-9) return `${percentText(savedRatio)} lighter: the price of spreading`;
  return savedRatio < -1e-9 ? 'filling nodes does not help here' : 'no lighter: spreading costs nothing here';
}

function bindingLines(binding: Binding | undefined): string[] {
  if (binding === undefined) return [];
  const { resource, utilizationRatio, pool, missed, pods } = binding;
  const fullest = `Binding   ${resource}: ${percentText(utilizationRatio)} of what the nodes have for pods is requested`;
  if (pool === undefined) return [fullest];
  const objectives = missed.map((result) => foundText(result, metricText)).join(', ');
  return [fullest, `          one node of ${pool} less misses ${objectives}${roomText(pods, missed)}`];
}

/** Nothing where all pods find room, and it is another objective that needs the node. */
function roomText(pods: readonly string[], missed: Binding['missed']): string {
  if (pods.length > 0) return `; no room for ${shortList(pods)}`;
  return missed.some(({ objective }) => objective.metric === PENDING)
    ? "; it would fit by arithmetic: the scheduler's choices need the node"
    : '';
}

function alternativeLines({ chosen, alternatives }: PlanResult): string[] {
  if (alternatives.length === 0) return [];
  const rows = [chosen!, ...alternatives].map((planned) => [
    clusterText(planned),
    String(planned.nNodes),
    money(planned.costPerHour),
    money(planned.costPerMonth),
    percentText(Math.max(0, planned.weight - chosen!.weight) / chosen!.weight),
  ]);
  return ['', ...terminalTable(['runners-up', 'nodes', 'an hour', 'a month', 'more'], rows)];
}

function missedOfLast({ bound, frontier }: PlanResult, problem: PlanProblem): string[] {
  const best = Object.entries(frontier).flatMap(([metric, points]) => {
    const last = points.at(-1);
    return last
      ? [`Best seen ${metric} ${metricText(metric, last.value)}: ${clusterText(last.planned)}`]
      : [];
  });
  return [
    ...best,
    `The lower bound is ${weightText(bound.value, problem)}: allow more nodes (max), other pools, or weaker objectives.`,
  ];
}
