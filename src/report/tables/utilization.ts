/** utilization.csv: the cluster and its pools over time. */
import type { UtilizationSample } from '../../metrics/run-metrics.ts';
import { type Column, column, rounded, seconds, type Table } from '../table.ts';
import { resourceUnit } from './resources.ts';

function ofResource(resource: string, id: number): Column<UtilizationSample>[] {
  const { name, unit, scale } = resourceUnit(resource);
  return [
    column(`${name}_allocatable`, unit, `${resource} allocatable on all nodes`, ({ allocatable }) =>
      rounded((allocatable[id] ?? 0) * scale),
    ),
    column(
      `${name}_requested`,
      'share',
      `${resource} requested, share of allocatable`,
      ({ allocatable, requested }) => rounded(requested[id]! / allocatable[id]!),
    ),
  ];
}

/** Resources that there never are any of are left out. */
export function utilizationTable(
  resources: readonly string[],
  samples: readonly Pick<UtilizationSample, 'allocatable'>[],
): Table<UtilizationSample> {
  const isThere = (id: number) => samples.some(({ allocatable }) => (allocatable[id] ?? 0) > 0);
  return {
    file: 'utilization.csv',
    description:
      'The cluster and each pool at fixed distances and at the end, after all that happened at that moment.',
    columns: [
      column('time_s', 's', 'When', ({ atUs }) => seconds(atUs)),
      column('pool', '', 'Node group; `*` is the whole cluster', ({ pool }) => pool || '*'),
      column('nodes', '', 'Nodes', ({ nNodes }) => nNodes),
      column('nodes_ready', '', 'Nodes that are Ready', ({ nNodesReady }) => nNodesReady),
      column('pods', '', 'Pods on nodes that have not finished', ({ nPods }) => nPods),
      column(
        'pods_pending',
        '',
        'Pods without a node (whole cluster only)',
        ({ nPending }) => nPending ?? undefined,
      ),
      column('cost_per_hour', '', 'Of the nodes there; empty where no price is known', (row) =>
        rounded(row.costPerHour),
      ),
      ...resources.flatMap((resource, id) => (isThere(id) ? ofResource(resource, id) : [])),
    ],
  };
}
