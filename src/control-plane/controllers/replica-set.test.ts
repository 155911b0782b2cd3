import { describe, expect, it } from 'vitest';
import type { PodObject } from '../../kube/pod-object.ts';
import { PodIdentity, PodVersion } from '../../kube/pod-object.ts';
import type { ReplicaSet } from '../../kube/types.ts';
import { WallClock } from '../../kube/wall-clock.ts';
import { constantLatency } from '../latency.ts';
import { appsWorkload, Bed, workload } from '../testing/bed.ts';
import { deletionOrder } from './pod-state.ts';

const S = 1_000_000;

function pod(uid: number, fields: Partial<PodObject> = {}, annotations = {}): PodObject {
  const shape = { namespace: 'default', labels: {}, annotations, spec: { containers: [] } };
  const identity = new PodIdentity(
    { shape, name: `p${uid}` },
    shape,
    uid,
    uid,
    (fields as { createdUs?: number }).createdUs ?? 0,
  );
  const { createdUs: _, ...rest } = fields as Record<string, unknown>;
  return Object.assign(new PodVersion(identity, undefined, undefined, 1).draft(), rest);
}

const cost = (value: string) => ({ 'controller.kubernetes.io/pod-deletion-cost': value });
const on = (nodeName: string, more: Partial<PodObject> = {}) => ({
  nodeName,
  phase: 'Running' as const,
  ready: true,
  readyChangedUs: 0,
  ...more,
});

describe('deletion order of surplus pods', () => {
  const clock = new WallClock();
  const nowUs = 1000 * S;
  const ranks: Record<string, number> = { crowded: 5, lonely: 1 };

  it.each([
    ['without a node before with one', pod(1, on('lonely')), pod(2), 2],
    ['pending before running', pod(1, on('lonely', { ready: false })), pod(2, { nodeName: 'lonely' }), 2],
    ['not ready before ready', pod(1, on('lonely')), pod(2, on('lonely', { ready: false })), 2],
    ['cheaper before dearer', pod(1, on('lonely'), cost('5')), pod(2, on('lonely'), cost('-1')), 2],
    ['a malformed cost counts as 0', pod(1, on('lonely'), cost('x')), pod(2, on('lonely'), cost('1')), 1],
    ['on a crowded node before on a lonely one', pod(1, on('lonely')), pod(2, on('crowded')), 2],
    [
      'ready for 16 s before ready for 64 s',
      pod(1, on('lonely', { readyChangedUs: 936 * S })),
      pod(2, on('lonely', { readyChangedUs: 984 * S })),
      2,
    ],
    // 40 s and 50 s in nanoseconds have the same logarithm to the base 2, rounded down.
    [
      'ages of one power of two are equal: the lower uid',
      pod(1, on('lonely', { readyChangedUs: 950 * S })),
      pod(2, on('lonely', { readyChangedUs: 960 * S })),
      1,
    ],
    ['more restarts first', pod(1, on('lonely')), pod(2, on('lonely', { restartsMax: 3 })), 2],
    [
      'created 10 s ago before created 900 s ago',
      pod(1, on('lonely', { createdUs: 100 * S } as object)),
      pod(2, on('lonely', { createdUs: 990 * S } as object)),
      2,
    ],
  ])('%s', (_title, a, b, first) => {
    const rank = ({ nodeName }: PodObject) => ranks[nodeName] ?? 0;
    const order = [a, b].sort((x, y) => deletionOrder(x, y, rank, nowUs, clock));
    expect(order[0]!.uid).toBe(first);
    const reversed = [b, a].sort((x, y) => deletionOrder(x, y, rank, nowUs, clock));
    expect(reversed[0]!.uid).toBe(first);
  });
});

describe('ReplicaSet', () => {
  const set = (replicas: number, more = {}) =>
    appsWorkload<ReplicaSet>('ReplicaSet', 'web', { replicas, ...more });

  it('creates its pods in batches of 1, 2, 4, …, each after the replies to the one before', () => {
    const bed = new Bed({ latency: constantLatency(4000, 1000, 2000) });
    bed.at(1, () => bed.user.create(set(12)));
    bed.run(2);
    // Heard of at 1.006 s; a batch takes 5 ms; the watcher hears 1 ms after the reply.
    const expected = [1.012, 1.017, 1.017, ...Array(4).fill(1.022), ...Array(5).fill(1.027)];
    expect(bed.times('web').created).toEqual(expected);
  });

  it('replaces pods at the instant when they are asked to go, fail or succeed', () => {
    const bed = new Bed();
    bed.user.create(set(3));
    bed.at(10, () => bed.user.deletePod(bed.pods()[0]!));
    bed.at(20, () => bed.kubelets.finish(bed.pods((pod) => pod.ready)[0]!, 'Failed'));
    bed.run(40);
    const { created, terminating, gone } = bed.times('web');
    expect([created, terminating, gone]).toEqual([[0, 0, 0, 10, 20], [10], [12]]);
    expect(bed.get<ReplicaSet>('ReplicaSet', 'web')?.status).toMatchObject({ replicas: 3, readyReplicas: 3 });
    // The failed pod stays: nobody but the pod garbage collector removes it.
    expect(bed.pods(({ phase }) => phase === 'Failed')).toHaveLength(1);
  });

  it('counts pods as available after minReadySeconds of whole seconds', () => {
    const bed = new Bed({ startedAt: '2026-01-05T00:00:00.400Z' });
    bed.user.create(set(2, { minReadySeconds: 7 }));
    bed.run(30);
    // Ready at 5 s, which the API writes as 4.6 s.
    const rows = bed.history('ReplicaSet', ({ ready, available }) => [ready, available]);
    expect(rows).toEqual(['0 [0,0]', '5 [2,0]', '11.6 [2,2]']);
  });

  it('scales down at once to the pods that it likes best', () => {
    const bed = new Bed({ nNodes: 2 });
    bed.user.create(set(4));
    bed.at(10, () =>
      bed.patch<ReplicaSet>('ReplicaSet', 'web', (object) => ({
        ...object,
        spec: { ...object.spec, replicas: 2 },
      })),
    );
    bed.run(15);
    expect(bed.times('web')).toMatchObject({ terminating: [10, 10], gone: [12, 12] });
    expect(
      bed
        .pods()
        .map(({ nodeName }) => nodeName)
        .sort(),
    ).toEqual(['node-0', 'node-1']);
  });

  it('reports creations that are refused and tries again with a growing back-off', () => {
    const bed = new Bed({ kubelet: { startSeconds: 100 } });
    const quota = { ...workload('v1', 'ResourceQuota', 'q', { hard: { pods: '2' } }) };
    bed.user.create(quota);
    const attempts: number[] = [];
    bed.server.events.observers.push(({ reason, atUs }) => {
      if (reason === 'FailedCreate') attempts.push(atUs / 1000);
    });
    bed.at(1, () => bed.user.create(set(3)));
    bed.at(2.5, () =>
      bed.patch('ResourceQuota', 'q', (object) => ({ ...object, spec: { hard: { pods: '3' } } })),
    );
    bed.run(10);
    const gaps = attempts.slice(1).map((at, n) => at - attempts[n]!);
    expect(gaps.slice(-4)).toEqual([80, 160, 320, 640]);
    expect(bed.times('web').created).toEqual([1, 1, (attempts.at(-1)! + 1280) / 1000]);
    expect(bed.get<ReplicaSet>('ReplicaSet', 'web')?.status?.conditions ?? []).toEqual([]);
  });
});
