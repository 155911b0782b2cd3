/** The lengths of the scheduler's queues over time. */
import { QueueMeter } from './queue-meter.ts';
import type { QueueLoad } from './run-metrics.ts';

const QUEUES = ['active', 'back-off', 'unschedulable', 'gated'] as const;

export class SchedulingQueues {
  readonly #meters = QUEUES.map(() => new QueueMeter());

  changed(nActive: number, nBackoff: number, nUnschedulable: number, nGated: number, nowUs: number): void {
    const [active, backoff, unschedulable, gated] = this.#meters;
    active!.setDepth(nActive, nowUs);
    backoff!.setDepth(nBackoff, nowUs);
    unschedulable!.setDepth(nUnschedulable, nowUs);
    gated!.setDepth(nGated, nowUs);
  }

  loads(nowUs: number): QueueLoad[] {
    return QUEUES.map((queue, i) => {
      const { depthMean, depthMax } = this.#meters[i]!.load(nowUs);
      const unknown = { nAdds: null, nRetries: null, waitUsMean: null, waitUsMax: null };
      return { program: 'kube-scheduler', queue, depthMean, depthMax, ...unknown };
    });
  }
}
