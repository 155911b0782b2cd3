/** What docs/results.md says of tables and figures, made from themselves. */
import { flatMetrics } from '../metrics/flat-metrics.ts';
import { Recorder } from '../metrics/recorder.ts';
import type { Column, Table } from './table.ts';
import { API } from './tables/api.ts';
import { EVENTS } from './tables/events.ts';
import { LATENCY } from './tables/latency.ts';
import { nodesTable } from './tables/nodes.ts';
import { PODS } from './tables/pods.ts';
import { QUEUES } from './tables/queues.ts';
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
  return [PODS, nodes, utilization, LATENCY, WORKLOADS, REPLICAS, API, QUEUES, EVENTS] as Described[];
}

const TERMS = `## Terms

- **Requested** is what pods ask for from their binding to their end, as kube-scheduler counts it. **In use** is what their
  containers take, where the model of nodes says so. Shares run from 0 to 1.
- A pod's **class** is its workload (a Deployment's, not its ReplicaSet's; a CronJob's, not its Job's), or the group that its
  generator or trace gives it, or else its app label. Beyond 1,000 classes the rest is \`(other)\` in latency.csv.
- A **disruption** of a workload begins when it had all its replicas ready and loses one, and ends when all are ready again.
  What is missed while a workload comes up or grows counts as missed, not as a disruption.
- The **start-up objective** of Kubernetes: 99 % of pods run within 5 s of their creation. It does not speak of pods that an
  attempt refused, of pods with claims or init containers, and of the time that images are pulled.
`;

/** Markdown: terms, a section for each table, and the names of figures. */
export function tablesMarkdown(): string {
  return [TERMS, '## Tables\n', ...exampleTables().map(section), figures()].join('\n');
}

function figures(): string {
  const names = Object.keys(flatMetrics(new Recorder().finish(0))).filter(
    (name) => !name.startsWith('latency.'),
  );
  return `## Figures by name

Objectives and comparisons know the figures of a run by these names, times in seconds:
${names.map((name) => `\`${name}\``).join(', ')}.

- \`latency.PHASE.mean\`, \`.p50\`, \`.p90\`, \`.p99\` and \`.max\` for each phase of latency.csv.
- \`utilization.RESOURCE.mean\` and \`.max\` for each resource of the nodes; \`use.\` exists of cpu and memory.
- \`pool.NAME.\` before the names of nodes, cost, utilization and use gives them for one pool.
`;
}

function section({ file, description, columns }: Described): string {
  const rows = columns.map(({ name, unit, description: what }) => `| \`${name}\` | ${unit} | ${what} |`);
  return `### ${file}\n\n${description}\n\n| column | unit | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}
