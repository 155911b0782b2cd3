import { describe, expect, it } from 'vitest';
import { constantLatency, INSTANT } from '../src/control-plane/latency.ts';
import type { Node } from '../src/kube/types.ts';
import type { SimpleLifeModel } from '../src/node/node-model.ts';
import { type StandInKubelet, standInModel } from '../src/node/stand-in.ts';
import { kubeletRig, SECOND } from './support/kubelet-rig.ts';

const setUp = (kubelet: StandInKubelet, latency = INSTANT) => kubeletRig(standInModel(kubelet), latency);

const STAND_IN = { startSeconds: 2, readySeconds: 3, terminateSeconds: 2 };

describe('kubelets', () => {
  it('start a bound pod, make it ready, and end it some time after its deletion', () => {
    const { client, node, pod, until, heard, find } = setUp(STAND_IN);
    client.create(node('n1'));
    pod('a');
    until(10);
    client.deletePod(find('a'));
    until(20);
    expect(heard).toEqual(['2 a Running', '5 a Running ready', '10 a Terminating ready', '12 a gone']);
  });

  it('never run a pod that is deleted before it runs', () => {
    const { client, node, pod, until, heard, find } = setUp(STAND_IN);
    client.create(node('n1'));
    pod('a');
    until(1);
    client.deletePod(find('a'));
    until(20);
    expect(heard).toEqual(['1 a Terminating', '3 a gone']);
  });

  it('end pods that are meant to end: by their own run time, or the model of pods that are not restarted', () => {
    const { client, node, pod, until, heard } = setUp({ ...STAND_IN, runSeconds: 6, fail: { web: 1 } });
    client.create(node('n1'));
    pod('own', { runUs: 4 * SECOND });
    pod('model', {}, 'Never');
    pod('server');
    until(100);
    expect(heard.filter((line) => !line.includes('Running'))).toEqual(['6 own Failed', '8 model Succeeded']);
  });

  it('count pods that are deleted before their end among those that fail, as the recording program does', () => {
    const { client, node, pod, until, heard, find } = setUp({ ...STAND_IN, runSeconds: 6, fail: { web: 3 } });
    client.create(node('n1'));
    pod('gone', {}, 'Never');
    pod('unborn', {}, 'Never');
    until(1);
    client.deletePod(find('unborn'));
    pod('first', {}, 'Never');
    pod('second', {}, 'Never');
    until(3);
    client.deletePod(find('gone'));
    until(100);
    // At 8 nobody sees `gone` (gone since 5) and `unborn` (since 3) fail; one failure is left.
    expect(heard.filter((line) => /gone|Succ|Fail/.test(line))).toEqual([
      '2 gone Running',
      '3 unborn gone',
      '3 gone Terminating',
      '5 gone gone',
      '9 first Failed',
      '9 second Succeeded',
    ]);
  });

  it('leave pods of an image that is never ready unready', () => {
    const { client, node, pod, until, heard } = setUp({ ...STAND_IN, neverReady: ['app:v1'] });
    client.create(node('n1'));
    pod('a');
    until(100);
    expect(heard).toEqual(['2 a Running']);
  });

  it('take requests and watches into account when the control plane has delays', () => {
    const { client, node, pod, until, heard } = setUp(STAND_IN, constantLatency(4000, 1000, 2000));
    client.create(node('n1'));
    pod('a');
    until(10);
    expect(heard).toEqual(['2.012 a Running', '5.012 a Running ready']);
  });

  it('start a pod that is bound to a node before the node is there when the node joins', () => {
    const { client, node, pod, until, heard, readyOf } = setUp(STAND_IN);
    pod('static');
    until(5);
    client.create(
      node('n1', { metadata: { name: 'n1', annotations: { 'wavetank.io/ready-after': '60s' } } }),
    );
    until(64.999);
    expect([heard, readyOf('n1')]).toEqual([[], undefined]);
    until(70);
    expect([heard, readyOf('n1')]).toEqual([['67 static Running', '70 static Running ready'], 'True']);
  });

  it('do nothing while stopped, and catch up with starts, readiness and deletions when started again', () => {
    const { client, node, pod, until, heard, find, kubelets } = setUp(STAND_IN);
    client.create(node('n1'));
    pod('old');
    until(9);
    pod('halfway');
    until(10);
    kubelets.stopKubelet('n1');
    pod('late');
    client.deletePod(find('old'));
    until(50);
    kubelets.startKubelet('n1');
    until(60);
    expect(heard.slice(2)).toEqual([
      '10 old Terminating ready',
      '52 old gone',
      '52 halfway Running',
      '52 late Running',
      '55 halfway Running ready',
      '55 late Running ready',
    ]);
  });

  it('renew leases every 10 s from the start, not while stopped, and then at the next tick', () => {
    const { client, node, until, kubelets, server, readyOf } = setUp(STAND_IN);
    until(3);
    client.create(node('n1'));
    const renewedAt = (seconds: number) => {
      until(seconds);
      return (server.leases.renewedUs('n1') ?? -1) / SECOND;
    };
    expect([renewedAt(12.9), renewedAt(13), renewedAt(34)]).toEqual([3, 13, 33]);
    kubelets.stopKubelet('n1');
    expect(renewedAt(60)).toBe(33);
    client.patchStatus<Node, void, void>(
      { kind: 'Node', name: 'n1' },
      (object) => ({ ...object, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
      undefined,
    );
    kubelets.startKubelet('n1');
    expect([renewedAt(62.9), readyOf('n1'), renewedAt(63), readyOf('n1')]).toEqual([
      33,
      'Unknown',
      63,
      'True',
    ]);
  });

  it('fail, complete and unready the first matching pods by name', () => {
    const { client, node, pod, until, heard, kubelets } = setUp({ startSeconds: 1 });
    client.create(node('n1'));
    for (const name of ['c', 'a', 'b', 'd']) pod(name);
    until(5);
    heard.length = 0;
    kubelets.unreadyPods({ matchLabels: { app: 'web' } }, 2);
    kubelets.failPods({ matchLabels: { app: 'web' } }, 1);
    until(6);
    kubelets.completePods({ matchLabels: { app: 'web' } }, 0);
    kubelets.completePods({ matchLabels: { app: 'other' } }, 0);
    until(7);
    expect(heard).toEqual([
      '5 a Running',
      '5 b Running',
      '5 a Failed',
      '6 b Succeeded',
      '6 c Succeeded',
      '6 d Succeeded',
    ]);
  });

  it('forget a node that is deleted and serve it anew when it is registered again', () => {
    const { client, node, pod, until, heard, server } = setUp(STAND_IN);
    client.create(node('n1'));
    pod('a');
    until(1);
    client.delete({ kind: 'Node', name: 'n1' });
    until(30);
    expect([heard, server.leases.renewedUs('n1')]).toEqual([[], 0]);
    client.create(node('n1'));
    until(40);
    expect(heard).toEqual(['32 a Running', '35 a Running ready']);
  });

  it('start what ran on a machine again when it is repaired, and fail what is never restarted', () => {
    const { client, node, pod, until, heard, kubelets } = setUp(STAND_IN);
    client.create(node('n1'));
    pod('server');
    pod('job', { runUs: 100 * SECOND }, 'Never');
    until(10);
    heard.length = 0;
    kubelets.failNode('n1');
    until(50);
    kubelets.repairNode('n1');
    until(60);
    expect(heard).toEqual(['50 job Failed', '52 server Running', '55 server Running ready']);
  });

  it('say what a node offers that comes with its capacity alone', () => {
    const rig = kubeletRig({ ...standInModel(STAND_IN), reserved: { cpu: 100 } });
    rig.client.create(rig.node('n1', { status: { capacity: { cpu: '2', memory: '4Gi' } } }));
    rig.until(1);
    expect((rig.server.state.kind('Node').get('n1') as Node).status).toMatchObject({
      allocatable: { cpu: '1900m', memory: '4Gi' },
      conditions: [{}, {}, {}, { type: 'Ready', status: 'True' }],
    });
  });

  it('say again what did not arrive, and nothing against what was said later', () => {
    const { client, node, pod, until, heard, server, find } = setUp(STAND_IN);
    client.create(node('n1'));
    pod('a');
    until(1);
    server.etcd.stop(3);
    until(10);
    server.etcd.start(3);
    until(60);
    // Running is told at 2 and given up at 9, to be told again at 19; Ready of 5 arrives when etcd has elected, at 11.5.
    expect([heard, find('a').ready]).toEqual([['11.5 a Running ready'], true]);
  });

  it('notice what ended while they were away, unless they are stand-ins', () => {
    const model = standInModel(STAND_IN);
    const catchUp = (catchesUp: boolean) => {
      const rig = kubeletRig({ ...model, life: { ...model.life, catchesUp } as SimpleLifeModel });
      rig.client.create(rig.node('n1'));
      rig.pod('job', { runUs: 10 * SECOND }, 'Never');
      rig.until(8);
      rig.kubelets.stopKubelet('n1');
      rig.until(30);
      rig.kubelets.startKubelet('n1');
      rig.until(60);
      return rig.heard.slice(2);
    };
    expect(catchUp(true)).toEqual(['30 job Succeeded']);
    expect(catchUp(false)).toEqual([]);
  });
});
