/** Tables of a plan: the chosen cluster with its runners-up, and the frontier of weight against each objective. */
import type { PlanProblem } from '../../experiment/plan/demand.ts';
import type { FrontierPoint, PlannedCluster, PlanResult } from '../../experiment/plan/plan-result.ts';
import { column, rounded, type Table } from '../table.ts';

export interface PlanRow {
  readonly rank: number;
  readonly scheduler: string;
  readonly pool: string;
  readonly nodeType: string;
  readonly nNodes: number;
  readonly pricePerHour: number | null;
  readonly planned: PlannedCluster;
  readonly boundValue: number;
}

/** `scheduler`: "own" is that of the scenario. Rank 0 is the chosen cluster. */
export function planRows(
  answers: readonly { scheduler: string; answer: PlanResult }[],
  { pools }: PlanProblem,
): PlanRow[] {
  return answers.flatMap(({ scheduler, answer }) =>
    [...(answer.chosen ? [answer.chosen] : []), ...answer.alternatives].flatMap((planned, rank) =>
      pools.flatMap(({ name, nodeType, pricePerHour }): PlanRow[] => {
        const nNodes = planned.cluster.nodes[name] ?? 0;
        if (nNodes === 0) return [];
        return [
          {
            rank,
            scheduler,
            pool: name,
            nodeType,
            nNodes,
            pricePerHour,
            planned,
            boundValue: answer.bound.value,
          },
        ];
      }),
    ),
  );
}

export const planTable: Table<PlanRow> = {
  file: 'plan.csv',
  description: 'The chosen cluster (rank 0) and the runners-up, a row for each pool.',
  columns: [
    column(
      'scheduler',
      '',
      "own: the scenario's; MostAllocated: the same plan with it.",
      (row) => row.scheduler,
    ),
    column('rank', '', '0 is the chosen cluster.', (row) => row.rank),
    column('pool', '', 'Name of the pool.', (row) => row.pool),
    column('node_type', '', 'Instance type, or the name of the pool.', (row) => row.nodeType),
    column('nodes', '', 'Nodes of the pool.', (row) => row.nNodes),
    column(
      'price_per_hour',
      'USD',
      'Of one node, spot share included; empty if unknown.',
      (row) => row.pricePerHour,
    ),
    column('cluster_nodes', '', 'Nodes of the whole cluster.', (row) => row.planned.nNodes),
    column('cluster_cost_per_hour', 'USD', 'Of the whole cluster.', (row) =>
      rounded(row.planned.costPerHour),
    ),
    column('cluster_cost_per_month', 'USD', 'Of the whole cluster in 730 hours.', (row) =>
      rounded(row.planned.costPerMonth),
    ),
    column('weight', '', 'What is minimized.', (row) => rounded(row.planned.weight)),
    column('bound', '', 'No cluster that meets the objectives weighs less.', (row) =>
      rounded(row.boundValue),
    ),
    column('certain', '', 'Whether the replications decided it: yes or no.', (row) =>
      row.planned.certain ? 'yes' : 'no',
    ),
  ],
};

export interface FrontierRow {
  readonly metric: string;
  readonly point: FrontierPoint;
}

export function frontierRows({ frontier }: PlanResult): FrontierRow[] {
  return Object.entries(frontier).flatMap(([metric, points]) => points.map((point) => ({ metric, point })));
}

export const frontierTable: Table<FrontierRow> = {
  file: 'frontier.csv',
  description: 'For each objective the clusters of which none is both lighter and better, lightest first.',
  columns: [
    column('metric', '', 'Metric of the objective.', (row) => row.metric),
    column('value', '', 'Its value on this cluster.', (row) => rounded(row.point.value)),
    column('weight', '', 'What is minimized.', (row) => rounded(row.point.planned.weight)),
    column('cost_per_hour', 'USD', 'Empty if unknown.', (row) => rounded(row.point.planned.costPerHour)),
    column('nodes', '', 'Nodes of the cluster.', (row) => row.point.planned.nNodes),
    column('met', '', 'Whether it meets all objectives: yes or no.', (row) =>
      row.point.planned.met ? 'yes' : 'no',
    ),
    column('cluster', '', 'Nodes by pool.', (row) =>
      Object.entries(row.point.planned.cluster.nodes)
        .map(([pool, count]) => `${pool}=${count}`)
        .join(' '),
    ),
  ],
};
