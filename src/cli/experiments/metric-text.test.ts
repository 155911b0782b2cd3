import { describe, expect, it } from 'vitest';
import { differenceText, metricText } from './metric-text.ts';

describe('values of metrics', () => {
  it.each([
    ['latency.scheduling.p99', 354.2, '5m54s', '5m54s'],
    ['latency.scheduling.p50', -0.0123, '-12.3ms', '-12.3ms'],
    ['latency.startup.mean', 0, '0s', '0s'],
    ['simulated.seconds', 86_400, '1d', '1d'],
    ['utilization.cpu.mean', 0.5234, '52.3%', '52.3 points'],
    ['pool.batch.use.memory.max', -0.021, '-2.1%', '-2.1 points'],
    ['workloads.missedRatio', 0.00012, '0.012%', '0.012 points'],
    ['pool.batch.nodeHours', 360, '360h', '360h'],
    ['pods.created', 1287, '1,287', '1,287'],
    ['cost', 199.44, '199', '199'],
  ])('of %s have its unit', (metric, value, text, difference) => {
    expect([metricText(metric, value), differenceText(metric, value)]).toEqual([text, difference]);
  });
});
