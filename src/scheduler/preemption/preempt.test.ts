import { describe, expect, test } from 'vitest';
import { PodFlag } from '../../cluster/pod-table.ts';
import { defaultPreemptionArgs } from '../plugins/default-preemption.schema.ts';
import {
  budget,
  clusterFrom,
  incoming,
  type PodSketch,
  preemptFor,
  type Sketch,
} from '../testing/preemption-sketch.ts';

describe('the node', () => {
  const rows: [string, Sketch, string[]][] = [
    [
      'where the top victim has the lowest priority',
      {
        a: { cpu: 2, pods: [{ name: 'a1', cpu: 2, priority: 9 }] },
        b: { cpu: 2, pods: [{ name: 'b1', cpu: 2, priority: 8 }] },
      },
      ['b'],
    ],
    [
      'where the priorities sum up to less',
      {
        a: {
          cpu: 2,
          pods: [
            { name: 'a1', priority: 9 },
            { name: 'a2', priority: 3 },
          ],
        },
        b: {
          cpu: 2,
          pods: [
            { name: 'b1', priority: 9 },
            { name: 'b2', priority: 1 },
          ],
        },
      },
      ['b'],
    ],
    [
      'where fewer pods of negative priority go',
      {
        a: {
          cpu: 2,
          pods: [
            { name: 'a1', priority: -5 },
            { name: 'a2', priority: -9 },
          ],
        },
        b: { cpu: 2, pods: [{ name: 'b1', cpu: 2, priority: -5 }] },
      },
      ['b'],
    ],
    [
      'where the oldest top victim is the youngest',
      {
        a: {
          cpu: 2,
          pods: [
            { name: 'a1', started: 5 },
            { name: 'a2', started: 50 },
          ],
        },
        b: {
          cpu: 2,
          pods: [
            { name: 'b1', started: 6 },
            { name: 'b2', started: 7 },
          ],
        },
      },
      ['b'],
    ],
    [
      'where the victims have not started yet',
      {
        a: { cpu: 2, pods: [{ name: 'a1', cpu: 2, started: 5 }] },
        b: { cpu: 2, pods: [{ name: 'b1', cpu: 2 }] },
      },
      ['b'],
    ],
    [
      'that is any of them if they are alike',
      { a: { cpu: 2, pods: [{ name: 'a1', cpu: 2 }] }, b: { cpu: 2, pods: [{ name: 'b1', cpu: 2 }] } },
      ['a', 'b'],
    ],
    [
      'that is not cordoned',
      {
        a: { cpu: 2, pods: [{ name: 'a1', cpu: 2 }], spec: { unschedulable: true } },
        b: { cpu: 2, pods: [{ name: 'b1', cpu: 2, priority: 9 }] },
      },
      ['b'],
    ],
  ];
  test.each(rows)('%s', (_, sketch, best) => {
    const cluster = clusterFrom(sketch);
    const { bestNodes, nominatedNode } = preemptFor(cluster, incoming());
    expect(bestNodes.map((node) => cluster.nodes.names[node])).toEqual(best);
    expect(nominatedNode).toBe(bestNodes[0]);
  });

  test('is chosen by the given source where the rules leave several', () => {
    const cluster = clusterFrom({
      a: { cpu: 2, pods: [{ name: 'a1', cpu: 2 }] },
      b: { cpu: 2, pods: [{ name: 'b1', cpu: 2 }] },
    });
    const asked: number[] = [];
    const int = (n: number) => {
      asked.push(n);
      return n - 1;
    };
    // Tried from b on: b, a. The last of these is a.
    expect(cluster.nodes.names[preemptFor(cluster, incoming(), { int }).nominatedNode]).toBe('a');
    expect(asked).toEqual([2, 2]);
  });

  test('breaks no budget if another does not', () => {
    const sketch = {
      a: { cpu: 2, pods: [{ name: 'a1', cpu: 2, labels: { app: 'x' } }] },
      b: { cpu: 2, pods: [{ name: 'b1', cpu: 2, priority: 9 }] },
    };
    const cluster = clusterFrom(sketch, [budget('x', { app: 'x' }, 0)]);
    expect(cluster.nodes.names[preemptFor(cluster, incoming()).nominatedNode]).toBe('b');
  });
});

describe('the search', () => {
  const full = (n: number, labels = {}) =>
    Object.fromEntries(
      Array.from({ length: n }, (_, i) => [`n${i}`, { cpu: 2, pods: [{ name: `p${i}`, cpu: 2, labels }] }]),
    );
  const args = { minCandidateNodesPercentage: 20, minCandidateNodesAbsolute: 3 };

  test('stops with the wanted share of candidates, but not before the wanted number', () => {
    expect(preemptFor(clusterFrom(full(10)), incoming(), { args }).candidates).toHaveLength(3);
    expect(preemptFor(clusterFrom(full(30)), incoming(), { args }).candidates).toHaveLength(6);
    expect(preemptFor(clusterFrom(full(2)), incoming(), { args }).candidates).toHaveLength(2);
  });

  test('starts where the given source says', () => {
    const int = (n: number) => (n === 10 ? 8 : 0);
    const { candidates } = preemptFor(clusterFrom(full(10)), incoming(), { args, int });
    expect(candidates.map(({ node }) => node)).toEqual([8, 9, 0]);
  });

  test('goes on until a candidate breaks no budget', () => {
    const sketch = {
      ...full(9, { app: 'x' }),
      last: { cpu: 2, pods: [{ name: 'free', cpu: 2, priority: 9 }] },
    };
    const cluster = clusterFrom(sketch, [budget('x', { app: 'x' }, 0)]);
    const { candidates, nominatedNode } = preemptFor(cluster, incoming(), { args });
    expect(candidates.map(({ node }) => node)).toEqual([9, 0, 1, 2]);
    expect(nominatedNode).toBe(9);
  });
});

describe('no preemption', () => {
  const sketch: Sketch = {
    a: { cpu: 2, pods: [{ name: 'a1', cpu: 2, priority: 100 }] },
    b: { cpu: 1, pods: [{ name: 'b1' }] },
    c: { cpu: 4, pods: [{ name: 'c1', priority: 100, cpu: 3 }, { name: 'c2' }] },
  };

  test('helps where only more important pods, too small nodes or too little room are', () => {
    expect(preemptFor(clusterFrom(sketch), incoming())).toMatchObject({
      code: 'Unschedulable',
      nominatedNode: -1,
      clearsNominatedNode: true,
      message:
        'preemption: 0/3 nodes are available: 1 Insufficient cpu, 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
    });
  });

  test('is tried for a pod that must not preempt', () => {
    const cluster = clusterFrom({ a: { cpu: 2, pods: [{ name: 'a1', cpu: 2 }] } });
    expect(preemptFor(cluster, incoming(2, 100, { preemptionPolicy: 'Never' }))).toMatchObject({
      code: 'Unschedulable',
      clearsNominatedNode: false,
      message: 'preemption: not eligible due to preemptionPolicy=Never.',
    });
  });

  const preempted = PodFlag.Terminating | PodFlag.Preempted;
  const waiting: [string, PodSketch, boolean][] = [
    ['while earlier victims are going', { name: 'a1', cpu: 2, flags: preempted }, false],
    ['but not for pods that go for other reasons', { name: 'a1', cpu: 2, flags: PodFlag.Terminating }, true],
    [
      'but not for pods that are no victims of this pod',
      { name: 'a1', cpu: 2, flags: preempted, priority: 100 },
      true,
    ],
  ];
  test.each(waiting)('is begun on the nominated node %s', (_, leaving, begins) => {
    const cluster = clusterFrom({
      a: { cpu: 2, pods: [leaving] },
      b: { cpu: 2, pods: [{ name: 'b1', cpu: 2 }] },
    });
    const { code, message } = preemptFor(cluster, incoming(), { nominated: 'a' });
    expect(code).toBe(begins ? 'Success' : 'Unschedulable');
    if (!begins) {
      expect(message).toBe('preemption: not eligible due to a terminating pod on the nominated node.');
    }
  });

  test('is held back by victims on a nominated node that has become hopeless', () => {
    const leaving = { name: 'a1', cpu: 2, flags: preempted };
    const sketch = {
      a: { cpu: 2, pods: [leaving], spec: { unschedulable: true } },
      b: { cpu: 2, pods: [{ name: 'b1', cpu: 2 }] },
    };
    expect(preemptFor(clusterFrom(sketch), incoming(), { nominated: 'a' }).code).toBe('Success');
  });
});

describe('arguments', () => {
  test.each([
    [{ minCandidateNodesPercentage: 101 }, 'not in valid range [0, 100]'],
    [{ minCandidateNodesAbsolute: -1 }, 'not in valid range [0, inf)'],
    [
      { minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0 },
      'cannot be zero at the same time as minCandidateNodesAbsolute',
    ],
    [{ minCandidates: 1 }, 'Unrecognized key: "minCandidates"'],
  ])('%j is refused', (args, message) => {
    expect(defaultPreemptionArgs.safeParse(args).error?.issues.map((issue) => issue.message)).toEqual([
      message,
    ]);
  });
});
