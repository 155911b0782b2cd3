import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeOf, Scene, SECOND, shapeOf } from './testing/lives.ts';

const shape = shapeOf({ cpu: '1' });

function cluster(sampleEverySeconds?: number): Scene {
  const sampled = sampleEverySeconds !== undefined && { sampleEveryUs: sampleEverySeconds * SECOND };
  const scene = new Scene({ ...sampled });
  scene.object(0, undefined, nodeOf('n', '4'));
  return scene;
}

const rows = (scene: Scene, endSeconds: number) =>
  scene.recorder
    .finish(endSeconds * SECOND)
    .utilization.samples.filter(({ pool }) => pool === '')
    .map(({ atUs, nPods, waiting, requested }) => [atUs / SECOND, nPods, waiting?.nPending, requested[0]]);

describe('samples of utilization', () => {
  it('show each moment after all that happened at it, and the end', () => {
    const scene = cluster(10);
    scene.create(0, 'a', shape);
    scene.bind(10, 'a', 'n');
    scene.create(15, 'b', shape);
    scene.remove(20, 'a');
    expect(rows(scene, 33)).toEqual([
      [0, 0, 1, 0],
      [10, 1, 0, 1000],
      [20, 0, 1, 0],
      [30, 0, 1, 0],
      [33, 0, 1, 0],
    ]);
  });

  it('begin at 0.1 s and stay between 200 and 1,001 however long the run', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 60, maxLength: 200 }),
        (waits) => {
          const scene = cluster();
          let at = 0;
          waits.forEach((wait, i) => {
            scene.create((at += wait), `p${i}`, shape);
          });
          const { everyUs, samples } = scene.recorder.finish(at * SECOND).utilization;
          const times = samples.filter(({ pool }) => pool === '').map(({ atUs }) => atUs);
          expect(times.length).toBeLessThanOrEqual(1001);
          // A step makes the distance at most five times as large.
          expect(times.length).toBeGreaterThanOrEqual(200);
          const regular = times.slice(0, -1);
          expect(regular).toEqual(regular.map((_, i) => i * everyUs));
          expect(times.at(-1)).toBe(at * SECOND);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('count the nodes and what they cost, for each pool', () => {
    const scene = cluster(10);
    const metadata = {
      labels: { 'wavetank.io/node-group': 'b' },
      annotations: { 'wavetank.io/price-per-hour': '2' },
    };
    scene.object(5, undefined, nodeOf('m', '8', metadata));
    const { samples } = scene.recorder.finish(10 * SECOND).utilization;
    const shown = samples.map(({ atUs, pool, nNodes, nNodesReady, costPerHour, allocatable }) =>
      [atUs / SECOND, pool, nNodes, nNodesReady, costPerHour, allocatable[0]].join(' '),
    );
    expect(shown).toEqual([
      '0  1 1  4000',
      '0 nodes 1 1  4000',
      '10  2 2 2 12000',
      '10 nodes 1 1  4000',
      '10 b 1 1 2 8000',
    ]);
  });
});
