import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Taint } from '../../kube/types.ts';
import { defaultProfile } from '../default-profile.ts';
import type { Profile } from '../framework/profile.ts';
import { firstTop, heapTop } from '../framework/tie-break.ts';
import { Duel, type Step, spread, ZONE } from '../testing/duel.ts';

/** Classes of pods that differ in what they ask for. */
function specOf(i: number) {
  const requests = { cpu: `${50 + 10 * i}m`, memory: `${32 + 16 * ((i * 7) % 30)}Mi` };
  return { containers: [{ name: 'c', image: i % 9 ? 'other' : 'web', resources: { requests } }] };
}

/** Nodes of these numbers have no PreferNoSchedule taint, by which they would be told apart. */
const untainted = fc.nat(99).map((k) => 5 * k);
const any = fc.oneof({ weight: 9, arbitrary: untainted }, { weight: 1, arbitrary: fc.nat(99) });

function duelOf(nNodes: number, profile: () => Profile, tieBreak = heapTop): Duel {
  const duel = new Duel(0, profile, tieBreak);
  for (let i = 0; i < nNodes; i++) duel.addNode(5 * i);
  return duel;
}

/** With a heavier plugin scores are too far from each other for codes of one byte. */
const profileOf = (weight: number, percentageOfNodesToScore: number) =>
  defaultProfile({ percentageOfNodesToScore, weights: { NodeResourcesFit: weight } });

const event: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ addNode: any }),
  fc.record({ updateNode: fc.nat(999), to: any }),
  fc.record({ removeNode: fc.nat(999) }),
  fc.record({ nominate: fc.nat(999), priority: fc.constantFrom(-1, 9) }),
);

const stories = fc.record({
  nNodes: fc.constantFrom(40, 180, 180, 1100),
  nClasses: fc.constantFrom(20, 35),
  percentageOfNodesToScore: fc.constantFrom(0, 100, 100),
  weight: fc.constantFrom(1, 1, 9),
  tieBreak: fc.constantFrom(heapTop, firstTop),
  /** Between rounds; mostly nothing. */
  events: fc.array(fc.option(event, { freq: 2 }), { minLength: 8, maxLength: 8 }),
  /** A class that is left out for some rounds. */
  absent: fc.nat(19),
});

test('classes that are brought up to date together choose what the plain scan chooses', () => {
  let nTogether = 0;
  fc.assert(
    fc.property(
      stories,
      ({ nNodes, nClasses, percentageOfNodesToScore, weight, tieBreak, events, absent }) => {
        const duel = duelOf(nNodes, () => profileOf(weight, percentageOfNodesToScore), tieBreak);
        events.forEach((each, round) => {
          for (let i = 0; i < nClasses; i++) {
            if (i === absent && round % 4 > 1) continue;
            duel.schedule(specOf(i), 'a');
            if (round > 0) duel.take({ unbind: i * 31 + round });
          }
          nTogether = Math.max(nTogether, duel.index.nTogether);
          if (each) duel.take(each);
        });
      },
    ),
    { numRuns: 40, seed: 5 },
  );
  expect(nTogether).toBeGreaterThan(19);
});

test('who is no longer asked for is no longer kept current, and takes in what it missed when it returns', () => {
  const duel = duelOf(150, defaultProfile);
  const round = (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      duel.schedule(specOf(i), 'a');
      duel.take({ unbind: i });
    }
  };
  for (let i = 0; i < 4; i++) round(0, 40);
  expect(duel.index.nTogether).toBe(40);
  for (let i = 0; i < 20; i++) round(0, 20);
  round(0, 40);
  expect(duel.index.speed.nPlain.size).toBe(0);
});

test('who took in changes while groups were numbered anew is right when it is asked for', () => {
  const duel = new Duel(0, () => profileOf(1, 100));
  // All of one zone, none tainted: one group.
  for (let i = 0; i < 150; i++) duel.addNode(105 * i);
  const round = (beforeEach: () => void, endsPods = true) => {
    for (let i = 0; i < 20; i++) {
      beforeEach();
      duel.schedule({ ...specOf(i), ...spread(ZONE, 'ScheduleAnyway', 'a') }, 'a');
      if (endsPods) duel.take({ unbind: i });
    }
  };
  for (let i = 0; i < 4; i++) round(() => {});
  expect(duel.index.nTogether).toBe(20);
  const first = duel.cluster.nodes.objects[0]!;
  const taints: Taint[] = [];
  // As many taints as no node had before make a group of their own, until there are no more numbers of groups.
  const taint = () => {
    taints.push({ key: `k${taints.length}`, effect: 'PreferNoSchedule' });
    duel.cluster.updateNode(0, { ...first, spec: { taints: [...taints] } });
  };
  // All but the tainted node get pods: taken for one of the others it would be the best.
  for (let i = 0; i < 10; i++) round(taint, false);
  for (let i = 0; i < 70; i++) round(taint);
  expect(duel.index.speed.nPlain.size).toBe(0);
});
