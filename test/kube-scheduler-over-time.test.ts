import { describe, expect, it } from 'vitest';
import type { KubeObject, PersistentVolume, PersistentVolumeClaim } from '../src/kube/types.ts';
import { nowRunning } from '../src/node/pod-edits.ts';
import {
  MINUTE_US,
  node,
  priorityClass,
  type Rig,
  SECOND_US,
  schedulerRig,
  shape,
} from './support/scheduler-rig.ts';

const MS = 1000;

describe('a scheduling cycle that takes time', () => {
  it('ends when its work is done, and the next one begins', () => {
    const rig = schedulerRig({ isInstant: false });
    rig.addNode(node('n'));
    rig.addPod('a', shape());
    rig.addPod('b', shape());
    rig.run(SECOND_US);
    // One node: 260 µs, and less than 1 µs for filtering it.
    expect(rig.log).toEqual(['0.000261 a -> n', '0.000522 b -> n']);
  });

  it('tries a pod again at once if what it needs came while it was tried', () => {
    const rig = schedulerRig({ isInstant: false });
    rig.addNode(node('small', { cpu: '500m' }));
    rig.addPod('a', shape());
    rig.run(100);
    rig.addNode(node('large'));
    rig.run(SECOND_US);
    expect(rig.log).toEqual(['0.000261 a Unschedulable', '0.000522 a -> large']);
  });

  it('comes to nothing when its pod is deleted meanwhile', () => {
    const rig = schedulerRig({ isInstant: false });
    rig.addNode(node('n', { cpu: '1' }));
    rig.addPod('a', shape());
    rig.run(100);
    rig.removePod('a');
    rig.addPod('b', shape());
    rig.run(SECOND_US);
    expect(rig.log).toEqual(['0.000522 b -> n']);
  });

  it('fails with an error when the chosen node is gone at its end', () => {
    const rig = schedulerRig({ isInstant: false });
    rig.addNode(node('n'));
    rig.addPod('a', shape());
    rig.run(100);
    rig.removeNode('n');
    rig.run(SECOND_US);
    expect(rig.pod('a')).toMatchObject({ nodeName: '', scheduledReason: 'SchedulerError' });
  });

  it("is followed by binding at the client's rate: 100 at once, then 50 a second", () => {
    const rig = schedulerRig({ isInstant: false, hasLatency: true });
    rig.addNode(node('n', { cpu: '400' }));
    const nPods = 110;
    for (let i = 0; i < nPods; i++) rig.addPod(`p${i}`, shape());
    rig.run(MINUTE_US);
    const boundUs = (i: number) => rig.pod(`p${i}`).scheduledUs!;
    expect(boundUs(99) - boundUs(0)).toBe(99 * 261);
    for (let i = 102; i < nPods; i++) expect(boundUs(i) - boundUs(i - 1)).toBe(20 * MS);
  });
});

describe('preemption', () => {
  /** One node of 3 CPU, full of three pods of low priority, and another one that is too small for anything. */
  function fullCluster(options: Parameters<typeof schedulerRig>[0] = {}): Rig {
    const rig = schedulerRig(options);
    rig.create(priorityClass('low', 1));
    rig.create(priorityClass('high', 1000));
    rig.addNode(node('n', { cpu: '3' }));
    rig.addNode(node('small', { cpu: '500m' }));
    for (const name of ['v1', 'v2', 'v3']) rig.addPod(name, shape('1', { priorityClassName: 'low' }));
    rig.addPod('filler', shape('500m'), { nodeName: 'small' });
    rig.run(SECOND_US);
    expect(['v1', 'v2', 'v3'].map(rig.nodeOf)).toEqual(['n', 'n', 'n']);
    rig.log.length = 0;
    return rig;
  }

  it('nominates a node, marks and deletes the victims, and binds the pod when they are gone', () => {
    const rig = fullCluster();
    rig.addPod('high', shape('3', { priorityClassName: 'high' }));
    rig.run(2 * SECOND_US);
    expect(rig.log).toEqual(['1 high preempts 3 on n', '1 high Unschedulable']);
    expect(rig.pod('high')).toMatchObject({ nodeName: '', nominatedNodeName: 'n' });
    for (const name of ['v1', 'v2', 'v3']) {
      expect(rig.pod(name)).toMatchObject({ disruption: 'PreemptionByScheduler', terminating: true });
    }
    for (const name of ['v1', 'v2', 'v3']) rig.removePod(name);
    rig.run(3 * SECOND_US);
    expect(rig.nodeOf('high')).toBe('n');
  });

  it('keeps the room for the nominated pod', () => {
    const rig = fullCluster();
    rig.addPod('high', shape('3', { priorityClassName: 'high' }));
    rig.run(2 * SECOND_US);
    rig.removePod('v1');
    rig.addPod('low', shape('1', { priorityClassName: 'low' }));
    rig.run(3 * SECOND_US);
    expect(rig.nodeOf('low')).toBe('');
  });

  it('keeps the pod out of the queue until the last victim is dealt with', () => {
    const rig = fullCluster({ hasLatency: true });
    rig.addPod('high', shape('3', { priorityClassName: 'high' }));
    // Heard of after 6 ms; two victims are marked and deleted by 16 ms; the last one is marked by 21 ms, deleted by 25,
    // heard of 2 ms later.
    rig.run(SECOND_US + 8 * MS);
    rig.removePod('filler');
    rig.run(SECOND_US + 20 * MS);
    expect(rig.scheduler.queue.nGated).toBe(1);
    expect(['v1', 'v2', 'v3'].filter((name) => rig.pod(name).terminating)).toHaveLength(2);
    rig.run(SECOND_US + 28 * MS);
    expect(['v1', 'v2', 'v3'].filter((name) => rig.pod(name).terminating)).toHaveLength(3);
    for (const name of ['v1', 'v2', 'v3']) rig.removePod(name);
    rig.run(SECOND_US + 60 * MS);
    expect(rig.nodeOf('high')).toBe('n');
  });

  it('gives the nomination up when the pod fits elsewhere', () => {
    const rig = fullCluster();
    rig.addPod('high', shape('3', { priorityClassName: 'high' }));
    rig.run(2 * SECOND_US);
    rig.addNode(node('new'));
    rig.run(3 * SECOND_US);
    expect(rig.nodeOf('high')).toBe('new');
    for (const name of ['v1', 'v2', 'v3']) rig.removePod(name);
    rig.addPod('low', shape('3', { priorityClassName: 'low' }));
    rig.run(4 * SECOND_US);
    expect(rig.nodeOf('low')).toBe('n');
  });

  it.each([
    [5.9, 'n1'],
    [6.1, 'n2'],
  ])(
    'takes the pod that started latest, in whole seconds as the API has them: %d s after 5.2 s',
    (later, place) => {
      const rig = schedulerRig();
      rig.create(priorityClass('low', 1));
      rig.create(priorityClass('high', 1000));
      for (const [name, startSeconds] of [
        ['n1', 5.2],
        ['n2', later],
      ] as const) {
        rig.addNode(node(name, { cpu: '1' }));
        rig.addPod(`on-${name}`, shape('1', { priorityClassName: 'low' }), { nodeName: name });
        rig.run(startSeconds * SECOND_US);
        rig.user.patchPodStatus(rig.pod(`on-${name}`), nowRunning, true);
      }
      rig.run(10 * SECOND_US);
      rig.addPod('high', shape('1', { priorityClassName: 'high' }));
      rig.run(11 * SECOND_US);
      expect(rig.log[0]).toBe(`10 high preempts 1 on ${place}`);
    },
  );

  it.each(['n1', 'n2'])(
    'takes the pod that its budget has counted out already, whoever made its name: on %s',
    (place) => {
      const rig = schedulerRig();
      rig.create(priorityClass('low', 1));
      rig.create(priorityClass('high', 1000));
      const disruptedPods: Record<string, string> = {};
      for (const nodeName of ['n1', 'n2']) {
        rig.addNode(node(nodeName, { cpu: '1' }));
        const init = { shape: shape('1', { priorityClassName: 'low' }), generateName: 'web-', nodeName };
        rig.user.createPod(init, (_, pod) => {
          if (nodeName === place) disruptedPods[pod!.name] = '2026-01-05T00:00:00Z';
        });
      }
      rig.run(SECOND_US);
      rig.create({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'web', namespace: 'default' },
        spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'x' } } },
      } as KubeObject);
      rig.user.patchStatus(
        { kind: 'PodDisruptionBudget', namespace: 'default', name: 'web' },
        (budget) => ({ ...budget, status: { disruptionsAllowed: 0, disruptedPods } }) as KubeObject,
        undefined,
      );
      rig.addPod('high', shape('1', { priorityClassName: 'high' }));
      rig.run(2 * SECOND_US);
      expect(rig.log[0]).toBe(`1 high preempts 1 on ${place}`);
    },
  );

  it('does not happen for a pod that wants none', () => {
    const rig = fullCluster();
    rig.addPod('high', shape('3', { priorityClassName: 'high', preemptionPolicy: 'Never' }));
    rig.run(2 * SECOND_US);
    expect(rig.log).toEqual(['1 high Unschedulable']);
  });

  it('takes the nomination of a less important pod away', () => {
    const rig = fullCluster();
    rig.create(priorityClass('mid', 10));
    rig.addPod('mid', shape('1', { priorityClassName: 'mid' }));
    rig.run(2 * SECOND_US);
    expect(rig.pod('mid').nominatedNodeName).toBe('n');
    rig.addPod('high', shape('3', { priorityClassName: 'high' }));
    rig.run(3 * SECOND_US);
    expect([rig.pod('mid').nominatedNodeName, rig.pod('high').nominatedNodeName]).toEqual(['', 'n']);
    for (const name of ['v1', 'v2', 'v3']) rig.removePod(name);
    rig.run(4 * SECOND_US);
    expect([rig.nodeOf('mid'), rig.nodeOf('high')]).toEqual(['', 'n']);
  });
});

describe('volumes of a pod', () => {
  const volume: PersistentVolume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'pv' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'local',
      local: { path: '/data' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['n2'] }] },
          ],
        },
      },
    },
    status: { phase: 'Available' },
  } as PersistentVolume;
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'local',
      volumeMode: 'Filesystem',
      resources: { requests: { storage: '1Gi' } },
    },
    status: { phase: 'Pending' },
  } as PersistentVolumeClaim;
  const storageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'local' },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  } as unknown as KubeObject;

  function rigWithVolume(options: Parameters<typeof schedulerRig>[0] = {}): Rig {
    const rig = schedulerRig(options);
    for (const name of ['n1', 'n2']) {
      rig.addNode(node(name, { cpu: '1', labels: { 'kubernetes.io/hostname': name } }));
    }
    for (const object of [storageClass, volume, claim]) rig.create(object);
    rig.run(SECOND_US);
    rig.addPod('a', shape('1', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] }));
    return rig;
  }

  /** What the volume controller does once the volume is reserved. */
  function bindClaim(rig: Rig): void {
    rig.user.patch<PersistentVolumeClaim, undefined, undefined>(
      { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data' },
      (made) => ({
        ...made,
        metadata: { ...made.metadata, annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
        spec: { ...made.spec, volumeName: 'pv' },
      }),
      undefined,
    );
  }

  it('are bound before the pod is, which is looked at every second', () => {
    const rig = rigWithVolume();
    rig.run(3.5 * SECOND_US);
    expect(rig.pod('a')).toMatchObject({ nodeName: '', nominatedNodeName: 'n2' });
    bindClaim(rig);
    rig.run(MINUTE_US);
    expect(rig.pod('a')).toMatchObject({ nodeName: 'n2', scheduledUs: 4 * SECOND_US });
  });

  it('keep the room while they are waited for', () => {
    const rig = rigWithVolume();
    rig.addPod('b', shape());
    rig.addPod('c', shape());
    rig.run(3 * SECOND_US);
    expect([rig.nodeOf('b'), rig.nodeOf('c')].sort()).toEqual(['', 'n1']);
  });

  it('fail the binding cycle when they are not bound in time', () => {
    const rig = rigWithVolume({
      config: {
        profiles: [
          {
            schedulerName: 'default-scheduler',
            pluginConfig: [{ name: 'VolumeBinding', args: { bindTimeoutSeconds: 3 } }],
          },
        ],
      },
    });
    rig.run(MINUTE_US / 10);
    expect(rig.log[1]).toBe('4 a SchedulerError');
    expect(rig.pod('a').scheduledMessage).toContain('running PreBind plugin "VolumeBinding"');
  });

  it('are given up when the pod is deleted meanwhile', () => {
    const rig = rigWithVolume();
    rig.run(2.5 * SECOND_US);
    rig.removePod('a');
    rig.addPod('b', shape('1', { nodeSelector: { 'kubernetes.io/hostname': 'n2' } }));
    rig.run(10 * SECOND_US);
    expect(rig.nodeOf('b')).toBe('n2');
  });
});
