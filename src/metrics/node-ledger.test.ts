import { describe, expect, it } from 'vitest';
import type { RunMetrics } from './run-metrics.ts';
import { nodeOf, Scene, SECOND, shapeOf } from './testing/lives.ts';

const labels = (pool: string) => ({ labels: { 'wavetank.io/node-group': pool } });
const priced = (pool: string, price: string) => ({
  ...labels(pool),
  annotations: { 'wavetank.io/price-per-hour': price },
});
const shape = shapeOf({ cpu: '1', memory: '2Gi' });

const finish = (scene: Scene, atSeconds: number) => scene.recorder.finish(atSeconds * SECOND);

function node(metrics: RunMetrics, name: string) {
  const { nodes } = metrics;
  const row = nodes.name.indexOf(name);
  const cpu = nodes.resources[0]!;
  return {
    addedUs: nodes.addedUs[row],
    removedUs: nodes.removedUs[row],
    pods: [nodes.nPods[row], nodes.nPodsMax[row], nodes.nPodsEver[row]],
    idleSeconds: nodes.idleUs[row]! / SECOND,
    cost: nodes.cost[row],
    cpu: [cpu.allocatable[row], cpu.requested[row], cpu.requestedMax[row], cpu.meanRatio[row]],
  };
}

function pool(metrics: RunMetrics, name: string) {
  const one = metrics.pools.find((candidate) => candidate.pool === name)!;
  const { meanRatio, ratioMax, allocatable, requested } = one.resources[0]!;
  return { ...one, resources: undefined, cpu: [allocatable, requested, meanRatio, ratioMax] };
}

describe('a node in the sums', () => {
  it('has what its pods ask for from binding to their end', () => {
    const scene = new Scene();
    scene.object(0, undefined, nodeOf('n', '4'));
    for (const name of ['a', 'b']) scene.create(0, name, shape);
    scene.bind(10, 'a', 'n');
    scene.bind(20, 'b', 'n');
    scene.run(20, 'b');
    scene.end(30, 'b', 'Succeeded');
    // 1 CPU for 30 s and 1 CPU for 10 s of 4 CPUs for 40 s.
    expect(node(finish(scene, 40), 'n')).toMatchObject({
      pods: [1, 2, 2],
      idleSeconds: 10,
      cpu: [4000, 1000, 2000, 40 / 160],
    });
  });

  it('is idle while only DaemonSets have pods there', () => {
    const scene = new Scene();
    const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'd', uid: 'd', controller: true };
    scene.object(0, undefined, nodeOf('n', '4'));
    scene.create(0, 'agent', shape, { owner });
    scene.bind(0, 'agent', 'n');
    scene.create(0, 'a', shape);
    scene.bind(5, 'a', 'n');
    scene.remove(8, 'a');
    expect(node(finish(scene, 10), 'n')).toMatchObject({ idleSeconds: 7, pods: [1, 2, 2] });
  });

  it('that is removed keeps its row, and one of the same name gets a new one', () => {
    const scene = new Scene();
    const first = nodeOf('n', '4', priced('p', '3.6'));
    scene.object(0, undefined, first);
    scene.create(0, 'a', shape);
    scene.bind(0, 'a', 'n');
    scene.object(100, first, undefined);
    scene.object(200, undefined, nodeOf('n', '2', priced('p', '3.6')));
    scene.remove(250, 'a');
    const metrics = finish(scene, 300);
    const { name, removedUs, resources, cost } = metrics.nodes;
    expect(name).toEqual(['n', 'n']);
    expect([...removedUs]).toEqual([100 * SECOND, Number.NaN]);
    expect([...resources[0]!.meanRatio]).toEqual([0.25, 0]);
    expect([...resources[0]!.requested]).toEqual([0, 0]);
    expect([...cost]).toEqual([0.1, 0.1].map((value) => expect.closeTo(value, 9)));
    const expected = { nNodes: 1, nNodesMax: 1, cost: expect.closeTo(0.2, 9) };
    expect(pool(metrics, 'p')).toMatchObject({ ...expected, cpu: [2000, 0, 100 / 600, 0.25] });
  });

  it('that comes again under its name has the pods that are bound after that', () => {
    const scene = new Scene();
    const first = nodeOf('n', '4');
    scene.object(0, undefined, first);
    for (const name of ['a', 'b']) scene.create(0, name, shape);
    scene.bind(10, 'a', 'n');
    scene.object(20, first, undefined);
    scene.object(20, undefined, nodeOf('n', '4'));
    scene.bind(30, 'b', 'n');
    expect([...finish(scene, 40).nodes.nPodsEver]).toEqual([1, 1]);
  });

  it('may grow and shrink', () => {
    const scene = new Scene();
    const first = nodeOf('n', '2');
    scene.object(0, undefined, first);
    scene.create(0, 'a', shape);
    scene.bind(0, 'a', 'n');
    scene.object(10, first, nodeOf('n', '4'));
    // 1 CPU for 20 s of 2 CPUs for 10 s and 4 CPUs for 10 s.
    expect(node(finish(scene, 20), 'n').cpu).toEqual([4000, 1000, 1000, 20 / 60]);
  });

  it('may have resources that only later nodes show', () => {
    const scene = new Scene();
    scene.object(0, undefined, nodeOf('n', '2'));
    scene.create(0, 'a', shapeOf({ cpu: '1', 'nvidia.com/gpu': '2' }));
    const gpu = nodeOf('g', '8');
    const status = { allocatable: { cpu: '8', 'nvidia.com/gpu': '4' } };
    scene.object(0, undefined, { ...gpu, status } as never);
    scene.bind(0, 'a', 'g');
    const { nodes, resources } = finish(scene, 10);
    const id = resources.indexOf('nvidia.com/gpu');
    expect([...nodes.resources[id]!.allocatable]).toEqual([0, 4]);
    expect([...nodes.resources[id]!.meanRatio]).toEqual([Number.NaN, 0.5]);
  });
});

describe('a pool', () => {
  it('has the nodes of its label, and the cluster has all', () => {
    const scene = new Scene();
    scene.object(0, undefined, nodeOf('a-0', '4', priced('a', '1')));
    scene.object(0, undefined, nodeOf('a-1', '4', priced('a', '1')));
    scene.object(0, undefined, nodeOf('b-0', '8', labels('b')));
    scene.create(0, 'p', shape);
    scene.bind(1800, 'p', 'b-0');
    const metrics = finish(scene, 3600);
    expect(metrics.pools.map(({ pool: name }) => name)).toEqual(['', 'a', 'b']);
    expect(pool(metrics, 'a')).toMatchObject({ nNodes: 2, nodeHours: 2, cost: 2, cpu: [8000, 0, 0, 0] });
    expect(pool(metrics, 'b')).toMatchObject({ nNodes: 1, cost: null, cpu: [8000, 1000, 1 / 16, 1 / 8] });
    expect(pool(metrics, '')).toMatchObject({ nNodes: 3, cost: 2, cpu: [16000, 1000, 1 / 32, 1 / 16] });
    expect(metrics.pools.map(({ idleNodeHours }) => idleNodeHours)).toEqual([2.5, 2, 0.5]);
  });

  it.each([
    [{ 'eks.amazonaws.com/nodegroup': 'workers' }, 'workers'],
    [{ 'node.kubernetes.io/instance-type': 'm5.large' }, 'm5.large'],
    [{ 'node.kubernetes.io/instance-type': 'm5.large', 'wavetank.io/node-group': 'g' }, 'g'],
    [{}, 'nodes'],
  ])('of a node labelled %o is %s', (given, expected) => {
    const scene = new Scene();
    scene.object(0, undefined, nodeOf('n', '4', { labels: given }));
    expect(finish(scene, 1).nodes.pool).toEqual([expected]);
  });
});
