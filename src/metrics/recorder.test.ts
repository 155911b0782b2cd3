import { describe, expect, it } from 'vitest';
import type { PhaseName } from './latency-book.ts';
import type { PodRecord } from './records.ts';
import type { RunMetrics } from './run-metrics.ts';
import { nodeOf, Scene, SECOND, shapeOf } from './testing/lives.ts';

const small = shapeOf({ cpu: '1', memory: '1Gi' });
const finish = (scene: Scene, atSeconds: number) => scene.recorder.finish(atSeconds * SECOND);

function sceneWithRecords() {
  const records: Record<string, Omit<PodRecord, 'pod'>> = {};
  const pod = ({ pod: { name }, ...rest }: PodRecord) => {
    records[name] = rest;
  };
  const scene = new Scene({ sinks: { pod } });
  scene.object(0, undefined, nodeOf('n', '4'));
  return { scene, records };
}

const latency = (metrics: RunMetrics, name: PhaseName) =>
  metrics.latency.find(({ phase, className }) => phase === name && className === '');

describe('a pod in the records', () => {
  it('has the times of its whole life', () => {
    const { scene, records } = sceneWithRecords();
    scene.create(1, 'a', small, { group: 'batch' });
    scene.queue(2, 'a');
    scene.bind(4, 'a', 'n');
    scene.run(7, 'a', false);
    scene.ready(9, 'a', true);
    scene.end(20, 'a', 'Succeeded');
    const metrics = finish(scene, 30);
    expect(records.a).toEqual({
      className: 'batch',
      outcome: 'Succeeded',
      queuedUs: 2 * SECOND,
      scheduledUs: 4 * SECOND,
      runningUs: 7 * SECOND,
      readyUs: 9 * SECOND,
      finishedUs: 20 * SECOND,
      deletedUs: undefined,
      nAttempts: 1,
      nRestarts: 0,
      reason: '',
    });
    const phases: [PhaseName, number][] = [
      ['scheduling', 2],
      ['binding', 0],
      ['start', 3],
      ['ready', 2],
      ['startup', 8],
      ['slo-startup', 6],
      ['run', 13],
      ['lifetime', 19],
    ];
    for (const [phase, seconds] of phases)
      expect(latency(metrics, phase)?.maxUs, phase).toBe(seconds * SECOND);
  });

  it('is told of once, when it has finished, whatever comes after', () => {
    const told: string[] = [];
    const scene = new Scene({ sinks: { pod: ({ pod, outcome }) => told.push(`${pod.name} ${outcome}`) } });
    scene.create(0, 'a', small);
    scene.bind(1, 'a', 'n');
    scene.run(2, 'a');
    scene.end(3, 'a', 'Failed');
    expect(told).toEqual(['a Failed']);
    scene.change(4, 'a', (draft) => {
      draft.deletionUs = 4 * SECOND;
    });
    scene.remove(5, 'a');
    finish(scene, 6);
    expect(told).toEqual(['a Failed']);
  });

  it('counts every attempt once, also one whose binding failed', () => {
    const { scene, records } = sceneWithRecords();
    const { identity } = scene.create(0, 'a', small);
    const { scheduler } = scene.recorder;
    scheduler.podFailed(identity, 'Unschedulable', 'no', 0, SECOND);
    scheduler.podAssumed(identity, 'n', 0, 2 * SECOND);
    scheduler.podFailed(identity, 'SchedulerError', 'the binding was refused', 0, 3 * SECOND);
    scene.bind(4, 'a', 'n');
    const { scheduling } = finish(scene, 5);
    expect(records.a!.nAttempts).toBe(3);
    expect(scheduling).toEqual({ nAttempts: 3, nFailedAttempts: 2, nPreemptions: 0, nVictims: 0 });
  });

  it('does not inherit from the pod whose slot it gets', () => {
    const { scene, records } = sceneWithRecords();
    const { identity } = scene.create(0, 'a', small);
    scene.refuse(1, 'a', 'no');
    scene.remove(2, 'a');
    const next = scene.create(3, 'b', small);
    expect(next.slot).toBe(identity.slot);
    scene.recorder.scheduler.podFailed(identity, 'Unschedulable', 'late news of a', 0, 3 * SECOND);
    scene.bind(4, 'b', 'n');
    finish(scene, 5);
    expect(records.a).toMatchObject({ outcome: 'Deleted', nAttempts: 1 });
    expect(records.b).toMatchObject({ outcome: 'Starting', nAttempts: 1, runningUs: undefined });
  });

  it('that is left says what it was doing, oldest first', () => {
    const told: string[] = [];
    const sinks = {
      pod: ({ pod, outcome, reason }: PodRecord) => told.push(`${pod.name} ${outcome} ${reason}`),
    };
    const scene = new Scene({ sinks });
    for (const name of ['a', 'b', 'c', 'd', 'e']) scene.create(0, name, small);
    for (const name of ['b', 'c', 'd']) scene.queue(0, name);
    scene.bind(1, 'd', 'n');
    scene.run(2, 'd');
    scene.bind(1, 'c', 'n');
    scene.refuse(3, 'b', '0/1 nodes are available: 1 Too many pods.');
    scene.queue(3, 'e');
    finish(scene, 4);
    expect(told).toEqual([
      'a Pending no scheduler is named default-scheduler',
      'b Pending 0/1 nodes are available: 1 Too many pods.',
      'c Starting ',
      'd Running ',
      'e Pending not tried yet',
    ]);
  });

  it('of a Deployment belongs to the Deployment, of a CronJob to the CronJob, any other to its app', () => {
    const { scene, records } = sceneWithRecords();
    const owner = (kind: string, name: string) => ({
      apiVersion: 'v1',
      kind,
      name,
      uid: name,
      controller: true,
    });
    const object = (kind: string, name: string, by?: ReturnType<typeof owner>) =>
      ({
        apiVersion: 'v1',
        kind,
        metadata: { name, uid: name, namespace: 'shop', ...(by && { ownerReferences: [by] }) },
        spec: { replicas: 1, template: {} },
      }) as never;
    scene.object(0, undefined, object('Deployment', 'web'));
    scene.object(0, undefined, object('ReplicaSet', 'web-1', owner('Deployment', 'web')));
    scene.object(0, undefined, object('Job', 'nightly-1', owner('CronJob', 'nightly')));
    scene.create(0, 'a', small, { owner: owner('ReplicaSet', 'web-1') });
    scene.create(0, 'b', small, { owner: owner('Job', 'nightly-1') });
    scene.create(0, 'c', small, { owner: owner('Widget', 'w') });
    scene.create(0, 'd', small);
    finish(scene, 1);
    expect(Object.values(records).map(({ className }) => className)).toEqual([
      'shop/Deployment/web',
      'shop/CronJob/nightly',
      'default/Widget/w',
      'default/Pod/web',
    ]);
  });
});

describe('the sums of a run', () => {
  it('name why pods are pending, the most frequent reason first, with the oldest pod', () => {
    const scene = new Scene();
    for (const name of ['a', 'b', 'c']) scene.create(0, name, small);
    scene.refuse(1, 'a', 'no room');
    for (const name of ['c', 'b']) scene.refuse(1, name, 'no zone');
    expect(finish(scene, 2).pending).toEqual([
      { reason: 'no zone', nPods: 2, example: 'default/b' },
      { reason: 'no room', nPods: 1, example: 'default/a' },
    ]);
  });

  it('count evictions once each by who wanted them, and restarts', () => {
    const scene = new Scene();
    for (const name of ['a', 'b', 'c']) {
      scene.create(0, name, small);
      scene.bind(0, name, 'n');
      scene.run(1, name);
    }
    for (const name of ['a', 'b']) {
      scene.change(2, name, (draft) => {
        draft.disruption = 'DeletionByTaintManager';
        draft.deletionUs = 2 * SECOND;
      });
    }
    scene.remove(3, 'a');
    scene.change(3, 'c', (draft) => {
      draft.restarts = 3;
    });
    scene.change(4, 'c', (draft) => {
      draft.restarts = 4;
      draft.reason = 'Evicted';
      draft.phase = 'Failed';
    });
    const { evictions, pods } = finish(scene, 5);
    expect(evictions).toEqual({ DeletionByTaintManager: 2, Evicted: 1 });
    expect(pods).toMatchObject({ nRestarts: 4, nFailed: 1, nDeleted: 1, nRunning: 1 });
  });

  it('judge start-up by the pods that the objective speaks of', () => {
    const scene = new Scene();
    const claim = [{ name: 'v', persistentVolumeClaim: { claimName: 'v' } }];
    const shapes = {
      quick: small,
      refused: small,
      withClaim: shapeOf({ cpu: '1' }, { volumes: claim }),
      withInit: shapeOf({ cpu: '1' }, { initContainers: [{ name: 'i', image: 'i' }] }),
    };
    for (const [name, shape] of Object.entries(shapes)) scene.create(0, name, shape);
    scene.refuse(1, 'refused', 'no');
    for (const name of Object.keys(shapes)) scene.bind(2, name, 'n');
    scene.run(4, 'quick');
    for (const name of ['refused', 'withClaim', 'withInit']) scene.run(60, name);
    const expected = { nPods: 1, boundUs: 5 * SECOND, p99Us: 4 * SECOND, isMet: true };
    expect(finish(scene, 61).startupObjective).toEqual(expected);
  });

  it('say of a start-up over 5 s that the objective is missed, and of none that it is unknown', () => {
    const scene = new Scene();
    scene.create(0, 'a', small);
    scene.bind(1, 'a', 'n');
    expect(finish(scene, 2).startupObjective).toMatchObject({ p99Us: null, isMet: null });
    scene.run(5.000001, 'a');
    expect(finish(scene, 6).startupObjective).toMatchObject({ nPods: 1, isMet: false });
  });
});
