/**
 * Random clusters and pods, decided by the slow reference scheduler and by each fast path: every decision must be the
 * same, with the number of nodes looked at and the text for pods that fit nowhere. A failing story is shrunk and
 * printed. DIFFERENTIAL_RUNS sets how many stories are told, DIFFERENTIAL_SEED which.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultProfile } from '../src/scheduler/default-profile.ts';
import { Nominator } from '../src/scheduler/framework/nominator.ts';
import { PlainScan } from '../src/scheduler/framework/schedule-pod.ts';
import { heapTop } from '../src/scheduler/framework/tie-break.ts';
import { ScoreIndex } from '../src/scheduler/index/score-index.ts';
import { type Contender, race, report, type StorySize, stories } from './support/differential/race.ts';

const N_RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 800);
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 1);

const CONTENDERS: Readonly<Record<string, Contender>> = {
  'the plain scan': (cluster, percentageOfNodesToScore) =>
    new PlainScan(cluster, defaultProfile({ percentageOfNodesToScore }), new Nominator(), heapTop),
  'the index': (cluster, percentageOfNodesToScore) =>
    new ScoreIndex(cluster, defaultProfile({ percentageOfNodesToScore }), new Nominator(), heapTop),
};

function expectAgreement(contender: Contender, size: StorySize, numRuns: number): void {
  const holds = fc.property(stories(size), (story) => race(story, contender) === undefined);
  const { failed, counterexample, seed, counterexamplePath } = fc.check(holds, { seed: SEED, numRuns });
  expect(numRuns).toBeGreaterThan(0);
  if (!failed) return;
  const [story] = counterexample!;
  const text = report(story, race(story, contender)!);
  throw new Error(`decisions differ (seed ${seed}, path ${counterexamplePath}):\n${text}`);
}

describe.each(Object.entries(CONTENDERS))('%s decides as the reference scheduler does', (_, contender) => {
  test('on small clusters that change', () => {
    expectAgreement(contender, { nNodesMax: 8, nCopies: 1, nStepsMax: 60 }, N_RUNS);
  });

  test('on clusters large enough to be sampled', () => {
    expectAgreement(contender, { nNodesMax: 4, nCopies: 60, nStepsMax: 25 }, Math.ceil(N_RUNS / 20));
  });
});
