import { describe, expect, it } from 'vitest';
import type { ApiError } from '../kube/api.ts';
import type { Deployment, Node } from '../kube/types.ts';
import { FlowControl, SEATS } from './flow-control.ts';
import { constantLatency } from './latency.ts';
import { appsWorkload, Bed } from './testing/bed.ts';

const SHAPE = { namespace: 'default', labels: { app: 'x' }, spec: { containers: [{ name: 'c' }] } };

describe('etcd', () => {
  it('lets writes wait for an election after its leader has gone, and then does them in order', () => {
    const bed = new Bed({ nNodes: 0, latency: constantLatency(4000, 1000, 2000) });
    const order: string[] = [];
    const create = (name: string) =>
      bed.user.createPod({ shape: SHAPE, name }, () => order.push(`${bed.simulation.nowUs} ${name}`));
    bed.at(1, () => bed.server.etcd.stop(1));
    bed.at(1.1, () => create('a')).at(1.2, () => create('b'));
    bed.run(10);
    expect(bed.server.etcd.isAvailable).toBe(true);
    expect(order).toEqual(['2501000 a', '2501000 b']);
  });

  it('fails writes after seven seconds without a majority, and takes them again when it is back', () => {
    const bed = new Bed({ nNodes: 0, latency: constantLatency(4000, 1000, 2000) });
    const outcomes: string[] = [];
    const reply = (error: ApiError | undefined) =>
      outcomes.push(`${bed.simulation.nowUs / 1e6} ${error?.code ?? 'ok'}`);
    bed.at(1, () => bed.server.etcd.stop(2));
    bed.at(2, () => bed.user.createPod({ shape: SHAPE, name: 'a' }, reply));
    bed.at(20, () => bed.server.etcd.start(1));
    bed.at(30, () => bed.user.createPod({ shape: SHAPE, name: 'b' }, reply));
    bed.run(40);
    expect(outcomes).toEqual(['9.004 504', '30.005 ok']);
    expect(bed.pods().map(({ name }) => name)).toEqual(['b']);
  });

  it('needs a majority: one of three may be gone, two may not', () => {
    const { etcd } = new Bed({ nNodes: 0 }).server;
    etcd.stop(1);
    expect(etcd.hasQuorum).toBe(true);
    etcd.stop(1);
    expect(etcd.hasQuorum).toBe(false);
    expect(etcd.start(5)).toBe(2);
  });

  it('leaves running pods and their nodes in peace through a minute without a majority', () => {
    const bed = new Bed({ latency: constantLatency() });
    bed.user.create(appsWorkload<Deployment>('Deployment', 'web', { replicas: 6 }));
    bed.at(30, () => bed.server.etcd.stop(2)).at(90, () => bed.server.etcd.start(2));
    bed.run(600);
    expect(bed.pods().filter((pod) => pod.ready && !pod.terminating)).toHaveLength(6);
    const statuses = [0, 1, 2].map(
      (n) => bed.get<Node>('Node', `node-${n}`, '')?.status?.conditions?.[0]?.status,
    );
    expect(statuses).toEqual(['True', 'True', 'True']);
    expect(bed.times('web').terminating).toEqual([]);
  });
});

describe('a request that is turned away', () => {
  /** 98 seats, each taken for 20 s: the 99th request would wait for 20 s, and is refused after 15 s. */
  function crowd(nRequests: number) {
    const bed = new Bed({ nNodes: 0, latency: constantLatency(20_000_000, 1000, 2000) });
    const outcomes: string[] = [];
    for (let i = 0; i < nRequests; i++) {
      const client = bed.server.process('kube-scheduler').client({ name: `c${i}` });
      client.createPod({ shape: SHAPE, name: `p${i}` }, (error) =>
        outcomes.push(`${bed.simulation.nowUs / 1e6} p${i} ${error?.code ?? 'ok'}`),
      );
    }
    return { bed, outcomes };
  }

  it('is sent again by its client after the time that the server gives', () => {
    const { bed, outcomes } = crowd(99);
    bed.run(60);
    expect(outcomes).toHaveLength(99);
    // Refused at 15 s, heard of 1 ms later, sent again after 1 s; the first seats are free at 20 s.
    expect(outcomes.slice(0, 98).every((line) => line.startsWith('20.001 ') && line.endsWith(' ok'))).toBe(
      true,
    );
    expect(outcomes[98]).toBe('40.001 p98 ok');
    const { requests, failures } = bed.server.load();
    expect([requests.get('create Pod'), failures.get('create Pod 429')]).toEqual([100, 1]);
  });

  it('comes back to the caller after the tenth time', () => {
    const { bed, outcomes } = crowd(98 * 40);
    bed.run(2000);
    const refused = outcomes.filter((line) => line.endsWith('429'));
    expect(refused.length).toBeGreaterThan(0);
    // Eleven times 15 s in line, 1 ms for the reply, and ten times a second before the next attempt.
    expect(refused.every((line) => line.startsWith('175.01'))).toBe(true);
    expect(outcomes).toHaveLength(98 * 40);
  });

  it('as an eviction waits until its budget has been looked at', () => {
    const bed = new Bed({ latency: constantLatency() });
    bed.user.create(appsWorkload<Deployment>('Deployment', 'web', { replicas: 3 }));
    bed.run(20);
    const outcomes: string[] = [];
    bed.manager.stop();
    bed.user.create({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'default' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    } as never);
    bed.at(21, () =>
      bed.user.evictPod(bed.pods()[0]!, undefined, (error) =>
        outcomes.push(`${Math.floor(bed.simulation.nowUs / 1e6)} ${error?.code ?? 'ok'}`),
      ),
    );
    bed.at(25, () => bed.manager.lead());
    bed.run(60);
    expect(outcomes).toEqual(['31 ok']);
  });
});

describe('API servers', () => {
  const three = { nServers: 3, balancing: 'client', healthCheckUs: 0 } as const;

  it('share connections, and hand those of a dead one to the others, whose watches miss nothing', () => {
    const bed = new Bed({ latency: constantLatency(), server: { instances: three } });
    const programs = ['kubectl', 'kubelet', 'kube-controller-manager', 'kube-scheduler'];
    const connections = () => programs.map((name) => bed.server.process(name).connection);
    expect(new Set(connections()).size).toBe(3);
    bed.user.create(appsWorkload<Deployment>('Deployment', 'web', { replicas: 12 }));
    bed.at(0.02, () =>
      bed.server.connections.stopServer(bed.server.process('kube-controller-manager').connection),
    );
    bed.run(60);
    expect(connections()).not.toContain(-1);
    expect(bed.pods().filter((pod) => pod.ready)).toHaveLength(12);
  });

  it('cannot be reached while the balancer still sends to a dead one', () => {
    const instances = { nServers: 2, balancing: 'server', healthCheckUs: 5_000_000 } as const;
    const bed = new Bed({ nNodes: 0, latency: constantLatency(), server: { instances } });
    const kubectl = bed.server.process('kubectl');
    const outcomes: (number | undefined)[] = [];
    bed.at(1, () => bed.server.connections.stopServer(kubectl.connection));
    for (const second of [2, 5.9, 6.1]) {
      bed.at(second, () => bed.user.createPod({ shape: SHAPE }, (error) => outcomes.push(error?.code)));
    }
    bed.run(10);
    expect(outcomes).toEqual([503, 503, undefined]);
  });

  it('hear again from clients that retry', () => {
    const instances = { nServers: 1, balancing: 'server', healthCheckUs: 0 } as const;
    const bed = new Bed({ nNodes: 0, latency: constantLatency(4000, 1000, 2000), server: { instances } });
    const client = bed.server.process('kubelet').client({ name: 'kubelet', retryUs: 10_000_000 });
    let repliedS = 0;
    bed.at(1, () => bed.server.connections.stopServer(0));
    bed.at(2, () =>
      client.createPod({ shape: SHAPE }, (error) => (repliedS = error ? -1 : bed.simulation.nowUs / 1e6)),
    );
    bed.at(15, () => bed.server.connections.startServer(0));
    bed.run(60);
    expect(repliedS).toBe(22.005);
  });
});

describe('seats', () => {
  it('are as many as a level has; further requests wait for one', () => {
    const flow = new FlowControl();
    const done = Array.from({ length: SEATS['workload-high'] + 2 }, () =>
      flow.admit('workload-high', 0, 1000),
    );
    expect(done.slice(0, -2).every((us) => us === 1000)).toBe(true);
    expect(done.slice(-2)).toEqual([2000, 2000]);
  });

  it('of one level are not taken by another, and the administrator needs none', () => {
    const flow = new FlowControl();
    for (let n = 0; n < 1000; n++) flow.admit('workload-high', 0, 1000);
    expect(flow.admit('node-high', 0, 1000)).toBe(1000);
    expect(flow.admit('exempt', 0, 1000)).toBe(1000);
  });

  it('are waited for 15 s at most', () => {
    const flow = new FlowControl();
    for (let n = 0; n < SEATS['node-high']; n++) flow.admit('node-high', 0, 15_000_001);
    expect(flow.admit('node-high', 0, 1000)).toBe(Number.POSITIVE_INFINITY);
  });
});
