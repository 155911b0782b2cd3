import { describe, expect, it } from 'vitest';
import type { Deployment, DeploymentStrategy, ReplicaSet } from '../../../kube/types.ts';
import { appsWorkload, Bed, template } from '../../testing/bed.ts';
import { fenceposts, maxUnavailable } from './replica-sets.ts';

function deployment(replicas: number, spec: object = {}): Deployment {
  return appsWorkload<Deployment>('Deployment', 'web', { replicas, ...spec });
}

function rolling(
  maxSurge: number | string,
  maxUnavailableValue: number | string,
): { strategy: DeploymentStrategy } {
  return {
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable: maxUnavailableValue } },
  };
}

function setImage(bed: Bed, image: string): void {
  bed.patch<Deployment>('Deployment', 'web', (object) => ({
    ...object,
    spec: { ...object.spec, template: template('web', image) },
  }));
}

function change(bed: Bed, spec: Partial<Deployment['spec']>): void {
  bed.patch<Deployment>('Deployment', 'web', (object) => ({ ...object, spec: { ...object.spec, ...spec } }));
}

describe('surge and unavailable pods', () => {
  it.each([
    [10, '25%', '25%', 3, 2],
    [4, '25%', '25%', 1, 1],
    [1, '25%', '25%', 1, 0],
    [3, 0, '10%', 0, 1],
    [5, 2, 1, 2, 1],
  ])('of %i replicas at %s and %s are %i and %i', (replicas, surge, unavailable, nSurge, nUnavailable) => {
    expect(fenceposts(deployment(replicas, rolling(surge, unavailable)))).toEqual({
      surge: nSurge,
      unavailable: nUnavailable,
    });
  });

  it('are never more than there are pods', () => {
    expect(maxUnavailable(deployment(2, rolling(0, 5)))).toBe(2);
    expect(maxUnavailable(deployment(0, rolling(0, 5)))).toBe(0);
  });
});

describe('Deployment', () => {
  // Pods are ready 5 s after their creation and gone 2 s after their deletion.
  it.each([
    [
      'one by one with surge 1',
      rolling(1, 0),
      3,
      { created: [0, 0, 0, 10, 15, 20], terminating: [15, 20, 25] },
    ],
    [
      'one by one without surge',
      rolling(0, 1),
      3,
      { created: [0, 0, 0, 10, 15, 20], terminating: [10, 15, 20] },
    ],
    [
      'all at once with full surge',
      rolling('100%', 0),
      3,
      { created: [0, 0, 0, 10, 10, 10], terminating: [15, 15, 15] },
    ],
    [
      'by recreation: new pods when the last old one is gone',
      { strategy: { type: 'Recreate' } },
      3,
      { created: [0, 0, 0, 12, 12, 12], terminating: [10, 10, 10] },
    ],
  ])('rolls %s', (_title, strategy, replicas, expected) => {
    const bed = new Bed();
    bed.user.create(deployment(replicas, strategy));
    bed.at(10, () => setImage(bed, 'app:2'));
    bed.run(60);
    expect(bed.times('web')).toMatchObject(expected);
    const progress = bed.history('Deployment', ({ progressing }) => progressing);
    expect(progress.at(-1)).toMatch(/"NewReplicaSetAvailable"$/);
  });

  it('never has more or fewer pods than its strategy allows', () => {
    const bed = new Bed({ nNodes: 6 });
    bed.user.create(deployment(10));
    bed.at(10, () => setImage(bed, 'app:2'));
    let most = 0;
    let fewest = 99;
    for (let tenth = 100; tenth < 400; tenth++) {
      bed.run(tenth / 10);
      most = Math.max(most, bed.pods((pod) => pod.active).length);
      fewest = Math.min(fewest, bed.pods((pod) => pod.active && pod.ready).length);
    }
    expect([most, fewest]).toEqual([13, 8]);
  });

  it('waits for minReadySeconds at each step', () => {
    const bed = new Bed();
    bed.user.create(deployment(2, { ...rolling(1, 0), minReadySeconds: 4 }));
    bed.at(20, () => setImage(bed, 'app:2'));
    bed.run(60);
    expect(bed.times('web')).toMatchObject({ created: [0, 0, 20, 29], terminating: [29, 38] });
  });

  it('says so when the progress deadline is over, and goes on when the new pods become ready', () => {
    const bed = new Bed({ kubelet: { neverReady: ['app:bad'] } });
    bed.user.create(deployment(4, { progressDeadlineSeconds: 30 }));
    bed.at(10, () => setImage(bed, 'app:bad'));
    bed.at(60, () => setImage(bed, 'app:1'));
    bed.run(90);
    const progress = bed.history('Deployment', ({ progressing }) => progressing);
    // The last progress is at 10 s; the deadline is checked one second after it has passed.
    expect(progress).toContain('41 "ProgressDeadlineExceeded"');
    expect(progress.at(-1)).toMatch(/^6\d.* "NewReplicaSetAvailable"$/);
    const sets = bed.recorder.rows
      .filter(({ kind, name }) => kind === 'ReplicaSet' && name)
      .map(({ name }) => name);
    expect(new Set(sets).size).toBe(2);
  });

  it('scales a rollout in proportion while it is paused', () => {
    const bed = new Bed({ nNodes: 8, kubelet: { neverReady: ['app:2'] } });
    bed.user.create(deployment(10, rolling(3, 2)));
    bed.at(10, () => setImage(bed, 'app:2')).at(20, () => change(bed, { paused: true }));
    bed.at(21, () => change(bed, { replicas: 20 }));
    bed.run(30);
    const sizes = [...bed.server.state.kind('ReplicaSet').values()].map(
      (set) => (set as ReplicaSet).spec.replicas,
    );
    // 8 old and 5 new of 13 become 14 and 9 of 23: 8 * 23 / 13 = 14.15, 5 * 23 / 13 = 8.85.
    expect(sizes).toEqual([14, 9]);
    expect(
      bed.get<Deployment>('Deployment', 'web')?.status?.conditions?.find(({ type }) => type === 'Progressing')
        ?.reason,
    ).toBe('DeploymentPaused');
  });

  it('numbers revisions, finds an old template again, and keeps as many as asked for', () => {
    const bed = new Bed({ kubelet: { startSeconds: 0, readySeconds: 0, terminateSeconds: 0 } });
    bed.user.create(deployment(1, { revisionHistoryLimit: 2 }));
    for (const [n, image] of ['app:2', 'app:3', 'app:4', 'app:2'].entries())
      bed.at(10 * (n + 1), () => setImage(bed, image));
    bed.run(60);
    const revisions = [...bed.server.state.kind('ReplicaSet').values()].map((set) => {
      const { template: pods, replicas } = (set as ReplicaSet).spec;
      return [
        pods.spec.containers[0]?.image,
        replicas,
        set.metadata.annotations?.['deployment.kubernetes.io/revision'],
      ];
    });
    expect(revisions).toEqual([
      ['app:2', 1, '5'],
      ['app:3', 0, '3'],
      ['app:4', 0, '4'],
    ]);
    expect(
      bed.get<Deployment>('Deployment', 'web')?.metadata.annotations?.['deployment.kubernetes.io/revision'],
    ).toBe('5');
  });

  it('takes a Deployment’s pods and ReplicaSets along when it is deleted', () => {
    const bed = new Bed();
    bed.user.create(deployment(3));
    bed.at(10, () => bed.user.delete({ kind: 'Deployment', namespace: 'default', name: 'web' }));
    bed.run(20);
    expect(bed.times('web')).toMatchObject({
      created: [0, 0, 0],
      terminating: [10, 10, 10],
      gone: [12, 12, 12],
    });
    expect(bed.server.state.kind('ReplicaSet').size).toBe(0);
  });

  it('takes up the ReplicaSets that an orphaning deletion has left', () => {
    const bed = new Bed();
    bed.user.create(deployment(3));
    const key = { kind: 'Deployment', namespace: 'default', name: 'web' };
    bed.at(10, () => bed.user.delete(key, { propagation: 'Orphan' }));
    bed.at(20, () => bed.user.create(deployment(4)));
    bed.run(30);
    const sets = [...bed.server.state.kind('ReplicaSet').values()] as ReplicaSet[];
    expect(sets.map(({ metadata }) => metadata.ownerReferences?.map(({ uid }) => uid))).toEqual([
      [bed.get('Deployment', 'web')?.metadata.uid],
    ]);
    expect(bed.times('web')).toMatchObject({ created: [0, 0, 0, 20], terminating: [] });
  });

  it('lets a ReplicaSet go whose labels have changed, and makes another', () => {
    const bed = new Bed();
    bed.user.create(deployment(2));
    bed.at(10, () => {
      const [set] = bed.server.state.kind('ReplicaSet').values();
      bed.patch<ReplicaSet>('ReplicaSet', set!.metadata.name!, (object) => ({
        ...object,
        metadata: { ...object.metadata, labels: { app: 'other' } },
      }));
    });
    bed.run(20);
    const sets = [...bed.server.state.kind('ReplicaSet').values()];
    expect(sets.map(({ metadata }) => metadata.ownerReferences?.length)).toEqual([0, 1]);
    expect(bed.times('web').created).toEqual([0, 0, 10, 10]);
  });
});
