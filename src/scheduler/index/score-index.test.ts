import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultProfile } from '../default-profile.ts';
import { type AnyPlugin, Profile } from '../framework/profile.ts';
import { firstTop, heapTop } from '../framework/tie-break.ts';
import { Duel, pod, SPECS, type Step } from '../testing/duel.ts';

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      schedule: fc.nat(SPECS.length - 1),
      app: fc.constantFrom('a' as const, 'b' as const),
      n: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ unbind: fc.nat(999) }) },
  { weight: 2, arbitrary: fc.record({ terminate: fc.nat(999) }) },
  { weight: 2, arbitrary: fc.record({ addNode: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ updateNode: fc.nat(999), to: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ removeNode: fc.nat(999) }) },
  { weight: 1, arbitrary: fc.record({ service: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ nominate: fc.nat(999), priority: fc.constantFrom(-1, 0, 9) }) },
  { weight: 2, arbitrary: fc.record({ withdraw: fc.nat(9) }) },
);

const stories = fc.record({
  nNodes: fc.constantFrom(1, 5, 30, 130, 400),
  percentageOfNodesToScore: fc.constantFrom(0, 20, 100),
  tieBreak: fc.constantFrom(heapTop, heapTop, firstTop),
  steps: fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }),
});

describe('the index', () => {
  test('chooses what the plain scan chooses while pods and nodes come, change and go', () => {
    let nPicks = 0;
    let nIndexed = 0;
    fc.assert(
      fc.property(stories, ({ nNodes, percentageOfNodesToScore, tieBreak, steps }) => {
        const duel = new Duel(nNodes, () => defaultProfile({ percentageOfNodesToScore }), tieBreak);
        for (const each of steps) duel.take(each);
        nPicks += duel.nPicks;
        nIndexed += duel.index.speed.nIndexed;
      }),
      { numRuns: Number(process.env.INDEX_RUNS ?? 120), seed: Number(process.env.INDEX_SEED ?? 3) },
    );
    // Most of the rest are pods that fit nowhere.
    expect(nIndexed / nPicks).toBeGreaterThan(0.6);
    expect(nPicks).toBeGreaterThan(2000);
  });

  test('catches up after more changes than the log holds', () => {
    const duel = new Duel(20, defaultProfile);
    const kinds = [SPECS[0]!, SPECS[4]!, SPECS[8]!];
    for (const spec of kinds) duel.schedule(spec, 'a');
    const cls = duel.cluster.classes.all[0]!;
    const row = duel.cluster.addPod(cls, 'moving', 'moving');
    for (let i = 0; i < 33_000; i++) {
      duel.cluster.bind(row, i % 20);
      duel.cluster.unbind(row);
    }
    duel.cluster.bind(row, 3);
    for (const spec of kinds) duel.schedule(spec, 'a');
    expect(duel.index.speed.nIndexed).toBe(6);
  });

  test('still keeps pods apart from one that terminates', () => {
    const duel = new Duel(3, defaultProfile);
    for (let i = 0; i < 3; i++) duel.schedule(SPECS[4]!, 'a');
    duel.take({ terminate: 0 });
    duel.schedule(SPECS[4]!, 'a');
    expect(duel.index.speed.nPlain.size).toBe(1);
  });

  test('learns of a topology key that only pods of a class to come mind', () => {
    const duel = new Duel(9, defaultProfile);
    const podAntiAffinity = SPECS[4]!.affinity!.podAntiAffinity!;
    const picky = { affinity: { podAntiAffinity, podAffinity: SPECS[6]!.affinity!.podAffinity! } };
    const byDisk = { affinity: { podAntiAffinity: structuredClone(podAntiAffinity) } };
    Object.assign(byDisk.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution![0]!, {
      topologyKey: 'disk',
    });
    duel.schedule(picky, 'a');
    duel.cluster.classes.ofPod(pod('', byDisk, 'b'));
    duel.schedule(picky, 'a');
    for (let i = 0; i < 2; i++) duel.take({ unbind: 0 });
    duel.schedule(byDisk, 'b');
    for (let i = 0; i < 6; i++) duel.schedule(picky, 'a');
  });

  test('asks the nodes once for pods of a class that fits nowhere, as long as nothing changes', () => {
    const duel = new Duel(30, defaultProfile);
    const nowhere = { nodeSelector: { disk: 'tape' } };
    for (let i = 0; i < 4; i++) duel.schedule(nowhere, 'a');
    expect([...duel.index.speed.nPlain.values()]).toEqual([1]);
    duel.schedule({}, 'a');
    duel.schedule(nowhere, 'a');
    expect([...duel.index.speed.nPlain.values()]).toEqual([2]);
  });

  test('gives up the classes that were asked for longest ago when they take too much, and makes them anew', () => {
    const duel = new Duel(200, defaultProfile, heapTop, 4000);
    for (let i = 0; i < 60; i++) duel.schedule(SPECS[i % SPECS.length]!, i % 5 ? 'a' : 'b');
    expect(duel.index.nBytes).toBeLessThan(8000);
    expect(duel.index.speed.nIndexed).toBe(60);
  });

  test('leaves cycles to the plain scan where it must, and says why', () => {
    const duel = new Duel(3, defaultProfile);
    duel.schedule({ nodeSelector: { disk: 'tape' } }, 'a');
    duel.schedule({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }, 'a');
    expect(Object.fromEntries(duel.index.speed.nPlain)).toEqual({
      'no node is feasible: every node is asked for its reason': 1,
      VolumeRestrictions: 1,
    });
  });

  test('leaves pods to the plain scan when a plugin does not say how far its answers reach', () => {
    const custom: AnyPlugin = { name: 'Custom', score: (_, row: number) => (row * 37) % 100 };
    const { plugins } = defaultProfile();
    const duel = new Duel(12, () => new Profile({ schedulerName: 'x', plugins: [...plugins, custom] }));
    for (let i = 0; i < 5; i++) duel.schedule({}, 'a');
    expect(Object.fromEntries(duel.index.speed.nPlain)).toEqual({ Custom: 5 });
  });

  test('serves a custom plugin that looks at single nodes only', () => {
    const custom: AnyPlugin = { name: 'Custom', scoreScope: 'static', score: (_, row: number) => row % 10 };
    const { plugins } = defaultProfile();
    const duel = new Duel(12, () => new Profile({ schedulerName: 'x', plugins: [...plugins, custom] }));
    for (let i = 0; i < 5; i++) duel.schedule({}, 'a');
    expect(duel.index.speed.nIndexed).toBe(5);
  });

  test('leaves scores that are not whole to the plain scan', () => {
    const custom: AnyPlugin = { name: 'Custom', scoreScope: 'static', score: (_, row: number) => row / 10 };
    const { plugins } = defaultProfile();
    const duel = new Duel(12, () => new Profile({ schedulerName: 'x', plugins: [...plugins, custom] }));
    duel.schedule({}, 'a');
    expect([...duel.index.speed.nPlain.keys()]).toEqual([
      'Custom gives scores that are not whole numbers up to 100',
    ]);
  });
});
