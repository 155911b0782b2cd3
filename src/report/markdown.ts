/** The description of all tables for docs/results.md, made from the tables themselves. */
import type { Column, Table } from './table.ts';
import { API } from './tables/api.ts';
import { EVENTS } from './tables/events.ts';
import { LATENCY } from './tables/latency.ts';
import { nodesTable } from './tables/nodes.ts';
import { PODS } from './tables/pods.ts';
import { utilizationTable } from './tables/utilization.ts';
import { REPLICAS, WORKLOADS } from './tables/workloads.ts';

type Described = Omit<Table<never>, 'columns'> & { readonly columns: readonly Omit<Column<never>, 'of'>[] };

/** Columns of resources differ from run to run: those of CPU stand for them. */
function exampleTables(): Described[] {
  const one = Float64Array.of(1);
  const cpu = {
    resource: 'cpu',
    allocatable: one,
    requested: one,
    requestedMax: one,
    meanRatio: one,
    usedMeanRatio: one,
  };
  const empty = { name: [], pool: [], zone: [], instanceType: [] };
  const numbers = { addedUs: one, removedUs: one, nPods: one, nPodsMax: one, nPodsEver: one, idleUs: one };
  const nodes = nodesTable({ ...empty, ...numbers, cost: one, resources: [cpu] });
  const utilization = utilizationTable(['cpu'], [{ allocatable: [1], used: [1] }]);
  return [PODS, nodes, utilization, LATENCY, WORKLOADS, REPLICAS, API, EVENTS] as Described[];
}

/** Markdown: a heading, a sentence and a table of columns for each file. */
export function tablesMarkdown(): string {
  return exampleTables().map(section).join('\n');
}

function section({ file, description, columns }: Described): string {
  const rows = columns.map(({ name, unit, description: what }) => `| \`${name}\` | ${unit} | ${what} |`);
  return `### ${file}\n\n${description}\n\n| column | unit | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}
