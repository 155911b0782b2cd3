/** workloads.csv and replicas.csv: Deployments and the like over their whole life, and from change to change. */
import type { ReplicasRecord, WorkloadRecord } from '../../metrics/records.ts';
import { type Column, column, seconds, type Table } from '../table.ts';

const time = (
  name: string,
  description: string,
  of: (row: WorkloadRecord) => number | undefined,
): Column<WorkloadRecord> => column(name, 's', description, (row) => seconds(of(row)));

const ifAny = (count: number, us: number) => (count > 0 ? us : undefined);

export const WORKLOADS: Table<WorkloadRecord> = {
  file: 'workloads.csv',
  description:
    'A row for each Deployment, StatefulSet, DaemonSet, ReplicaSet of its own and Job, written when it is deleted, the rest at the end of the run.',
  columns: [
    column('kind', '', 'Kind', (row) => row.kind),
    column('namespace', '', 'Namespace', (row) => row.namespace),
    column('name', '', 'Name', (row) => row.name),
    time('created_s', 'Created', (row) => row.createdUs),
    time('deleted_s', 'Deleted; empty if it is there at the end', (row) => row.deletedUs),
    column('desired', '', 'Desired replicas at the end; 0 for a Job', (row) => row.nDesired),
    column('ready', '', 'Ready pods at the end', (row) => row.nReady),
    time('first_full_s', 'When all desired replicas were ready for the first time', (row) => row.firstFullUs),
    column('missed', 'replica s', 'Desired replicas that were not ready, summed over time', (row) =>
      seconds(row.missedReplicaUs),
    ),
    column('desired_total', 'replica s', 'Desired replicas summed over time', (row) =>
      seconds(row.desiredReplicaUs),
    ),
    column('disruptions', '', 'How often a complete workload lost ready replicas', (row) => row.nDisruptions),
    time('recovery_max_s', 'Longest time until all were ready again', (row) =>
      ifAny(row.nDisruptions, row.recoveryUsMax),
    ),
    time('recovery_total_s', 'Sum of such times', (row) => ifAny(row.nDisruptions, row.recoveryUsTotal)),
    column(
      'rollouts',
      '',
      'Templates brought out completely, the first one included',
      (row) => row.nRollouts,
    ),
    time('rollout_last_s', 'How long the last took', (row) => ifAny(row.nRollouts, row.rolloutUsLast)),
    time('rollout_max_s', 'How long the longest took', (row) => ifAny(row.nRollouts, row.rolloutUsMax)),
    column('restarts', '', 'Restarts of containers of its pods', (row) => row.nRestarts),
    column('evictions', '', 'Pods evicted', (row) => row.nEvictions),
    time('makespan_s', 'Of a Job: from creation to completion or failure', (row) => row.makespanUs),
    column('outcome', '', 'Of a Job: Complete, Failed or empty', (row) => row.outcome),
  ],
};

export const REPLICAS: Table<ReplicasRecord> = {
  file: 'replicas.csv',
  description: 'Desired and ready replicas of each workload but Jobs, whenever one of them has changed.',
  columns: [
    column('time_s', 's', 'When', (row) => seconds(row.atUs)),
    column('kind', '', 'Kind', (row) => row.kind),
    column('namespace', '', 'Namespace', (row) => row.namespace),
    column('name', '', 'Name', (row) => row.name),
    column('desired', '', 'Desired replicas', (row) => row.nDesired),
    column('ready', '', 'Ready replicas', (row) => row.nReady),
  ],
};
