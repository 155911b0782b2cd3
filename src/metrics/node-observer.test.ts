import { describe, expect, it } from 'vitest';
import { flatMetrics } from './flat-metrics.ts';
import { nodeOf, Scene, SECOND, shapeOf } from './testing/lives.ts';

const shape = shapeOf({ cpu: '1' });

describe('what nodes tell', () => {
  it('of image pulls counts the time that at least one container waits, and not for the start-up objective', () => {
    const scene = new Scene();
    const { identity } = scene.create(0, 'a', shape);
    scene.bind(1, 'a', 'n');
    const { node } = scene.recorder;
    node.pullBegan(identity, 2 * SECOND);
    node.pullBegan(identity, 3 * SECOND);
    node.pullEnded(identity, 4 * SECOND);
    node.pullEnded(identity, 7 * SECOND);
    node.pullEnded(identity, 8 * SECOND);
    node.pullBegan(identity, 10 * SECOND);
    node.pullEnded(identity, 11 * SECOND);
    scene.run(12, 'a');
    const { latency, startupObjective } = scene.recorder.finish(13 * SECOND);
    expect(latency.find(({ phase }) => phase === 'pull')).toMatchObject({ n: 1, maxUs: 6 * SECOND });
    expect(startupObjective.p99Us).toBe(6 * SECOND);
  });

  it('of image pulls says nothing of pods that are gone', () => {
    const scene = new Scene();
    const { identity } = scene.create(0, 'a', shape);
    scene.remove(1, 'a');
    scene.create(1, 'b', shape);
    scene.bind(1, 'b', 'n');
    scene.recorder.node.pullBegan(identity, 2 * SECOND);
    scene.recorder.node.pullEnded(identity, 3 * SECOND);
    scene.run(4, 'b');
    expect(scene.recorder.finish(5 * SECOND).latency.some(({ phase }) => phase === 'pull')).toBe(false);
  });

  it('of their use is weighed by time against what is allocatable', () => {
    const scene = new Scene({ sampleEveryUs: 10 * SECOND });
    const small = nodeOf('small', '2');
    scene.object(0, undefined, small);
    scene.object(0, undefined, nodeOf('large', '6'));
    const { node } = scene.recorder;
    node.nodeUses('small', 1000, 2 ** 30, 10 * SECOND);
    node.nodeUses('large', 3000, 0, 10 * SECOND);
    node.nodeUses('small', 2000, 2 ** 31, 15 * SECOND);
    node.nodeUses('unknown', 9000, 0, 15 * SECOND);
    scene.object(20, small, undefined);
    const metrics = scene.recorder.finish(40 * SECOND);
    const [cpu, memory] = metrics.nodes.resources;
    expect([...cpu!.usedMeanRatio!]).toEqual([15 / 40, 90 / 240]);
    expect([...memory!.usedMeanRatio!]).toEqual([15 / 160, 0]);
    const cluster = metrics.pools[0]!.resources[0]!;
    expect(cluster).toMatchObject({ usedMeanRatio: 105 / 280, usedRatioMax: 5 / 8 });
    const used = metrics.utilization.samples
      .filter(({ pool }) => pool === '')
      .map((sample) => sample.used?.[0] ?? null);
    expect(used).toEqual([null, 4000, 3000, 3000, 3000]);
    expect(flatMetrics(metrics)).toMatchObject({ 'use.cpu.max': 5 / 8, 'pool.nodes.use.cpu.max': 5 / 8 });
  });

  it('is unknown where they tell nothing', () => {
    const scene = new Scene();
    scene.object(0, undefined, nodeOf('n', '2'));
    const { nodes, pools, utilization } = scene.recorder.finish(SECOND);
    expect(nodes.resources[0]!.usedMeanRatio).toBeNull();
    expect(pools[0]!.resources[0]).toMatchObject({ usedMeanRatio: null, usedRatioMax: null });
    expect(utilization.samples.every(({ used }) => used === null)).toBe(true);
  });
});

describe('the scheduler’s queue', () => {
  it('is sampled as it was before the next change', () => {
    const scene = new Scene({ sampleEveryUs: SECOND });
    const { scheduler } = scene.recorder;
    scheduler.queueChanged(5, 1, 2, 3, 0);
    scheduler.queueChanged(0, 0, 4, 3, 1.5 * SECOND);
    const { samples } = scene.recorder.finish(2 * SECOND).utilization;
    expect(samples.map(({ waiting }) => waiting)).toEqual([
      { nPending: 0, nActive: 5, nBackoff: 1, nUnschedulable: 2, nGated: 3 },
      { nPending: 0, nActive: 5, nBackoff: 1, nUnschedulable: 2, nGated: 3 },
      { nPending: 0, nActive: 0, nBackoff: 0, nUnschedulable: 4, nGated: 3 },
    ]);
  });
});

describe('figures by name', () => {
  it('are all there, measured or not, and are those of the sums', () => {
    const scene = new Scene();
    scene.object(0, undefined, nodeOf('n', '4'));
    scene.create(0, 'a', shape);
    scene.queue(1, 'a');
    scene.bind(3, 'a', 'n');
    scene.create(3, 'b', shape);
    const flat = flatMetrics(scene.recorder.finish(10 * SECOND));
    expect(flat).toMatchObject({
      'simulated.seconds': 10,
      'pods.created': 2,
      'pods.pending': 1,
      'latency.scheduling.p99': 2,
      'latency.startup.p99': null,
      'utilization.cpu.mean': 0.175,
      'pool.nodes.nodes': 1,
      'workloads.missedRatio': null,
      cost: null,
    });
    expect(Object.values(flat).every((value) => value === null || Number.isFinite(value))).toBe(true);
  });
});
