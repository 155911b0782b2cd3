// Figures of a run's time series: of the steady state, what is left when the warm-up is deleted (MSER-5), and of the queue.
import type { UtilizationSeries } from '../metrics/run-metrics.ts';
import type { Metrics } from './experiment.ts';
import { mser5 } from './statistics/mser5.ts';

function meanFrom(values: readonly number[], start: number): number | null {
  const kept = values.slice(start);
  return kept.length === 0 ? null : kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/**
 * `steady.warmUp.seconds`, and the means of pods and of waiting pods after it. The warm-up is that of the number of pods
 * without a node or on one; all are null when the run is too short to tell its warm-up.
 */
export function steadyMetrics({ samples }: UtilizationSeries): Metrics {
  const whole = samples.filter((sample) => sample.pool === '');
  const pods = whole.map((sample) => sample.nPods);
  const waiting = whole.map((sample) => sample.waiting?.nPending ?? 0);
  const { nDeleted, tooShort } = mser5(pods.map((n, i) => n + waiting[i]!));
  return {
    'steady.warmUp.seconds': tooShort ? null : (whole[nDeleted]?.atUs ?? 0) / 1e6,
    'steady.pods.mean': tooShort ? null : meanFrom(pods, nDeleted),
    'steady.pods.waiting.mean': tooShort ? null : meanFrom(waiting, nDeleted),
  };
}

/**
 * `queue.unschedulable.max`: the most pods at any sample that had found no node. Unlike latencies it knows of pods that
 * were taken away before they found one.
 */
export function queueMetrics({ samples }: UtilizationSeries): Metrics {
  const counts = samples.map(({ waiting }) => waiting?.nUnschedulable ?? 0);
  return { 'queue.unschedulable.max': counts.reduce((most, count) => Math.max(most, count), 0) };
}
