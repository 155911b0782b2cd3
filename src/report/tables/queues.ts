/** queues.csv: where work of the control plane waits. */
import type { QueueLoad } from '../../metrics/run-metrics.ts';
import { column, rounded, seconds, type Table } from '../table.ts';

export const QUEUES: Table<QueueLoad> = {
  file: 'queues.csv',
  description:
    "A row for each queue of the control plane: the scheduler's, the controllers', the requests that a client's limiter has held back (if any), and requests to an API server by the level whose seats they took.",
  columns: [
    column('program', '', 'The program that it belongs to', (row) => row.program),
    column('queue', '', 'Its name', (row) => row.queue),
    column('depth_mean', '', 'How many waited, on average over the whole run', (row) =>
      rounded(row.depthMean),
    ),
    column('depth_max', '', 'How many waited at most', (row) => row.depthMax),
    column('adds', '', 'How many came; a key that waits already does not count', (row) => row.nAdds),
    column(
      'retries',
      '',
      'How often a key came back because the work on it had failed',
      (row) => row.nRetries,
    ),
    column('wait_mean_s', 's', 'Average wait', (row) => seconds(row.waitUsMean)),
    column('wait_max_s', 's', 'Longest wait', (row) => seconds(row.waitUsMax)),
  ],
};
