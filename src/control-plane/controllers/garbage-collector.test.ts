import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../kube/types.ts';
import { Bed } from '../testing/bed.ts';

describe('garbage collection by owner', () => {
  const owned = (name: string, owner: KubeObject, more = {}): KubeObject => {
    const { apiVersion, kind, metadata } = owner;
    const reference = { apiVersion, kind, name: metadata.name!, uid: metadata.uid!, ...more };
    return {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default', ownerReferences: [reference] },
    };
  };
  const config = (name: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
  });
  const names = (bed: Bed) =>
    [...bed.server.state.kind('ConfigMap').values()].map(({ metadata }) => metadata.name);

  function play(propagation: 'Background' | 'Foreground' | 'Orphan', more = {}) {
    const bed = new Bed({ nNodes: 0 });
    const order: string[] = [];
    bed.server
      .process('watcher')
      .informer('ConfigMap')
      .handle({ added: () => {}, modified: () => {}, deleted: ({ metadata }) => order.push(metadata.name!) });
    bed.user.create(config('owner'));
    bed.run(1);
    bed.user.create(owned('child', bed.get('ConfigMap', 'owner')!, more));
    bed.run(2);
    bed.user.delete({ kind: 'ConfigMap', namespace: 'default', name: 'owner' }, { propagation });
    bed.run(10);
    return { bed, order, left: names(bed) };
  }

  it.each([
    ['Background', {}, ['owner', 'child'], []],
    ['Foreground', { blockOwnerDeletion: true }, ['child', 'owner'], []],
    ['Orphan', {}, ['owner'], ['child']],
  ] as const)('%s deletes in its order', (propagation, more, order, left) => {
    expect(play(propagation, more)).toMatchObject({ order, left });
  });

  it('takes the reference off an orphan', () => {
    expect(play('Orphan').bed.get('ConfigMap', 'child')?.metadata.ownerReferences).toEqual([]);
  });

  it('keeps what still has an owner, and drops the reference to the one that is gone', () => {
    const bed = new Bed({ nNodes: 0 });
    for (const name of ['a', 'b']) bed.user.create(config(name));
    bed.run(1);
    const child = owned('child', bed.get('ConfigMap', 'a')!);
    const [second] = owned('child', bed.get('ConfigMap', 'b')!).metadata.ownerReferences!;
    bed.user.create({
      ...child,
      metadata: { ...child.metadata, ownerReferences: [...child.metadata.ownerReferences!, second!] },
    });
    bed.at(2, () => bed.user.delete({ kind: 'ConfigMap', namespace: 'default', name: 'a' }));
    bed.run(3);
    expect(bed.get('ConfigMap', 'child')?.metadata.ownerReferences).toEqual([second]);
    bed.at(4, () => bed.user.delete({ kind: 'ConfigMap', namespace: 'default', name: 'b' }));
    bed.run(5);
    expect(names(bed)).toEqual([]);
  });

  it('deletes what is created for an owner that is already gone', () => {
    const bed = new Bed({ nNodes: 0 });
    bed.user.create(config('owner'));
    bed.run(1);
    const child = owned('child', bed.get('ConfigMap', 'owner')!);
    bed.user.delete({ kind: 'ConfigMap', namespace: 'default', name: 'owner' });
    bed.run(2);
    bed.user.create(child);
    bed.run(3);
    expect(names(bed)).toEqual([]);
  });
});
