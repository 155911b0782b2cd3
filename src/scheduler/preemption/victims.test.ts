import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PodDisruptionBudget } from '../../kube/types.ts';
import { Nominator } from '../framework/nominator.ts';
import {
  budget,
  clusterFrom,
  incoming,
  namesOf,
  type PodSketch,
  pod,
  preemptFor,
} from '../testing/preemption-sketch.ts';

describe('the victims on a node', () => {
  const rows: [string, readonly PodSketch[], readonly PodDisruptionBudget[], string[], number][] = [
    [
      'are the fewest of the least important',
      [{ name: 'a' }, { name: 'b', priority: 5 }, { name: 'c' }, { name: 'd', priority: 7 }],
      [],
      ['a', 'c'],
      0,
    ],
    [
      'are the younger ones of equal priority',
      [{ name: 'a', started: 30 }, { name: 'b', started: 10 }, { name: 'c' }, { name: 'd', started: 20 }],
      [],
      ['a', 'c'],
      0,
    ],
    [
      'never are of the same or a higher priority',
      [{ name: 'a', priority: 100, cpu: 2 }, { name: 'b' }, { name: 'c' }],
      [],
      ['b', 'c'],
      0,
    ],
    [
      'are rather others than those that a budget keeps',
      [
        { name: 'a', labels: { app: 'x' } },
        { name: 'b', priority: 9 },
        { name: 'c', priority: 9 },
        { name: 'd', priority: 1, labels: { app: 'x' } },
      ],
      [budget('x', { app: 'x' }, 0)],
      ['b', 'c'],
      0,
    ],
    [
      'break a budget where nothing else helps',
      [
        { name: 'a', labels: { app: 'x' } },
        { name: 'b', labels: { app: 'x' } },
        { name: 'c', priority: 200, cpu: 2 },
      ],
      [budget('x', { app: 'x' }, 1)],
      ['a', 'b'],
      1,
    ],
    [
      'that the API server has counted already break no budget',
      [
        { name: 'a', labels: { app: 'x' } },
        { name: 'b', labels: { app: 'x' } },
        { name: 'c', priority: 200, cpu: 2 },
      ],
      [budget('x', { app: 'x' }, 0, ['a', 'b'])],
      ['a', 'b'],
      0,
    ],
    [
      'are no concern of budgets in other namespaces',
      [
        { name: 'a', labels: { app: 'x' }, cpu: 2 },
        { name: 'b', cpu: 2, priority: 1 },
      ],
      [{ ...budget('x', { app: 'x' }, 0), metadata: { name: 'x', namespace: 'other' } }],
      ['a'],
      0,
    ],
    [
      'of an empty budget selector break nothing',
      [
        { name: 'a', labels: { app: 'x' } },
        { name: 'b', cpu: 3, priority: 5 },
      ],
      [budget('all', {}, 0)],
      ['b'],
      0,
    ],
  ];
  test.each(rows)('%s', (_, pods, budgets, victims, nPdbViolations) => {
    const cluster = clusterFrom({ n: { cpu: 4, pods } }, budgets);
    const result = preemptFor(cluster, incoming());
    expect(result.code).toBe('Success');
    expect(result.candidates[0]!.nPdbViolations).toBe(nPdbViolations);
    expect(namesOf(cluster, result.victims).sort()).toEqual(victims);
    expect(result.message).toBe(
      `preemption: found a potential placement for pod on node n, preempting ${victims.length} victims`,
    );
  });

  test('come in the order of their importance', () => {
    const pods = [
      { name: 'a' },
      { name: 'b', priority: 3 },
      { name: 'c', started: 1 },
      { name: 'd', priority: 1 },
    ];
    const cluster = clusterFrom({ n: { cpu: 4, pods } });
    expect(namesOf(cluster, preemptFor(cluster, incoming(4)).victims)).toEqual(['b', 'd', 'c', 'a']);
  });

  test('make room for pods of higher priority that are nominated there, too', () => {
    const cluster = clusterFrom({
      n: { cpu: 4, pods: [{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'd' }] },
    });
    const nominator = new Nominator();
    const nominate = (name: string, priority: number) => {
      const row = cluster.addPod(cluster.classes.ofPod(pod({ name, priority })), name, name);
      nominator.add({ row, uid: name, priority }, 'n');
    };
    nominate('vip', 200);
    nominate('low', 50);
    const result = preemptFor(cluster, incoming(), { nominator });
    expect(result.victims).toHaveLength(3);
    expect(result.lostNominations.map(({ uid }) => uid)).toEqual(['low']);
  });
});

test('of two pods with one host port the first to go takes the port with it, and the trial leaves no trace of it', () => {
  const ports = [{ containerPort: 80, hostPort: 80 }];
  const spec = { containers: [{ name: 'main', image: 'app', ports, resources: { requests: { cpu: 1 } } }] };
  const cluster = clusterFrom({
    n: {
      cpu: 4,
      pods: [
        { name: 'a', spec, priority: 200 },
        { name: 'b', spec },
      ],
    },
  });
  const taken = cluster.nodes.hostPorts[0];
  const result = preemptFor(
    cluster,
    pod({ name: 'incoming', priority: 100, spec: { ...spec, priority: 100 } }),
  );
  expect(namesOf(cluster, result.victims)).toEqual(['b']);
  expect(cluster.nodes.hostPorts[0]).toEqual(taken);
});

describe('for any node', () => {
  const sketches = fc.array(
    fc.record({
      priority: fc.integer({ min: -2, max: 4 }),
      cpu: fc.integer({ min: 1, max: 3 }),
      started: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: 15 },
  );

  /** The rule over plain lists: drop all lower ones, then take back from the top what still fits. */
  function slowVictims(
    pods: readonly Required<Pick<PodSketch, 'name' | 'priority' | 'cpu' | 'started'>>[],
    room: number,
  ) {
    let left = room;
    const victims: string[] = [];
    for (const one of pods) if (one.priority >= 2) left -= one.cpu;
    if (left < 0) return undefined;
    const byImportance = pods.filter(({ priority }) => priority < 2).map((one, i) => ({ ...one, i }));
    byImportance.sort((a, b) => b.priority - a.priority || a.started - b.started || a.i - b.i);
    for (const one of byImportance) {
      if (one.cpu <= left) left -= one.cpu;
      else victims.push(one.name);
    }
    return victims;
  }

  test('the victims are those of the plain rule, and the trial leaves everything as it was', () => {
    fc.assert(
      fc.property(sketches, fc.integer({ min: 1, max: 6 }), (shapes, wanted) => {
        const pods = shapes.map((shape, i) => ({ name: `p${i}`, ...shape }));
        const cpu = pods.reduce((sum, one) => sum + one.cpu, 0);
        const cluster = clusterFrom({ n: { cpu, pods } });
        const before = {
          rows: cluster.podsOn(0),
          cpu: cluster.nodes.requested[0]![0],
          n: cluster.nodes.nPods[0],
        };
        const result = preemptFor(cluster, incoming(wanted, 2));
        const expected = wanted > cpu ? undefined : slowVictims(pods, cpu - wanted);
        const found = result.code === 'Success' ? namesOf(cluster, result.victims) : undefined;
        expect(found).toEqual(expected);
        expect({
          rows: cluster.podsOn(0),
          cpu: cluster.nodes.requested[0]![0],
          n: cluster.nodes.nPods[0],
        }).toEqual(before);
      }),
    );
  });
});
