import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { drainPods, linesOf } from '../../test/support/arrivals.ts';
import { distributionOf } from './distribution.schema.ts';
import { traceSchema } from './trace.schema.ts';
import { openTrace, traceFileOf } from './trace-of.ts';
import { workloadSchema } from './workload.schema.ts';

const generator = {
  generator: 'gen',
  arrivals: { process: 'poisson', rate: '5/s' },
  templates: [{ name: 'job', duration: { kind: 'lognormal', p50: '5m', p99: '2h' }, cpu: '500m' }],
};

function textOf(entry: unknown): string {
  return JSON.stringify(workloadSchema.safeParse([entry]).error?.issues ?? 'accepted');
}

const withTemplate = (template: object) => ({ ...generator, templates: [{ name: 'job', ...template }] });

describe('the workload schema', () => {
  it.each([
    ['manifests', { manifests: ['shop/*.yaml'] }],
    ['openb', { trace: 'openb', pods: 'p.csv', nodes: 'n.csv', onBadRow: 'skip', interval: '1s' }],
    ['surf', { trace: 'surf', file: 's.csv.gz', timeScale: 0.5 }],
    ['philly', { trace: 'philly', file: 'p.csv', gpusPerNode: 4, cpuPerGpu: '4', memoryPerGpu: '32Gi' }],
    ['csv', { trace: 'csv', file: 'j.csv', columns: { submit: 't', cpu: { column: 'c', unit: 'milli' } } }],
    ['a generator', generator],
    [
      'a generator with a table of quantiles',
      withTemplate({
        memory: {
          kind: 'empirical',
          quantiles: [
            [0, '1Mi'],
            [1, '1Gi'],
          ],
        },
      }),
    ],
  ])('accepts %s', (_, entry) => expect(textOf(entry)).toBe('"accepted"'));

  it.each([
    ['a key it does not know', { manifests: ['x'], manifest: [] }, 'Unrecognized key'],
    ['no manifest at all', { manifests: [] }, 'manifests'],
    ['a trace it does not know', { trace: 'google', file: 'x' }, 'openb'],
    ['a duration without a unit', { trace: 'surf', file: 'x', start: 5 }, 'has no unit'],
    ['a negative quantity', withTemplate({ cpu: '-1' }), 'expected CPU that is not negative'],
    [
      'a rate without a unit of time',
      { ...generator, arrivals: { process: 'poisson', rate: '5/w' } },
      'is not a rate',
    ],
    [
      'a rate of zero',
      { ...generator, arrivals: { process: 'poisson', rate: 0 } },
      'expected a rate greater than 0',
    ],
    [
      'a faulty distribution',
      withTemplate({ duration: { kind: 'uniform', min: '2s', max: '1s' } }),
      'min is greater than max',
    ],
    [
      'a lognormal without a spread',
      withTemplate({ duration: { kind: 'lognormal', p50: '2s' } }),
      'needs p99 or mean',
    ],
    [
      'two templates of one name',
      { ...generator, templates: [{ name: 'a' }, { name: 'a' }] },
      'two templates named a',
    ],
    ['weights beside zipf', { ...withTemplate({ weight: 2 }), zipf: 1 }, 'exclude each other'],
    ['weights of zero', withTemplate({ weight: 0 }), 'all weights are 0'],
    [
      'a closed loop of pods that never finish',
      { ...withTemplate({}), arrivals: { process: 'closed', users: 1, think: '1s' } },
      'needs pods that finish',
    ],
    [
      'a pod field that Kubernetes does not know',
      withTemplate({ pod: { spec: { toleration: [] } } }),
      'toleration',
    ],
    [
      'a value that Kubernetes refuses',
      withTemplate({ pod: { spec: { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] } } }),
      '"path":[0,"templates",0,"pod","spec","tolerations",0,"operator"]',
    ],
    ['a namespace that is no name', withTemplate({ pod: { metadata: { namespace: 'A b' } } }), '"namespace"'],
    ['containers that are no list', withTemplate({ pod: { spec: { containers: 5 } } }), 'containers'],
    [
      'an unknown unit',
      { trace: 'csv', file: 'x', columns: { submit: { column: 't', unit: 'fortnight' } } },
      'timestamp',
    ],
  ])('refuses %s', (_, entry, message) => expect(textOf(entry)).toContain(message));

  it('refuses two generators of one name', () => {
    const result = workloadSchema.safeParse([generator, generator]);
    expect(result.error?.issues).toMatchObject([
      { path: [1, 'generator'], message: 'two generators named gen' },
    ]);
  });

  it('is a JSON Schema whose every field has a description', () => {
    const nameless: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties } = node as { properties?: Record<string, { description?: string }> };
      for (const [name, field] of Object.entries(properties ?? {})) {
        if (!field.description) nameless.push(`${path}.${name}`);
      }
      for (const [key, child] of Object.entries(node)) visit(child, `${path}.${key}`);
    };
    visit(z.toJSONSchema(workloadSchema, { io: 'input' }), '');
    expect(nameless).toEqual([]);
  });
});

describe('distributionOf', () => {
  const parse = (text: string | number) => Number(text) * 10;

  it.each([
    [5, { kind: 'constant', value: 50 }],
    [
      { kind: 'pareto', shape: 2, scale: 3 },
      { kind: 'pareto', shape: 2, scale: 30 },
    ],
    [
      { kind: 'discrete', values: [1, 2], weights: [3, 4] },
      { kind: 'discrete', values: [10, 20], weights: [3, 4] },
    ],
    [
      {
        kind: 'empirical',
        quantiles: [
          [0, 1],
          [1, 2],
        ],
      },
      {
        kind: 'empirical',
        quantiles: [
          [0, 10],
          [1, 20],
        ],
      },
    ],
  ] as const)('converts figures, not parameters: %j', (input, expected) => {
    expect(distributionOf(input as Parameters<typeof distributionOf>[0], parse)).toEqual(expected);
  });
});

describe('openTrace', () => {
  it('replays a CSV as its entry says', async () => {
    const spec = traceSchema.parse({
      trace: 'csv',
      file: 'jobs.csv',
      name: 'jobs',
      start: '1m',
      sort: true,
      columns: { submit: { column: 't', unit: 'h' }, duration: 'run', cpu: 'cpu', gpu: 'g' },
      pod: { metadata: { namespace: 'ml' } },
    });
    const pods = await drainPods(
      openTrace(spec, 'jobs.csv', linesOf('t,run,cpu,g', '2,30,0.5,1', '1,5,1,0')),
    );
    expect(pods.map((pod) => [pod.name.toString(), pod.atUs, pod.runUs])).toEqual([
      ['jobs-2', 60e6, 5e6],
      ['jobs-1', 60e6 + 3600e6, 30e6],
    ]);
    expect(pods[1]?.shape).toMatchObject({
      namespace: 'ml',
      spec: { containers: [{ resources: { requests: { cpu: '500m', 'nvidia.com/gpu': '1' } } }] },
    });
    expect(traceFileOf(spec)).toBe('jobs.csv');
  });

  it('skips, scales and splits as its entry says', async () => {
    const spec = traceSchema.parse({
      trace: 'philly',
      file: 'p.csv',
      gpusPerNode: 2,
      cpuPerGpu: '1500m',
      memoryPerGpu: '1Ki',
      onBadRow: 'skip',
      timeScale: 2,
    });
    const source = openTrace(
      spec,
      'p.csv',
      linesOf('submit_s,duration_s,num_gpus,vc', '0,1,x,a', '0,1,1,a', '3,1,3,a'),
    );
    const pods = await drainPods(source);
    expect(source.skippedRows).toBe(1);
    expect(pods.map((pod) => pod.atUs)).toEqual([0, 6e6, 6e6]);
    expect(pods[1]?.shape.spec.containers[0]?.resources?.requests).toEqual({
      cpu: '3000m',
      memory: '2048',
      'nvidia.com/gpu': '2',
    });
  });
});
