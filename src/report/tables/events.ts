/** events.csv: every transition, in order. */
import type { EventRecord } from '../../metrics/records.ts';
import { column, seconds, type Table } from '../table.ts';

export const EVENTS: Table<EventRecord> = {
  file: 'events.csv',
  description:
    'Every transition of pods and nodes, and every refused action, in the order in which they happened.',
  columns: [
    column('time_s', 's', 'When', (row) => seconds(row.atUs)),
    column('kind', '', 'Pod, Node, or Action for one that was refused', (row) => row.kind),
    column('namespace', '', 'Namespace', (row) => row.namespace),
    column('name', '', 'Name', (row) => row.name),
    column(
      'event',
      '',
      'Of pods: Created, Unschedulable, Scheduled, Running, Ready, …; of nodes: Added, NotReady, NotSchedulable, DiskPressure, …',
      (row) => row.event,
    ),
    column('node', '', 'The node of the pod, or the node itself', (row) => row.nodeName),
    column('detail', '', 'Reason or message', (row) => row.detail),
  ],
};
