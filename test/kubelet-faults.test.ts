import { describe, expect, it } from 'vitest';
import type { Container, Node, PodSpec } from '../src/kube/types.ts';
import { shutdownGroups } from '../src/node/node.schema.ts';
import type { DetailedLifeModel } from '../src/node/node-model.ts';
import { constant, detailedRig } from './support/detailed-model.ts';

const here = (extra: Partial<Container> = {}): Container => ({ name: 'c', image: 'here:1', ...extra });
const server: PodSpec = { containers: [here()] };

function setUp(life: Partial<DetailedLifeModel> = {}, spec: PodSpec = server) {
  const rig = detailedRig(life);
  rig.bind(spec);
  const since = (seconds: number) =>
    rig.lines.filter((line) => Number.parseFloat(line.replace(/^\S+: /, '')) >= seconds);
  const renewed = () => (rig.server.leases.renewedUs('n1') ?? -1) / 1e6;
  const ready = () =>
    (rig.server.state.kind('Node').get('n1') as Node).status!.conditions!.find(
      ({ type }) => type === 'Ready',
    )!.status;
  return { ...rig, since, renewed, ready };
}

describe('a kubelet that is stopped', () => {
  it('renews no lease and begins anew when it is started', () => {
    const { at, kubelets, renewed } = setUp();
    at(33, () => kubelets.stopKubelet('n1'));
    at(84, () => expect(renewed()).toBe(30));
    at(84, () => kubelets.startKubelet('n1'));
    at(84, () => expect(renewed()).toBe(84));
    at(95, () => expect(renewed()).toBe(94));
  });

  it('leaves its containers running and sees what became of them when it is back', () => {
    const { at, kubelets, since } = setUp({}, { restartPolicy: 'Never', containers: [here()] });
    at(5, () => kubelets.stopKubelet('n1'));
    at(60, () => expect(since(5)).toEqual([]));
    at(60, () => kubelets.startKubelet('n1'));
    at(61, () => expect(since(5)).toEqual(['60 Succeeded']));
  });

  it('gives up a start that is under way and begins it again', () => {
    const { at, kubelets, since } = setUp({}, { containers: [here({ image: 'app:1' })] });
    at(1.5, () => kubelets.stopKubelet('n1'));
    at(30, () => kubelets.startKubelet('n1'));
    // The runtime went on pulling: the image is there.
    at(40, () => expect(since(1)).toEqual(['30.2 Running ready']));
  });

  it('restarts what crashed meanwhile', () => {
    const { at, kubelets, since } = setUp({ apps: [{ crash: constant(9) }] });
    at(5, () => kubelets.stopKubelet('n1'));
    at(30, () => kubelets.startKubelet('n1'));
    at(31, () => expect(since(5)).toEqual(['30 Running', '30.2 Running ready restarts=1']));
  });

  it('ends what was deleted meanwhile', () => {
    const { at, kubelets, client, find, since } = setUp({ apps: [{ shutdown: constant(4) }] });
    at(5, () => kubelets.stopKubelet('n1'));
    at(6, () => client.deletePod(find('p')));
    at(30, () => kubelets.startKubelet('n1'));
    at(40, () => expect(since(5)).toEqual(['6 Terminating ready', '34 Succeeded', '35 gone']));
  });

  it('finds that containers which it was stopping have stopped', () => {
    const { at, kubelets, client, find, since } = setUp({ apps: [{ shutdown: constant(4) }] });
    at(6, () => client.deletePod(find('p')));
    at(7, () => kubelets.stopKubelet('n1'));
    at(30, () => kubelets.startKubelet('n1'));
    at(40, () => expect(since(6)).toEqual(['6 Terminating ready', '30 Succeeded', '31 gone']));
  });
});

describe('a container runtime that is stopped', () => {
  it('makes its node unready half a minute after its last answer, at the next heartbeat', () => {
    const { at, kubelets, ready, renewed } = setUp();
    at(13, () => kubelets.stopRuntime('n1'));
    // It answered at 10 for the last time.
    at(39.9, () => expect(ready()).toBe('True'));
    at(40, () => expect([ready(), renewed()]).toEqual(['False', 40]));
    at(53, () => kubelets.startRuntime('n1'));
    at(59.9, () => expect(ready()).toBe('False'));
    at(60, () => expect(ready()).toBe('True'));
  });

  it('starts and stops nothing until it is back', () => {
    const { at, kubelets, bind, client, find, since } = setUp();
    at(5, () => kubelets.stopRuntime('n1'));
    at(6, () => bind(server, 'late'));
    at(7, () => client.deletePod(find('p')));
    at(20, () => kubelets.startRuntime('n1'));
    at(30, () =>
      expect(since(5)).toEqual([
        '7 Terminating ready',
        'late: 20 Pending ContainerCreating',
        '20 Succeeded',
        '21 gone',
        'late: 21 Running ready',
      ]),
    );
  });
});

describe('a machine that fails', () => {
  it('says nothing more, and starts all containers again when it is back', () => {
    const spec: PodSpec = { initContainers: [here({ name: 'i' })], containers: [here()] };
    const { at, kubelets, since, renewed } = setUp({}, spec);
    at(10, () => kubelets.failNode('n1'));
    at(60, () => expect([since(5), renewed()]).toEqual([[], 10]));
    at(60, () => kubelets.repairNode('n1'));
    // Volumes 0.3, sandbox 0.5, init container 0.2 + 1, seen at 62, container 0.2: as at the first start.
    at(70, () =>
      expect(since(60)).toEqual(['60 Running', '61 Running restarts=1', '62.2 Running ready restarts=2']),
    );
  });

  it('has failed the pods that are never restarted', () => {
    const { at, kubelets, since } = setUp({}, { restartPolicy: 'Never', containers: [here()] });
    at(5, () => kubelets.failNode('n1'));
    at(60, () => kubelets.repairNode('n1'));
    at(70, () => expect(since(5)).toEqual(['60 Failed exit=137']));
  });

  it('is done with what was being deleted when it is back', () => {
    const { at, kubelets, client, find, since } = setUp({ apps: [{ shutdown: constant(1000) }] });
    at(5, () => client.deletePod(find('p')));
    at(6, () => kubelets.failNode('n1'));
    at(60, () => kubelets.repairNode('n1'));
    at(70, () => expect(since(5)).toEqual(['5 Terminating ready', '60 Failed exit=137', '61 gone']));
  });

  it('forgets a pod that is removed by force while it is down', () => {
    const { at, kubelets, client, find, bind, since } = setUp(
      {},
      { containers: [here({ resources: { requests: { cpu: '4' } } })] },
    );
    at(5, () => kubelets.failNode('n1'));
    at(6, () => client.deletePod(find('p'), { graceSeconds: 0 }));
    at(60, () => kubelets.repairNode('n1'));
    at(61, () => bind({ containers: [here({ resources: { requests: { cpu: '4' } } })] }, 'next'));
    at(70, () => expect(since(60)).toEqual(['next: 61 Pending ContainerCreating', 'next: 62 Running ready']));
  });
});

describe('a node that is taken away', () => {
  it('leaves nothing behind when it is registered again', () => {
    const big: PodSpec = { containers: [here({ resources: { requests: { cpu: '4' } } })] };
    const { at, client, find, bind, readyNode, since } = setUp({}, big);
    at(5, () => client.delete({ kind: 'Node', name: 'n1' }));
    at(6, () => client.deletePod(find('p'), { graceSeconds: 0 }));
    at(10, () => client.create(readyNode('n1')));
    at(11, () => bind(big, 'next'));
    at(20, () => expect(since(10)).toEqual(['next: 11 Pending ContainerCreating', 'next: 12 Running ready']));
  });
});

describe('a node that shuts down gracefully', () => {
  const apps = [{ labels: { slow: 'yes' }, shutdown: constant(1000) }];

  it('ends ordinary pods first and critical ones after them, each group within its time', () => {
    const rig = setUp({ apps, shutdownGroups: shutdownGroups(30, 10) });
    rig.bind({ containers: [here()], priorityClassName: 'system-node-critical' }, 'vital');
    rig.bind(server, 'slow', 'n1', { slow: 'yes' });
    rig.at(100, () => rig.kubelets.shutDownNode('n1'));
    rig.at(101, () => rig.bind(server, 'late'));
    // The slow one has the 20 s of its group; the critical one then ends at once, and the machine stops.
    rig.at(200, () =>
      expect(rig.since(100)).toEqual([
        '100 Failed Terminated',
        'late: 101 Failed NodeShutdown',
        'slow: 120 Failed Terminated exit=137',
        'vital: 120 Failed Terminated',
      ]),
    );
    expect([rig.ready(), rig.renewed()]).toEqual(['False', 120]);
  });

  it('stops at once when it is given no time', () => {
    const { at, kubelets, since, renewed } = setUp({ apps });
    at(15, () => kubelets.shutDownNode('n1'));
    at(100, () => expect([since(15), renewed()]).toEqual([[], 10]));
  });
});

describe('a kubelet that cannot reach the API', () => {
  it('writes a status that did not arrive again ten seconds after it heard so, as it is then', () => {
    const { at, server, since } = setUp(
      { apps: [{ startup: constant(4) }] },
      { containers: [here({ readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1 } })] },
    );
    at(0.5, () => server.etcd.stop(3));
    at(14, () => server.etcd.start(3));
    // Running is told at 1.0 and given up at 8.0; told again at 18.0, when the pod has been ready since 5.3.
    at(30, () => expect(since(0.1)).toEqual(['18 Running ready']));
  });

  it('ends a pod whose removal did not arrive', () => {
    const { at, server, client, find, since } = setUp();
    at(5, () => client.deletePod(find('p')));
    at(5.5, () => server.etcd.stop(3));
    at(14, () => server.etcd.start(3));
    // The containers had ended before; the removal of 6.0 is given up at 13.0.
    at(30, () => expect(since(5)).toEqual(['5 Terminating ready', '5 Succeeded', '23 gone']));
  });
});
