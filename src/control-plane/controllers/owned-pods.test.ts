import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PodInformer, WatchHandler } from '../../kube/api.ts';
import { PodIdentity, type PodObject, PodVersion } from '../../kube/pod-object.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import { OwnedPods } from './owned-pods.ts';

const KIND = 'ReplicaSet';
const OWNERS = [undefined, 'a', 'b', 'other'].map(
  (uid) =>
    uid && {
      apiVersion: 'apps/v1',
      kind: uid === 'other' ? 'Job' : KIND,
      name: uid,
      uid,
      controller: true,
      blockOwnerDeletion: true,
    },
);
const SHAPES = ['x', 'y'].map(
  (app): PodShape => ({ namespace: 'default', labels: { app }, spec: { containers: [] } }),
);
const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed'] as const;

const version = fc.record({
  slot: fc.nat(5),
  owner: fc.nat(OWNERS.length - 1),
  shape: fc.nat(SHAPES.length - 1),
  phase: fc.nat(PHASES.length - 1),
  ready: fc.boolean(),
  isTerminating: fc.boolean(),
  isGone: fc.boolean(),
});
type Version = typeof version extends fc.Arbitrary<infer V> ? V : never;

function podOf({ slot, owner, shape, phase, ready, isTerminating }: Version): PodObject {
  const reference = OWNERS[owner];
  const init = { shape: SHAPES[shape]!, name: `p${slot}`, ...(reference && { owner: reference }) };
  const pod = new PodVersion(
    new PodIdentity(init, init.shape, slot + 1, slot, 0),
    init,
    undefined,
    1,
  ).draft();
  return Object.assign(pod, { phase: PHASES[phase]!, ready, ...(isTerminating && { deletionUs: 1 }) });
}

/** What the pods held say, counted one by one. */
function recount(pods: Iterable<PodObject>, uid: string) {
  const own = [...pods].filter(({ owner }) => owner?.kind === KIND && owner.uid === uid);
  const active = own.filter((pod) => pod.active);
  return {
    nPods: own.length,
    nActive: active.length,
    nReady: active.filter((pod) => pod.ready).length,
    nTerminating: own.filter((pod) => pod.terminating && !pod.terminal).length,
    byShape: SHAPES.map((shape) => active.filter((pod) => pod.shape === shape).length),
  };
}

describe('counts of owned pods', () => {
  it('are those of the pods that are held, whatever comes, changes and goes', () => {
    fc.assert(
      fc.property(fc.array(version, { maxLength: 60 }), (versions) => {
        let handler!: WatchHandler<PodObject>;
        const informer = { handle: (given: WatchHandler<PodObject>) => (handler = given) };
        const owned = new OwnedPods(informer as unknown as PodInformer, KIND);
        const held = new Map<number, PodObject>();
        for (const one of versions) {
          const old = held.get(one.slot);
          const pod = podOf(one);
          if (one.isGone) {
            held.delete(one.slot);
            // The last version may be one that was never heard of before.
            if (old) handler.deleted(pod);
          } else {
            held.set(one.slot, pod);
            if (old) handler.modified(pod, old);
            else handler.added(pod);
          }
          for (const uid of ['a', 'b', 'other']) {
            const { nPods, nActive, nReady, nTerminating, nByShape } = owned.of(uid);
            const byShape = SHAPES.map((shape) => nByShape.get(shape) ?? 0);
            expect({ nPods, nActive, nReady, nTerminating, byShape }).toEqual(recount(held.values(), uid));
          }
        }
      }),
    );
  });

  it('stay as they were when somebody has taken them', () => {
    let handler!: WatchHandler<PodObject>;
    const informer = { handle: (given: WatchHandler<PodObject>) => (handler = given) };
    const owned = new OwnedPods(informer as unknown as PodInformer, KIND);
    const one = { slot: 0, owner: 1, shape: 0, phase: 1, ready: true, isTerminating: false, isGone: false };
    handler.added(podOf(one));
    const taken = owned.of('a');
    handler.added(podOf({ ...one, slot: 1 }));
    expect([taken.nActive, taken.nByShape.get(SHAPES[0]!)]).toEqual([1, 1]);
    expect(owned.of('a').nActive).toBe(2);
  });
});
