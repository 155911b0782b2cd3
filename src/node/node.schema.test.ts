import { describe, expect, it } from 'vitest';
import { nodeModel, nodeModelSchema } from './node.schema.ts';
import type { DetailedLifeModel } from './node-model.ts';

const MIB = 1024 * 1024;

function detailed(input: object): DetailedLifeModel {
  const { life } = nodeModel(nodeModelSchema.parse(input), 'detailed');
  return life as DetailedLifeModel;
}

describe("a scenario's node model", () => {
  it('has the figures of kubelet 1.37 where nothing is said', () => {
    const { heartbeat, client, failures } = nodeModel(nodeModelSchema.parse({}));
    expect([heartbeat.periodUs, client.qps, client.burst, failures]).toEqual([10_000_000, 50, 100, []]);
    const life = detailed({});
    expect(life.crashBackoff).toEqual({ initialUs: 10_000_000, maxUs: 300_000_000 });
    expect(life.pull).toMatchObject({ nParallelMax: 1, qps: 5, burst: 10, backoffUsMax: 300_000_000 });
    expect(life.eviction).toMatchObject({ periodUs: 10_000_000, transitionUs: 300_000_000 });
    expect(life.eviction.thresholds).toEqual([
      { signal: 'memory.available', bytes: 100 * MIB, graceUs: 0 },
      { signal: 'nodefs.available', ratio: 0.1, graceUs: 0 },
      { signal: 'imagefs.available', ratio: 0.15, graceUs: 0 },
    ]);
  });

  it('lets the scenario choose the life of pods, and the caller where it does not', () => {
    const kind = (input: object, otherwise?: 'simple' | 'detailed') =>
      nodeModel(nodeModelSchema.parse(input), otherwise).life.kind;
    expect([
      kind({}),
      kind({}, 'detailed'),
      kind({ life: 'simple' }, 'detailed'),
      kind({ life: 'detailed' }),
    ]).toEqual(['simple', 'detailed', 'simple', 'detailed']);
  });

  it('reads what programs do and use', () => {
    const [app] = detailed({
      apps: [
        {
          image: 'shop/*',
          startup: '3s',
          cpu: '250m',
          memory: [
            { at: '0s', value: '100Mi' },
            { at: '1h', value: '1Gi' },
          ],
          storage: {
            points: [
              { at: '0s', value: 0 },
              { at: '1m', value: '1M' },
            ],
            every: '2m',
          },
          usageFactor: { min: 0.5, max: 1.5 },
        },
      ],
    }).apps;
    expect(app).toEqual({
      image: 'shop/*',
      startup: { kind: 'constant', value: 3_000_000 },
      cpu: { points: [[0, 250]], isStep: true },
      memory: {
        points: [
          [0, 100 * MIB],
          [3600e6, 1024 * MIB],
        ],
        isStep: false,
      },
      storage: {
        points: [
          [0, 0],
          [60e6, 1e6],
        ],
        isStep: false,
        repeatUs: 120e6,
      },
      usageFactor: { kind: 'uniform', min: 0.5, max: 1.5 },
    });
  });

  it('replaces all hard thresholds by those given, and takes soft ones with their grace period', () => {
    const { thresholds } = detailed({
      eviction: {
        hard: { 'memory.available': '5%' },
        soft: { 'nodefs.available': '10Gi' },
        softGracePeriod: '2m',
      },
    }).eviction;
    expect(thresholds).toEqual([
      { signal: 'memory.available', ratio: 0.05, graceUs: 0 },
      { signal: 'nodefs.available', bytes: 10 * 1024 * MIB, graceUs: 120_000_000 },
    ]);
  });

  const WRONG: [name: string, input: object, path: string, message: RegExp][] = [
    ['an unknown key', { life: 'detailed', speed: 1 }, '', /Unrecognized key/],
    ['an unknown life', { life: 'full' }, 'life', /Invalid option/],
    [
      'a threshold that is no amount',
      { eviction: { hard: { 'memory.available': '5 %' } } },
      'eviction.hard.memory.available',
      /"500Mi" or a share such as "10%"/,
    ],
    [
      'an unknown signal',
      { eviction: { hard: { 'cpu.available': '1' } } },
      'eviction.hard',
      /cpu.available|Invalid key|Unrecognized/,
    ],
    [
      'a curve that goes back in time',
      {
        apps: [
          {
            memory: [
              { at: '2s', value: 1 },
              { at: '1s', value: 2 },
            ],
          },
        ],
      },
      'apps.0.memory',
      /the times must rise|Invalid input/,
    ],
    [
      'layers larger than their image',
      { images: { catalog: [{ image: 'a', size: '1Mi', layers: [{ id: 'b', size: '2Mi' }] }] } },
      'images.catalog.0.layers',
      /larger than the image/,
    ],
    ['no bandwidth', { pull: { bandwidth: 0 } }, 'pull.bandwidth', /greater than 0/],
    [
      'more time for critical pods than for all',
      { shutdown: { gracePeriod: 10, criticalPods: 20 } },
      'shutdown.criticalPods',
      /must not exceed gracePeriod/,
    ],
    [
      'a failure without a time',
      { failures: [{ domain: 'node', down: '1h' }] },
      'failures.0.up',
      /Invalid input/,
    ],
  ];

  it.each(WRONG)('refuses %s', (_name, input, path, message) => {
    const result = nodeModelSchema.safeParse(input);
    const issues = result.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
    expect(issues.join('\n')).toMatch(message);
    expect(issues.join('\n')).toContain(path);
  });
});
