import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node, Pod } from '../kube/types.ts';
import { Cluster } from './cluster.ts';
import { CPU, MEMORY, PODS } from './resources.ts';

const NAMES = ['a', 'b', 'c'];
const nodeOf = (name: string, cpu: number): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: {} },
  status: { allocatable: { cpu: `${cpu}`, memory: '1Gi', pods: '110' } },
});
const podOf = (cpuMilli: number, hostPort: number): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  spec: {
    containers: [
      {
        name: 'c',
        image: 'i',
        ...(cpuMilli > 0 && { resources: { requests: { cpu: `${cpuMilli}m`, 'example.com/gpu': '1' } } }),
        ports: [{ containerPort: 1, hostPort }],
      },
    ],
  },
});

type Step =
  | { readonly do: 'bind'; readonly node: string; readonly cpuMilli: number }
  | { readonly do: 'remove'; readonly pick: number }
  | { readonly do: 'node'; readonly node: string; readonly cpu: number }
  | { readonly do: 'lose'; readonly node: string };

const node = fc.constantFrom(...NAMES);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('bind' as const), node, cpuMilli: fc.constantFrom(0, 100, 250) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), pick: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('node' as const), node, cpu: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), node }) },
);

/** The same cluster as plain lists. */
class Plain {
  readonly nodes = new Map<string, number>();
  pods: { row: number; node: string; cpuMilli: number; port: number }[] = [];
}

function take(one: Step, cluster: Cluster, plain: Plain): void {
  if (one.do === 'remove') {
    const pod = plain.pods[one.pick % Math.max(1, plain.pods.length)];
    if (!pod) return;
    cluster.removePod(pod.row);
    plain.pods = plain.pods.filter((other) => other !== pod);
    return;
  }
  const row = cluster.nodes.find(one.node);
  if (one.do === 'node') {
    if (row === -1) cluster.addNode(nodeOf(one.node, one.cpu));
    else cluster.updateNode(row, nodeOf(one.node, one.cpu));
    plain.nodes.set(one.node, one.cpu);
  } else if (row !== -1 && one.do === 'lose') {
    const gone = plain.pods.filter((pod) => pod.node === one.node);
    cluster.removeNode(row);
    for (const pod of gone) cluster.removePod(pod.row);
    plain.nodes.delete(one.node);
    plain.pods = plain.pods.filter((pod) => !gone.includes(pod));
  } else if (row !== -1 && one.do === 'bind') {
    const port = 1000 + plain.pods.length + Math.max(0, ...plain.pods.map((pod) => pod.port));
    const pod = cluster.addPod(cluster.classes.ofPod(podOf(one.cpuMilli, port)), 'p', 'p');
    cluster.bind(pod, row);
    plain.pods.push({ row: pod, node: one.node, cpuMilli: one.cpuMilli, port });
  }
}

function expectSame(cluster: Cluster, plain: Plain): void {
  const { nodes } = cluster;
  expect(nodes.nNodes).toBe(plain.nodes.size);
  for (const name of NAMES) {
    const row = nodes.find(name);
    expect(row !== -1).toBe(plain.nodes.has(name));
    if (row === -1) continue;
    const pods = plain.pods.filter((pod) => pod.node === name);
    const sum = (of: (cpuMilli: number) => number) =>
      pods.reduce((total, pod) => total + of(pod.cpuMilli), 0);
    expect(cluster.podsOn(row)).toEqual(pods.map((pod) => pod.row));
    expect(nodes.nPods[row]).toBe(pods.length);
    expect(nodes.allocatable[CPU]![row]).toBe(plain.nodes.get(name)! * 1000);
    expect(nodes.requested[PODS]![row]).toBe(pods.length);
    expect(nodes.requested[CPU]![row]).toBe(sum((milli) => milli));
    expect(nodes.requested[MEMORY]![row]).toBe(0);
    expect(nodes.requested[nodes.resource('example.com/gpu')]![row]).toBe(
      sum((milli) => (milli > 0 ? 1 : 0)),
    );
    expect(nodes.nonZeroCpuMilli[row]).toBe(sum((milli) => milli || 100));
    expect(nodes.nonZeroMemoryBytes[row]).toBe(pods.length * 200 * 1024 * 1024);
    expect(nodes.hostPorts[row]!.map(({ port }) => port)).toEqual(pods.map(({ port }) => port));
  }
}

describe('the columns', () => {
  it('say what plain lists say, whatever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const cluster = new Cluster();
        const plain = new Plain();
        for (const one of steps) {
          const { head } = cluster.log;
          take(one, cluster, plain);
          expectSame(cluster, plain);
          if (one.do === 'node') expect(cluster.log.head).toBe(head + 1);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('tell a new node from the one whose row it has', () => {
    const cluster = new Cluster();
    const row = cluster.addNode(nodeOf('a', 1));
    const generation = cluster.nodes.generation[row]!;
    cluster.removeNode(row);
    expect(cluster.addNode(nodeOf('b', 2))).toBe(row);
    expect(cluster.nodes.generation[row]).toBe(generation + 1);
    expect(cluster.nodes.find('a')).toBe(-1);
  });

  it('keep what they hold when they grow', () => {
    const cluster = new Cluster();
    const rows = Array.from({ length: 200 }, (_, i) => cluster.addNode(nodeOf(`n${i}`, i + 1)));
    expect(rows.map((row) => cluster.nodes.allocatable[CPU]![row])).toEqual(
      rows.map((_, i) => (i + 1) * 1000),
    );
    expect(rows.every((row) => cluster.nodes.firstPod[row] === -1)).toBe(true);
  });

  it('are as before after a trial', () => {
    const cluster = new Cluster();
    const row = cluster.addNode(nodeOf('a', 9));
    const pods = [1, 2, 3].map((port) => {
      const pod = cluster.addPod(cluster.classes.ofPod(podOf(100, port)), 'p', `${port}`);
      cluster.bind(pod, row);
      return pod;
    });
    const before = cluster.checkpoint(row);
    for (const pod of [pods[0]!, pods[2]!]) cluster.unbind(pod);
    for (const pod of [pods[2]!, pods[0]!]) cluster.bind(pod, row);
    expect(cluster.podsOn(row)).not.toEqual(pods);
    cluster.restore(row, before);
    expect(cluster.podsOn(row)).toEqual(pods);
    expect(cluster.nodes.hostPorts[row]!.map(({ port }) => port)).toEqual([1, 2, 3]);
    cluster.unbind(pods[1]!);
    expect(() => cluster.restore(row, before)).toThrow('has other pods than before the trial');
  });
});
