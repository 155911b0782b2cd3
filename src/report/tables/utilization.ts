/** utilization.csv: the cluster and its pools over time. */
import type { QueueCounts, UtilizationSample } from '../../metrics/run-metrics.ts';
import { type Column, column, rounded, seconds, type Table } from '../table.ts';
import { resourceUnit } from './resources.ts';

type Sample = UtilizationSample;

function ofResource(resource: string, id: number, isUseKnown: boolean): Column<Sample>[] {
  const { name, unit, scale } = resourceUnit(resource);
  const share = (suffix: string, what: string, amountOf: (sample: Sample) => number | undefined) =>
    column<Sample>(`${name}_${suffix}`, 'share', `${resource} ${what}, share of allocatable`, (sample) =>
      rounded((amountOf(sample) ?? Number.NaN) / sample.allocatable[id]!),
    );
  return [
    column(`${name}_allocatable`, unit, `${resource} allocatable on all nodes`, ({ allocatable }) =>
      rounded((allocatable[id] ?? 0) * scale),
    ),
    share('requested', 'requested', ({ requested }) => requested[id]),
    ...(isUseKnown ? [share('used', 'in use', ({ used }) => used?.[id])] : []),
  ];
}

const waiting = (name: string, description: string, of: (counts: QueueCounts) => number): Column<Sample> =>
  column(name, '', `${description} (whole cluster only)`, (sample) => sample.waiting && of(sample.waiting));

/** Resources that there never are any of are left out, and use where the nodes tell nothing of it. */
export function utilizationTable(
  resources: readonly string[],
  samples: readonly Pick<Sample, 'allocatable' | 'used'>[],
): Table<Sample> {
  const isThere = (id: number) => samples.some(({ allocatable }) => (allocatable[id] ?? 0) > 0);
  const isUseKnown = (id: number) => samples.some(({ used }) => used?.[id] !== undefined);
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
      waiting('pods_pending', 'Pods without a node', ({ nPending }) => nPending),
      waiting('queue_active', 'Pods in activeQ', ({ nActive }) => nActive),
      waiting('queue_backoff', 'Pods in backoffQ', ({ nBackoff }) => nBackoff),
      waiting(
        'queue_unschedulable',
        'Unschedulable pods in the queue',
        ({ nUnschedulable }) => nUnschedulable,
      ),
      waiting('queue_gated', 'Pods held back before the queue', ({ nGated }) => nGated),
      column('cost_per_hour', '', 'Of the nodes there; empty where no price is known', ({ costPerHour }) =>
        rounded(costPerHour),
      ),
      ...resources.flatMap((resource, id) => (isThere(id) ? ofResource(resource, id, isUseKnown(id)) : [])),
    ],
  };
}
