/** pods.csv: a row for each pod, written when it has finished or is gone, the rest at the end of the run. */
import type { PodRecord } from '../../metrics/records.ts';
import { column, seconds, type Table } from '../table.ts';

const time = (name: string, description: string, of: (record: PodRecord) => number | undefined) =>
  column<PodRecord>(name, 's', description, (record) => seconds(of(record)));

export const PODS: Table<PodRecord> = {
  file: 'pods.csv',
  description:
    'A row for each pod in the order in which they ended; those that were still there at the end follow in order of creation.',
  columns: [
    column('namespace', '', 'Namespace', ({ pod }) => pod.namespace),
    column('pod', '', 'Name', ({ pod }) => pod.name),
    column(
      'class',
      '',
      'What the pod belongs to in reports: its workload, or its template in a generator',
      (r) => r.className,
    ),
    column(
      'owner',
      '',
      'Kind and name of its controller',
      ({ pod }) => pod.owner && `${pod.owner.kind}/${pod.owner.name}`,
    ),
    column('node', '', 'The node it was bound to', ({ pod }) => pod.nodeName),
    column(
      'outcome',
      '',
      'Succeeded, Failed or Deleted; Running, Starting or Pending at the end of the run',
      (r) => r.outcome,
    ),
    time('created_s', 'Created', ({ pod }) => pod.createdUs),
    time('queued_s', 'First in the queue of the scheduler', (r) => r.queuedUs),
    time('scheduled_s', 'Bound to its node', (r) => r.scheduledUs),
    time('running_s', 'All containers started', (r) => r.runningUs),
    time('ready_s', 'Ready for the first time', (r) => r.readyUs),
    time('finished_s', 'The last container ended for good', (r) => r.finishedUs),
    time('deleted_s', 'Deletion was asked for', (r) => r.deletedUs),
    column('attempts', '', 'Scheduling attempts', (r) => r.nAttempts),
    column('restarts', '', 'Restarts of its containers', (r) => r.nRestarts),
    column(
      'reason',
      '',
      'Why it is pending, failed or was evicted, in the words of Kubernetes',
      (r) => r.reason,
    ),
  ],
};
