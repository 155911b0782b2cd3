import { describe, expect, it } from 'vitest';
import { Cluster } from '../../cluster/cluster.ts';
import { GPU_COUNT, GPU_DEVICES, GPU_MILLI } from '../../kube/gpu-names.ts';
import type { Node, Pod } from '../../kube/types.ts';
import { gpuShare } from './gpu-share.ts';

function gpuPod(name: string, count: number, milli: number): Pod {
  const requests = { [GPU_MILLI]: String(count * milli) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, uid: name, annotations: { [GPU_COUNT]: String(count) } },
    spec: { containers: [{ name: 'c', resources: { requests } }] },
  };
}

/** A node of `nDevices` GPUs on which pods of the given [count, milli] came one after the other. */
function nodeWith(nDevices: number, pods: readonly (readonly [number, number])[]): Cluster {
  const cluster = new Cluster();
  const allocatable = { [GPU_DEVICES]: String(nDevices), [GPU_MILLI]: String(nDevices * 1000) };
  cluster.addNode({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n' },
    status: { allocatable },
  } as Node);
  pods.forEach(([count, milli], i) => {
    const cls = cluster.classes.ofPod(gpuPod(`p${i}`, count, milli));
    cluster.bind(cluster.addPod(cls, `p${i}`, i), 0);
  });
  return cluster;
}

function fits(cluster: Cluster, count: number, milli: number): boolean {
  const cls = cluster.classes.ofPod(gpuPod('new', count, milli));
  const pod = { row: -1, cls, name: 'new', uid: 'new' };
  const cycle = { cluster, pod, cls };
  const plugin = gpuShare();
  const prepared = plugin.preFilter!(cycle);
  if (!('state' in prepared)) throw new Error('skipped');
  return plugin.filter!(prepared.state, 0, cycle) === undefined;
}

describe('GpuShare', () => {
  it('refuses a share that only the sum over devices could hold', () => {
    expect(
      fits(
        nodeWith(2, [
          [1, 600],
          [1, 600],
        ]),
        1,
        500,
      ),
    ).toBe(false);
  });
  it('puts a share beside another on one device', () => {
    expect(fits(nodeWith(1, [[1, 600]]), 1, 400)).toBe(true);
  });
  it('deals a share to the device with the least room, which keeps a whole device free', () => {
    expect(
      fits(
        nodeWith(2, [
          [1, 500],
          [1, 300],
        ]),
        1,
        1000,
      ),
    ).toBe(true);
  });
  it('wants whole free devices for several GPUs', () => {
    expect(fits(nodeWith(3, [[1, 100]]), 2, 1000)).toBe(true);
    expect(fits(nodeWith(3, [[1, 100]]), 3, 1000)).toBe(false);
  });
  it('has nothing to say about pods without GPUs', () => {
    const cluster = nodeWith(1, []);
    const cls = cluster.classes.ofPod({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'plain' },
      spec: { containers: [{ name: 'c' }] },
    });
    const cycle = { cluster, pod: { row: -1, cls, name: 'plain', uid: 'plain' }, cls };
    expect(gpuShare().preFilter!(cycle)).toEqual({ skip: true });
  });
});
