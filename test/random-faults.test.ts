/** Whatever breaks and whatever people do: the rules of a cluster hold at every commit, and it comes to rest again. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadScenario, memoryFiles } from '../src/index.ts';
import { Run } from '../src/simulator/run.ts';
import { REMEDIES, scenarioOf, troubles, WORKLOADS } from './support/fault-schedules.ts';

const N_RUNS = process.env.WAVETANK_LONG ? 10_000 : 200;

async function runOf(timeline: readonly string[], checks: boolean): Promise<Run> {
  const files = memoryFiles({ 's.yaml': scenarioOf(timeline), 'workloads.yaml': WORKLOADS });
  const run = await Run.open(await loadScenario('s.yaml', files), files, { checks });
  while ((await run.advance()) === 'more');
  return run;
}

describe('random troubles', () => {
  test(
    'break no rule, and the cluster comes to rest when all is repaired',
    async () => {
      const property = fc.asyncProperty(troubles, async (list) => {
        const run = await runOf([...list, ...REMEDIES], true);
        run.checkAtRest();
      });
      await fc.assert(property, { numRuns: N_RUNS, seed: 1 });
    },
    N_RUNS * 1000,
  );

  test('end the same with and without checks', async () => {
    const property = fc.asyncProperty(troubles, async (list) => {
      const digests = [];
      for (const checks of [true, false]) {
        const { world } = await runOf(list, checks);
        digests.push(world.simulation.trace.digest());
      }
      expect(digests[0]).toBe(digests[1]);
    });
    await fc.assert(property, { numRuns: 5, seed: 2 });
  });
});
