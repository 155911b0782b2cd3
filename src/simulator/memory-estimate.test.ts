import { describe, expect, it } from 'vitest';
import { scenarioSchema } from '../scenario/scenario.schema.ts';
import { estimateMemory, sizeOfSpec } from './memory-estimate.ts';

const MIB = 2 ** 20;
const group = (count: number) => ({ name: `g${count}`, count, allocatable: { cpu: 32, memory: '128Gi' } });
const template = (name: string, duration?: string) => ({ name, cpu: '1', ...(duration && { duration }) });

function sizeOf(workload: readonly object[], more: object = {}) {
  const cluster = { nodeGroups: [group(100), group(900)] };
  const generators = workload.map((entry, i) => ({ generator: `w${i}`, ...entry }));
  const spec = scenarioSchema.parse({ until: '1h', cluster, workload: generators, ...more });
  return sizeOfSpec(spec);
}

const INSTANT = { model: { controlPlane: 'instant' } };
const poisson = (rate: number) => ({ process: 'poisson', rate });

describe('pods at a time', () => {
  const cases: [name: string, nPods: number, workload: object, more?: object][] = [
    ['are all that come if none ever finishes', 3600, { arrivals: poisson(1), templates: [template('t')] }],
    ['are no more than the limit', 50, { arrivals: poisson(1), templates: [template('t')], limit: 50 }],
    [
      'are no more than the limit where a run has no end',
      20,
      { arrivals: poisson(1), templates: [template('t', '10s')], limit: 20 },
      { until: undefined },
    ],
    [
      'are those that run and the finished ones that stay until they are collected',
      12_500 + 10 * (60 + 20),
      { arrivals: poisson(10), templates: [template('t', '60s')] },
    ],
    [
      'are also finished ones that the collector cannot keep up with',
      12_500 + 30 * (60 + 20) + (30 - 20) * 3600,
      { arrivals: poisson(30), templates: [template('t', '60s')] },
    ],
    [
      'are collected at once in instant mode',
      12_500 + 30 * (60 + 20),
      { arrivals: poisson(30), templates: [template('t', '60s')] },
      INSTANT,
    ],
    [
      'come between start and end alone',
      600,
      { arrivals: poisson(1), templates: [template('t')], start: '10m', end: '20m' },
    ],
    [
      'may come in batches',
      500 * 13,
      { arrivals: { process: 'batch', every: '5m', size: 500 }, templates: [template('t')] },
    ],
  ];
  it.each(cases)('%s', (_, nPods, workload, more) => {
    const { parts } = estimateMemory(sizeOf([{ templates: [], ...workload }], more));
    expect(parts.find(({ name }) => name === 'pods at a time')?.count).toBe(nPods);
  });

  it('are those of manifests too, a daemon on every node', () => {
    const object = (kind: string, spec: object) => ({
      apiVersion: 'v1',
      kind,
      metadata: { name: 'x' },
      spec,
    });
    const objects = [
      object('Deployment', { replicas: 7 }),
      object('Job', { parallelism: 3 }),
      object('DaemonSet', {}),
      object('Service', {}),
    ];
    const { parts } = estimateMemory({ ...sizeOf([]), objects });
    expect(parts.map(({ count }) => count)).toEqual([1000, 1010, 3 * 1000, 4]);
  });
});

describe('the memory that a scenario takes', () => {
  it('is that of the program and of its parts', () => {
    const { parts, bytes } = estimateMemory(sizeOf([]));
    expect(bytes).toBe(110 * MIB + parts.reduce((sum, part) => sum + part.bytes, 0));
  });

  it('is known for sizes that a distribution draws, by the steps of the grid', () => {
    const cpu = { kind: 'uniform', min: '100m', max: '4' };
    const { parts } = estimateMemory(sizeOf([{ arrivals: poisson(1), templates: [{ name: 't', cpu }] }]));
    expect(parts.find(({ name }) => name.includes('classes'))?.count).toBe(12 * 1000);
  });

  // Peak resident memory of `wavetank run`, measured (docs/model.md).
  it.each([
    [100_000, 1_000_000, 100_000, 1842],
    [10_000, 10_000_000, 10_000, 1015],
  ])(
    'of %i nodes and %i short pods agrees with what was measured within a factor of two',
    (nNodes, limit, rate, mib) => {
      const size = sizeOf([{ arrivals: poisson(rate), templates: [template('t', '5s')], limit }], INSTANT);
      const { bytes } = estimateMemory({ ...size, nNodes });
      expect(bytes / MIB / mib).toBeGreaterThan(0.45);
      expect(bytes / MIB / mib).toBeLessThan(1.5);
    },
  );
});
