import { describe, expect, it } from 'vitest';
import { EVENT_PRIORITIES } from '../cluster/event-priorities.ts';
import type { ApiError } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { PodShape } from '../kube/pod-shape.ts';
import type { Deployment, KubeObject, Pod } from '../kube/types.ts';
import { Simulation } from '../sim/simulation.ts';
import { ApiServer } from './api-server.ts';
import { constantLatency, INSTANT } from './latency.ts';
import { Bed, template } from './testing/bed.ts';

const SHAPE: PodShape = {
  namespace: 'default',
  labels: { app: 'web' },
  spec: { containers: [{ name: 'c', image: 'i' }] },
};

function setUp(latency = INSTANT) {
  const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
  const server = new ApiServer({ simulation, latency });
  const heard: string[] = [];
  const process = server.process('test');
  const pods = process.pods();
  const say = (what: string, pod: PodObject) =>
    heard.push(`${simulation.nowUs} ${what} ${pod.identity.uid} ${pod.nodeName || '-'} ${pod.phase}`);
  pods.handle({
    added: (pod) => say('added', pod),
    modified: (pod) => say('modified', pod),
    deleted: (pod) => say('deleted', pod),
  });
  const client = process.client({ name: 'tester' });
  const run = () => simulation.advance(1e6, Number.POSITIVE_INFINITY);
  return { simulation, server, process, pods, client, heard, run };
}

function running(pod: PodObject): PodObject {
  const next = pod.draft();
  next.phase = 'Running';
  return next;
}

const replies = () => {
  const list: string[] = [];
  const reply = (error: ApiError | undefined, object: PodObject | KubeObject | undefined) =>
    list.push(error ? `${error.code} ${error.message}` : `ok ${object?.constructor.name}`);
  return { list, reply };
};

describe('API server', () => {
  it('commits within the call in instant mode and tells everybody later at the same instant', () => {
    const { server, client, pods, heard, run } = setUp();
    client.createPod({ shape: SHAPE, name: 'a' });
    expect(server.state.pods.size).toBe(1);
    expect(heard).toEqual([]);
    run();
    expect(heard).toEqual(['0 added 1 - Pending']);
    expect(pods.size).toBe(1);
  });

  it('takes request, watch and reply delays when calibrated', () => {
    const { simulation, client, heard, run } = setUp(constantLatency(4000, 1000, 2000));
    let repliedUs = 0;
    client.createPod({ shape: SHAPE, name: 'a' }, () => (repliedUs = simulation.nowUs));
    run();
    expect(heard).toEqual(['6000 added 1 - Pending']);
    expect(repliedUs).toBe(5000);
  });

  it('holds requests back at the client beyond its burst', () => {
    const { process, heard, run } = setUp(constantLatency(4000, 1000, 2000));
    const slow = process.client({ name: 'slow', qps: 10, burst: 2 });
    for (const name of ['a', 'b', 'c', 'd']) slow.createPod({ shape: SHAPE, name });
    run();
    expect(heard.map((line) => Number(line.split(' ')[0]))).toEqual([6000, 6000, 106_000, 206_000]);
  });

  it('binds once, and refuses a second binding, one of a pod that goes, and one of a pod that is gone', () => {
    const { client, pods, run, heard } = setUp();
    client.createPod({ shape: SHAPE, name: 'a' });
    run();
    const pod = pods.byName('default', 'a')!;
    const { list, reply } = replies();
    client.bindPod(pod, 'n1', reply);
    client.bindPod(pod, 'n2', reply);
    client.deletePod(pod);
    client.bindPod(pod, 'n2', reply);
    client.deletePod(pod, { graceSeconds: 0 });
    client.bindPod(pod, 'n2', reply);
    run();
    expect(list).toEqual([
      'ok PodVersion',
      '409 Operation cannot be fulfilled on pods "a": pod a is already assigned to node "n1"',
      '409 Operation cannot be fulfilled on pods "a": pod a is being deleted, cannot be assigned to a host',
      '404 pods "a" not found',
    ]);
    expect(heard.at(-1)).toBe('0 deleted 1 n1 Pending');
  });

  it('gives a slot to the next pod when its pod is gone, and tells the two apart', () => {
    const { client, pods, run } = setUp();
    client.createPod({ shape: SHAPE, name: 'a' });
    run();
    const a = pods.byName('default', 'a')!;
    client.deletePod(a);
    client.createPod({ shape: SHAPE, name: 'b' });
    run();
    const b = pods.byName('default', 'b')!;
    expect([b.slot, b.uid]).toEqual([a.slot, a.uid + 1]);
    expect(pods.current(a)).toBeUndefined();
    const { list, reply } = replies();
    client.patchPod(a, running, undefined, reply);
    run();
    expect(list).toEqual(['404 pods "a" not found']);
  });

  it('keeps a deleted pod with finalizers until they are removed', () => {
    const { client, pods, server, run } = setUp();
    client.createPod({ shape: SHAPE, name: 'a', finalizers: ['x/y'] });
    run();
    client.deletePod(pods.byName('default', 'a')!);
    run();
    expect(pods.byName('default', 'a')?.terminating).toBe(true);
    client.patch(
      { kind: 'Pod', namespace: 'default', name: 'a' },
      (pod) => ({
        ...pod,
        metadata: { ...pod.metadata, finalizers: [] },
      }),
      undefined,
    );
    run();
    expect([pods.size, server.state.pods.size]).toEqual([0, 0]);
  });

  it('fills in defaults, counts generations for changes of the spec only, and refuses stale updates', () => {
    const { client, process, run } = setUp();
    const informer = process.informer<Deployment>('Deployment');
    const template = {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    };
    const web: Deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: { app: 'web' } }, template },
    };
    client.create(web);
    run();
    const first = informer.get('default', 'web')!;
    expect(first.spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
    });
    expect(first.metadata.generation).toBe(1);
    client.updateStatus({ ...first, status: { replicas: 1 } });
    run();
    expect(informer.get('default', 'web')?.metadata.generation).toBe(1);
    const { list, reply } = replies();
    client.update({ ...first, spec: { ...first.spec, replicas: 3 } }, reply);
    const fresh = informer.get('default', 'web')!;
    client.update({ ...fresh, spec: { ...fresh.spec, replicas: 3 } }, reply);
    run();
    expect(list[0]).toMatch(/^409 .*the object has been modified/);
    expect(informer.get('default', 'web')).toMatchObject({
      metadata: { generation: 2 },
      spec: { replicas: 3 },
      status: { replicas: 1 },
    });
  });

  it('writes nothing when an update changes nothing', () => {
    const { client, server, process, run } = setUp();
    const informer = process.informer('ConfigMap');
    client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } });
    run();
    const before = server.state.revision;
    client.update({ ...informer.get('default', 'c')! });
    run();
    expect(server.state.revision).toBe(before);
  });

  it('tells a process that starts again everything anew, and nothing while it is down', () => {
    const { client, process, server, heard, run } = setUp();
    const other = server.process('other').client({ name: 'other' });
    client.createPod({ shape: SHAPE, name: 'a' });
    run();
    process.stop();
    other.createPod({ shape: SHAPE, name: 'b' });
    run();
    process.start();
    run();
    expect(heard).toEqual(['0 added 1 - Pending', '0 added 1 - Pending', '0 added 2 - Pending']);
  });

  it('makes up for a broken watch when it lists again', () => {
    const { client, pods, process, heard, run } = setUp();
    for (const name of ['a', 'b', 'c']) client.createPod({ shape: SHAPE, name });
    run();
    heard.length = 0;
    const [watch] = process.watches('Pod');
    watch!.disconnect();
    client.deletePod(pods.byName('default', 'a')!);
    client.createPod({ shape: SHAPE, name: 'd' });
    client.bindPod(pods.byName('default', 'b')!, 'n1');
    run();
    expect(heard).toEqual([]);
    watch!.reconnect(process.server.state.revision);
    expect(heard.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
      'deleted 1 - Pending',
      'added 4 - Pending',
      'modified 2 n1 Pending',
    ]);
  });

  it('refuses what goes into a missing namespace', () => {
    const { client, run } = setUp();
    const { list, reply } = replies();
    client.createPod({ shape: { ...SHAPE, namespace: 'nowhere' } }, reply);
    run();
    expect(list).toEqual(['404 namespaces "nowhere" not found']);
  });
});

describe('load of the control plane', () => {
  it('counts requests, refusals, writes and what they amount to, and the renewals of leases', () => {
    const { server, client, pods, run, simulation } = setUp();
    const before = server.load();
    client.createPod({ shape: SHAPE, name: 'a' });
    client.createPod({ shape: SHAPE, name: 'a' });
    run();
    client.patchPodStatus(pods.byName('default', 'a')!, running, undefined);
    client.renewLease('node', 0, 10_000_000);
    simulation.advance(1, 95_000_000);
    const load = server.load();
    expect(Object.fromEntries(load.requests)).toEqual({
      'list Pod': 1,
      'watch Pod': 1,
      'create Pod': 2,
      'patch Pod/status': 1,
      'update Lease': 10,
    });
    expect(Object.fromEntries(load.failures)).toEqual({ 'create Pod 409': 1 });
    expect(load.etcdWrites - before.etcdWrites).toBe(12);
    expect(load.watchEvents).toBe(2);
    const stored = load.etcdBytes - before.etcdBytes;
    expect(load.etcdBytesWritten - before.etcdBytesWritten).toBe(2 * stored + 10 * 600);
    client.deletePod(pods.byName('default', 'a')!);
    expect(server.load().etcdBytes).toBe(before.etcdBytes);
  });
});

describe('a pod with scheduling gates', () => {
  it('says so from its birth until it is bound', () => {
    const bed = new Bed({ nNodes: 0 });
    const spec = { ...template('web').spec, schedulingGates: [{ name: 'example.com/quota' }] };
    bed.user.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec } as KubeObject);
    bed.run(1);
    expect(bed.pods()[0]).toMatchObject({ scheduledReason: 'SchedulingGated', nodeName: '' });
    bed.patch<Pod>('Pod', 'p', (pod) => ({ ...pod, spec: { ...pod.spec, schedulingGates: [] } }));
    bed.run(2);
    bed.user.bindPod(bed.pods()[0]!, 'node-0');
    bed.run(3);
    expect(bed.pods()[0]).toMatchObject({ scheduledReason: '', nodeName: 'node-0' });
  });
});
