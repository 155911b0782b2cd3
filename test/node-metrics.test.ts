// What the nodes of the detailed model tell those who measure: image pulls and use, at instants worked out by hand from
// the round figures of support/detailed-model.ts.

import { expect, it } from 'vitest';
import { EVENT_PRIORITIES } from '../src/cluster/event-priorities.ts';
import { ApiServer } from '../src/control-plane/api-server.ts';
import type { Node } from '../src/kube/types.ts';
import type { NodeObserver } from '../src/metrics/node-observer.ts';
import { Kubelets } from '../src/node/kubelets.ts';
import { RandomStreams } from '../src/sim/random-streams.ts';
import { Simulation } from '../src/sim/simulation.ts';
import { detailedModel } from './support/detailed-model.ts';

const SECOND = 1_000_000;

function rig() {
  const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
  const server = new ApiServer({ simulation, createsNamespaces: true });
  const told: string[] = [];
  const tell = (nowUs: number, what: string) => told.push(`${nowUs / SECOND} ${what}`);
  const observer: NodeObserver = {
    pullBegan: ({ name }, nowUs) => tell(nowUs, `${name} pulls`),
    pullEnded: ({ name }, nowUs) => tell(nowUs, `${name} has pulled`),
    nodeUses: (name, cpuMilli, bytes, nowUs) => tell(nowUs, `${name} uses ${cpuMilli}m ${bytes / 2 ** 20}Mi`),
  };
  const process = server.process('kubelet');
  const kubelets = new Kubelets({
    simulation,
    process,
    streams: new RandomStreams('test'),
    model: detailedModel(),
    observer,
  });
  const client = server.process('user').client({ name: 'user' });
  const amounts = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '10G' };
  const status = {
    allocatable: amounts,
    capacity: amounts,
    conditions: [{ type: 'Ready', status: 'True' }],
  } as const;
  client.create<Node, unknown>({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, status });
  const bind = (name: string) => {
    const requests = { cpu: '500m', memory: '256Mi' };
    const containers = [{ name: 'c', image: 'a:1', resources: { requests } }];
    const spec = { containers, restartPolicy: 'Never' } as const;
    client.createPod({ shape: { namespace: 'default', labels: {}, spec }, name, nodeName: 'n1' });
  };
  const until = (seconds: number) => simulation.advance(1e6, seconds * SECOND);
  return { kubelets, bind, told, until };
}

it('tells how long a pod waits for its image and what its containers use', () => {
  const { bind, told, until } = rig();
  bind('p');
  until(60);
  // Volumes 0.3 s, sandbox 0.5 s; the pull 1.5 s; creation 0.2 s; it works for 10 s and is seen to have ended at 13 s.
  expect(told).toEqual([
    '0.8 p pulls',
    '2.3 p has pulled',
    '2.5 n1 uses 500m 256Mi',
    expect.stringMatching(/^1[23](\.\d+)? n1 uses 0m 0Mi$/),
  ]);
});

it('says of a machine that dies that nothing is pulled and nothing used there', () => {
  const pulling = rig();
  pulling.bind('p');
  pulling.until(1);
  pulling.kubelets.failNode('n1');
  expect(pulling.told).toEqual(['0.8 p pulls', '1 p has pulled']);
  const running = rig();
  running.bind('p');
  running.until(3);
  running.kubelets.failNode('n1');
  expect(running.told.at(-1)).toBe('3 n1 uses 0m 0Mi');
});
