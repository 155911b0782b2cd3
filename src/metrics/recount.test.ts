// The sums of a run against a recount from the plain story of what happened, by code that shares nothing with them.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PodRecord } from './records.ts';
import { nodeOf, Scene, SECOND, shapeOf } from './testing/lives.ts';

const END = 130;
const NODES = ['n0', 'n1', 'n2'];

/** Seconds between the steps of a pod's life; a life may break off anywhere. */
interface Life {
  readonly born: number;
  readonly nRefused: number;
  readonly waits: readonly number[];
  readonly node: number;
  readonly cpus: number;
  readonly ending: 'Succeeded' | 'Failed' | 'removed' | 'none';
}

const life = fc.record<Life>({
  born: fc.nat(60),
  nRefused: fc.nat(2),
  waits: fc.array(fc.nat(15), { maxLength: 4 }),
  node: fc.nat(NODES.length - 1),
  cpus: fc.integer({ min: 1, max: 3 }),
  ending: fc.constantFrom('Succeeded', 'Failed', 'removed', 'none'),
});

type Step = readonly [atSeconds: number, play: (scene: Scene) => void];

/** When each step of a life happens; absent for those that it never reaches. */
function timesOf({ born, waits, ending }: Life) {
  let at = born;
  const [bound, running, ready, ended] = waits.map((wait) => (at += wait));
  return { bound, running, ready, ended: ending === 'none' ? undefined : ended };
}

function stepsOf(one: Life, name: string): Step[] {
  const { born, nRefused, node, cpus, ending } = one;
  const { bound, running, ready, ended } = timesOf(one);
  const steps: Step[] = [[born, (scene) => scene.create(born, name, shapeOf({ cpu: String(cpus) }))]];
  for (let i = 0; i < nRefused; i++) steps.push([born, (scene) => scene.refuse(born, name, 'no room')]);
  if (bound !== undefined) steps.push([bound, (scene) => scene.bind(bound, name, NODES[node]!)]);
  if (running !== undefined) steps.push([running, (scene) => scene.run(running, name, false)]);
  if (ready !== undefined) steps.push([ready, (scene) => scene.ready(ready, name, true)]);
  if (ended === undefined || ending === 'none') return steps;
  const end = (scene: Scene) =>
    ending === 'removed' ? scene.remove(ended, name) : scene.end(ended, name, ending);
  steps.push([ended, end]);
  return steps;
}

function play(lives: readonly Life[]) {
  const records: string[] = [];
  const scene = new Scene({
    sinks: {
      pod: ({ pod, outcome, nAttempts }: PodRecord) => records.push(`${pod.name} ${outcome} ${nAttempts}`),
    },
  });
  for (const name of NODES) scene.object(0, undefined, nodeOf(name, '16'));
  const steps = lives.flatMap((one, i) => stepsOf(one, `p${i}`));
  // The sort is stable: the steps of one pod at one instant stay in order.
  for (const [, step] of steps.sort(([a], [b]) => a - b)) step(scene);
  return { metrics: scene.recorder.finish(END * SECOND), records };
}

const count = <T>(list: readonly T[], test: (one: T) => boolean): number => list.filter(test).length;
const has = (step: 'bound' | 'running' | 'ended') => (one: Life) => timesOf(one)[step] !== undefined;
const ends = (how: Life['ending']) => (one: Life) => has('ended')(one) && one.ending === how;

it('counts what happened', () => {
  fc.assert(
    fc.property(fc.array(life, { maxLength: 25 }), (lives) => {
      const { metrics, records } = play(lives);
      const nBound = count(lives, has('bound'));
      const nPending = lives.length - nBound;
      const nRunning = count(lives, (one) => has('running')(one) && !has('ended')(one));
      expect(metrics.pods).toEqual({
        nCreated: lives.length,
        nScheduled: nBound,
        nSucceeded: count(lives, ends('Succeeded')),
        nFailed: count(lives, ends('Failed')),
        nDeleted: count(lives, ends('removed')),
        nPending,
        nStarting: nBound - nRunning - count(lives, has('ended')),
        nRunning,
        nRestarts: 0,
      });
      expect(metrics.pending.reduce((sum, { nPods }) => sum + nPods, 0)).toBe(nPending);
      expect(metrics.scheduling.nAttempts).toBe(lives.reduce((sum, one) => sum + one.nRefused, nBound));
      expect(records.length).toBe(lives.length);
      lives.forEach((one, i) => {
        const nAttempts = one.nRefused + (has('bound')(one) ? 1 : 0);
        expect(
          records.some((record) => record.startsWith(`p${i} `) && record.endsWith(` ${nAttempts}`)),
        ).toBe(true);
      });
    }),
  );
});

it('adds up requests over time, node by node', () => {
  fc.assert(
    fc.property(fc.array(life, { maxLength: 25 }), (lives) => {
      const { nodes, pools } = play(lives).metrics;
      const cpuSeconds = NODES.map(() => 0);
      const isIdle = NODES.map(() => new Array<boolean>(END).fill(true));
      for (const one of lives) {
        const { bound = END, ended = END } = timesOf(one);
        for (let at = bound; at < Math.min(END, ended); at++) {
          cpuSeconds[one.node]! += one.cpus;
          isIdle[one.node]![at] = false;
        }
      }
      NODES.forEach((_, row) => {
        expect(nodes.resources[0]!.meanRatio[row]).toBeCloseTo(cpuSeconds[row]! / (16 * END), 9);
        expect(nodes.idleUs[row]).toBe(count(isIdle[row]!, (idle) => idle) * SECOND);
      });
      const total = cpuSeconds.reduce((sum, one) => sum + one, 0);
      expect(pools[0]!.resources[0]!.meanRatio).toBeCloseTo(total / (16 * END * NODES.length), 9);
    }),
  );
});

it('measures what lies between the steps', () => {
  fc.assert(
    fc.property(fc.array(life, { minLength: 1, maxLength: 25 }), (lives) => {
      const { latency } = play(lives).metrics;
      const all = lives.map((one) => ({ ...one, ...timesOf(one) }));
      const expected = {
        start: all.flatMap(({ bound, running }) => (running === undefined ? [] : running - bound!)),
        startup: all.flatMap(({ born, ready }) => (ready === undefined ? [] : ready - born)),
        run: all.flatMap(({ running, ended, ending }) =>
          ended === undefined || ending === 'removed' ? [] : ended - running!,
        ),
      };
      for (const [phase, values] of Object.entries(expected)) {
        const row = latency.find((candidate) => candidate.phase === phase && candidate.className === '');
        expect(row?.n ?? 0).toBe(values.length);
        if (!row) continue;
        expect([row.minUs, row.maxUs]).toEqual([Math.min(...values) * SECOND, Math.max(...values) * SECOND]);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(Math.abs(row.meanUs - mean * SECOND)).toBeLessThanOrEqual(0.5);
      }
    }),
  );
});
