import { describe, expect, it } from 'vitest';
import type { KubeObject, OwnerReference } from '../kube/types.ts';
import type { ReplicasRecord, WorkloadRecord } from './records.ts';
import { Scene, SECOND, shapeOf } from './testing/lives.ts';

const shape = shapeOf({ cpu: '1' });

function owner(kind: string, name: string): OwnerReference {
  return { apiVersion: 'apps/v1', kind, name, uid: name, controller: true };
}

interface Version {
  readonly replicas?: number;
  readonly template?: string;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly generation?: number;
  readonly by?: OwnerReference;
}

function object(kind: string, name: string, version: Version = {}): KubeObject {
  const { replicas = 1, template = 'v1', status = {}, generation = 1, by } = version;
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'shop', uid: name, generation, ...(by && { ownerReferences: [by] }) },
    spec: { replicas, template: { image: template } },
    status,
  } as KubeObject;
}

/** What a Deployment's status says when every replica is out and available. */
const rolledOut = (replicas: number, generation = 1) => ({
  observedGeneration: generation,
  replicas,
  updatedReplicas: replicas,
  availableReplicas: replicas,
});

function watch() {
  const records: Record<string, WorkloadRecord> = {};
  const changes: string[] = [];
  const scene = new Scene({
    sinks: {
      workload: (record) => {
        records[record.name] = { ...record };
      },
      replicas: ({ atUs, name, nDesired, nReady }: ReplicasRecord) => {
        changes.push(`${atUs / SECOND} ${name} ${nReady}/${nDesired}`);
      },
    },
  });
  const finish = (atSeconds: number) => scene.recorder.finish(atSeconds * SECOND);
  const startPod = (atSeconds: number, name: string, by: OwnerReference) => {
    scene.create(atSeconds, name, shape, { owner: by });
    scene.bind(atSeconds, name, 'n');
    scene.run(atSeconds, name);
  };
  return { scene, records, changes, finish, startPod };
}

describe('replicas of a workload', () => {
  it('are missed from the moment they are desired until they are ready', () => {
    const { scene, records, finish, startPod } = watch();
    const set = scene.object(10, undefined, object('StatefulSet', 'db', { replicas: 3 }));
    startPod(20, 'a', owner('StatefulSet', 'db'));
    startPod(30, 'b', owner('StatefulSet', 'db'));
    scene.object(40, set, object('StatefulSet', 'db', { replicas: 2 }));
    const { workloads } = finish(50);
    // 3 missed for 10 s, 2 for 10 s, 1 for 10 s; desired 3 for 30 s and 2 for 10 s.
    const sums = { missedReplicaUs: 60 * SECOND, desiredReplicaUs: 110 * SECOND };
    expect(records.db).toMatchObject({ ...sums, firstFullUs: 40 * SECOND, nDesired: 2, nReady: 2 });
    expect(workloads).toMatchObject({ ...sums, nWorkloads: 1, nDisruptions: 0 });
    expect(workloads.worst.map(({ name }) => name)).toEqual(['db']);
  });

  it('more than are desired make up for nothing', () => {
    const { scene, records, finish, startPod } = watch();
    scene.object(0, undefined, object('StatefulSet', 'db', { replicas: 1 }));
    for (const name of ['a', 'b', 'c']) startPod(0, name, owner('StatefulSet', 'db'));
    scene.ready(10, 'a', false);
    finish(20);
    expect(records.db).toMatchObject({ missedReplicaUs: 0, nReady: 2 });
  });

  it('are told of whenever they have changed, once an instant', () => {
    const { scene, changes, finish, startPod } = watch();
    scene.object(0, undefined, object('StatefulSet', 'db', { replicas: 2 }));
    startPod(5, 'a', owner('StatefulSet', 'db'));
    startPod(5, 'b', owner('StatefulSet', 'db'));
    scene.ready(6, 'a', false);
    scene.ready(6, 'a', true);
    finish(9);
    expect(changes).toEqual(['0 db 0/2', '5 db 2/2']);
  });

  it('of a Deployment are those of all its ReplicaSets', () => {
    const { scene, records, finish, startPod } = watch();
    scene.object(0, undefined, object('Deployment', 'web', { replicas: 2 }));
    for (const name of ['web-1', 'web-2']) {
      scene.object(0, undefined, object('ReplicaSet', name, { by: owner('Deployment', 'web') }));
      startPod(1, name, owner('ReplicaSet', name));
    }
    const old = object('ReplicaSet', 'web-1', { by: owner('Deployment', 'web') });
    scene.object(2, old, undefined);
    scene.remove(3, 'web-1');
    finish(4);
    expect(Object.keys(records)).toEqual(['web']);
    expect(records.web).toMatchObject({ nReady: 1, missedReplicaUs: 3 * SECOND });
  });

  it('of a DaemonSet are desired where its status says so', () => {
    const { scene, records, finish } = watch();
    const first = scene.object(0, undefined, object('DaemonSet', 'log'));
    scene.object(1, first, object('DaemonSet', 'log', { status: { desiredNumberScheduled: 4 } }));
    finish(2);
    expect(records.log).toMatchObject({ nDesired: 4, missedReplicaUs: 4 * SECOND });
  });
});

describe('a disruption', () => {
  it('begins when a complete workload loses a replica and ends when it is complete again', () => {
    const { scene, records, finish, startPod } = watch();
    scene.object(0, undefined, object('StatefulSet', 'db', { replicas: 2 }));
    for (const name of ['a', 'b']) startPod(1, name, owner('StatefulSet', 'db'));
    scene.ready(10, 'a', false);
    scene.remove(12, 'b');
    scene.ready(15, 'a', true);
    startPod(20, 'c', owner('StatefulSet', 'db'));
    scene.change(30, 'c', (draft) => {
      draft.deletionUs = 30 * SECOND;
    });
    scene.remove(31, 'c');
    startPod(34, 'd', owner('StatefulSet', 'db'));
    const { latency } = finish(40);
    const recovery = { recoveryUsMax: 10 * SECOND, recoveryUsTotal: 14 * SECOND };
    expect(records.db).toMatchObject({ nDisruptions: 2, ...recovery });
    expect(latency.find(({ phase }) => phase === 'recovery')).toMatchObject({ n: 2, minUs: 4 * SECOND });
  });

  it('is no scaling up', () => {
    const { scene, records, finish, startPod } = watch();
    const set = scene.object(0, undefined, object('StatefulSet', 'db', { replicas: 1 }));
    startPod(1, 'a', owner('StatefulSet', 'db'));
    scene.object(5, set, object('StatefulSet', 'db', { replicas: 2 }));
    startPod(9, 'b', owner('StatefulSet', 'db'));
    finish(10);
    expect(records.db).toMatchObject({ nDisruptions: 0, recoveryUsTotal: 0, missedReplicaUs: 5 * SECOND });
  });
});

describe('a rollout', () => {
  it('of a Deployment lasts from the new template until all replicas are updated and available', () => {
    const { scene, records, finish } = watch();
    let web = scene.object(0, undefined, object('Deployment', 'web', { replicas: 2 }));
    const versions: [number, Version][] = [
      [3, { status: rolledOut(2) }],
      [100, { template: 'v2', generation: 2, status: rolledOut(2) }],
      [105, { template: 'v2', generation: 2, status: { ...rolledOut(2, 2), updatedReplicas: 1 } }],
      [110, { template: 'v2', generation: 2, status: { ...rolledOut(2, 2), replicas: 3 } }],
      [117, { template: 'v2', generation: 2, status: rolledOut(2, 2) }],
      [200, { template: 'v2', generation: 3, replicas: 3, status: rolledOut(2, 2) }],
      [210, { template: 'v2', generation: 3, replicas: 3, status: rolledOut(3, 3) }],
    ];
    for (const [atSeconds, version] of versions) {
      web = scene.object(atSeconds, web, object('Deployment', 'web', { replicas: 2, ...version }));
    }
    finish(300);
    const rollout = { nRollouts: 2, rolloutUsLast: 17 * SECOND, rolloutUsMax: 17 * SECOND };
    expect(records.web).toMatchObject(rollout);
  });

  it.each([
    ['StatefulSet', { readyReplicas: 1, currentRevision: 'a', updateRevision: 'b' }, 0],
    ['StatefulSet', { readyReplicas: 1, currentRevision: 'b', updateRevision: 'b' }, 1],
    ['StatefulSet', { readyReplicas: 0, currentRevision: 'b', updateRevision: 'b' }, 0],
    ['ReplicaSet', { replicas: 1, readyReplicas: 1, availableReplicas: 1 }, 0],
    ['DaemonSet', { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 }, 0],
    ['DaemonSet', { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 }, 1],
  ])('of a %s with status %o has ended %d times', (kind, status, nRollouts) => {
    const { scene, records, finish } = watch();
    const first = scene.object(0, undefined, object(kind, 'x'));
    scene.object(5, first, object(kind, 'x', { status: { observedGeneration: 1, ...status } }));
    finish(6);
    expect(records.x).toMatchObject({ nRollouts, rolloutUsMax: nRollouts * 5 * SECOND });
  });
});

describe('a Job', () => {
  it('is timed from creation to its end, and told of when it is gone', () => {
    const { scene, records, finish } = watch();
    const ended = (type: string) => ({ status: { conditions: [{ type, status: 'True' }] } });
    for (const [name, type] of [
      ['good', 'Complete'],
      ['bad', 'Failed'],
    ] as const) {
      const first = scene.object(1, undefined, object('Job', name));
      const last = scene.object(8, first, object('Job', name, ended(type)));
      scene.object(9, last, undefined);
    }
    scene.object(9, undefined, object('Job', 'late'));
    expect(records.good).toMatchObject({
      outcome: 'Complete',
      makespanUs: 7 * SECOND,
      deletedUs: 9 * SECOND,
    });
    const { workloads, latency } = finish(10);
    expect(records.late).toMatchObject({ outcome: '', makespanUs: undefined, missedReplicaUs: 0 });
    expect(workloads.jobs).toEqual({ nCreated: 3, nComplete: 1, nFailed: 1 });
    expect(workloads.nWorkloads).toBe(0);
    expect(latency.find(({ phase }) => phase === 'makespan')).toMatchObject({ n: 2, maxUs: 7 * SECOND });
  });
});
