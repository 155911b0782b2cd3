/** nodes.csv: a row for each node that ever was. The columns of resources follow from what the nodes have. */
import type { NodeColumns, NodeResourceColumns } from '../../metrics/run-metrics.ts';
import { type Column, column, rounded, seconds, type Table } from '../table.ts';
import { resourceUnit } from './resources.ts';

/** A node is its position in the columns. */
type Row = number;

function ofResource(resource: NodeResourceColumns): Column<Row>[] {
  const { name, unit, scale } = resourceUnit(resource.resource);
  const amount = (suffix: string, what: string, values: Float64Array) =>
    column<Row>(`${name}_${suffix}`, unit, `${resource.resource} ${what}`, (row) =>
      rounded(values[row]! * scale),
    );
  const share = (suffix: string, what: string, ratios: Float64Array) =>
    column<Row>(
      `${name}_${suffix}`,
      'share',
      `${resource.resource} ${what}, mean over time of the share of allocatable`,
      (row) => rounded(ratios[row]),
    );
  return [
    amount('allocatable', 'allocatable (last known)', resource.allocatable),
    amount('requested', 'requested at the end', resource.requested),
    amount('requested_max', 'requested at most', resource.requestedMax),
    share('mean', 'requested', resource.meanRatio),
    ...(resource.usedMeanRatio ? [share('used_mean', 'in use', resource.usedMeanRatio)] : []),
  ];
}

/** Resources that no node has are left out. */
export function nodesTable(nodes: NodeColumns): Table<Row> {
  const inUse = nodes.resources.filter(({ allocatable }) => allocatable.some((amount) => amount > 0));
  return {
    file: 'nodes.csv',
    description: 'A row for each node that ever was, in order of appearance.',
    columns: [
      column('node', '', 'Name', (row) => nodes.name[row]),
      column('pool', '', 'Node group, by its label', (row) => nodes.pool[row]),
      column('zone', '', 'Zone, by its label', (row) => nodes.zone[row]),
      column('instance_type', '', 'Instance type, by its label', (row) => nodes.instanceType[row]),
      column('added_s', 's', 'When it appeared', (row) => seconds(nodes.addedUs[row])),
      column('removed_s', 's', 'When it was removed; empty if it is there at the end', (row) =>
        seconds(nodes.removedUs[row]),
      ),
      column('pods', '', 'Pods on it at the end', (row) => nodes.nPods[row]),
      column('pods_max', '', 'Most pods at once', (row) => nodes.nPodsMax[row]),
      column('pods_ever', '', 'Pods that it had in all', (row) => nodes.nPodsEver[row]),
      column('idle_s', 's', 'Time without pods other than those of DaemonSets', (row) =>
        seconds(nodes.idleUs[row]),
      ),
      column('cost', '', 'Price an hour times the time it was there; empty where unknown', (row) =>
        rounded(nodes.cost[row]),
      ),
      ...inUse.flatMap(ofResource),
    ],
  };
}

/** The rows of {@link nodesTable}. */
export function nodeRows({ name }: NodeColumns): Row[] {
  return name.map((_, row) => row);
}
