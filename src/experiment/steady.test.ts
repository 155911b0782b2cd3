import { describe, expect, it } from 'vitest';
import type { UtilizationSample, UtilizationSeries } from '../metrics/run-metrics.ts';
import { queueMetrics, steadyMetrics } from './steady.ts';

const sample = (atUs: number, nPods: number, nUnschedulable = 0, pool = '') =>
  ({
    atUs,
    pool,
    nPods,
    waiting: { nPending: nUnschedulable, nUnschedulable },
  }) as unknown as UtilizationSample;
const series = (samples: UtilizationSample[]): UtilizationSeries => ({ everyUs: 1e6, samples });

describe('steadyMetrics', () => {
  it('deletes the filling of the cluster', () => {
    const samples = Array.from({ length: 100 }, (_, i) => sample(i * 1e6, i < 20 ? i : 20 + (i % 2)));
    const metrics = steadyMetrics(series(samples));
    expect(metrics['steady.warmUp.seconds']).toBe(20);
    expect(metrics['steady.pods.mean']).toBe(20.5);
  });

  it('says nothing of a run that is still filling at its end', () => {
    const samples = Array.from({ length: 100 }, (_, i) => sample(i * 1e6, i * i));
    expect(steadyMetrics(series(samples))['steady.pods.mean']).toBeNull();
  });
});

describe('queueMetrics', () => {
  it('is the peak, not the end', () => {
    const samples = [sample(0, 1), sample(1e6, 1, 7), sample(2e6, 1, 2)];
    expect(queueMetrics(series(samples))).toEqual({ 'queue.unschedulable.max': 7 });
  });
});
