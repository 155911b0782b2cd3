// A cluster of kubelets and an API server, nothing else: pods are bound by hand, and what becomes of them is written down.

import { EVENT_PRIORITIES } from '../../src/cluster/event-priorities.ts';
import { ApiServer } from '../../src/control-plane/api-server.ts';
import { INSTANT } from '../../src/control-plane/latency.ts';
import type { PodInit, PodObject } from '../../src/kube/pod-object.ts';
import type { Node } from '../../src/kube/types.ts';
import { Kubelets } from '../../src/node/kubelets.ts';
import type { NodeModel } from '../../src/node/node-model.ts';
import { RandomStreams } from '../../src/sim/random-streams.ts';
import { Simulation } from '../../src/sim/simulation.ts';

export const SECOND = 1_000_000;

export function kubeletRig(model: NodeModel, latency = INSTANT) {
  const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
  const server = new ApiServer({ simulation, latency });
  const streams = new RandomStreams('test');
  const kubelets = new Kubelets({
    simulation,
    process: server.process('kubelet'),
    streams,
    model,
  });
  const client = server.process('user').client({ name: 'user' });
  const heard: string[] = [];
  const say = (text: string) => heard.push(`${simulation.nowUs / SECOND} ${text}`);
  const word = (pod: PodObject) =>
    `${pod.name} ${pod.terminating ? 'Terminating' : pod.phase}${pod.ready ? ' ready' : ''}`;
  server
    .process('watcher')
    .pods()
    .handle({
      added: () => {},
      modified: (pod, old) => word(pod) !== word(old) && say(word(pod)),
      deleted: (pod) => say(`${pod.name} gone`),
    });
  const node = (name: string, extra: Partial<Node> = {}): Node =>
    ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, ...extra }) as Node;
  const pod = (name: string, init: Partial<PodInit> = {}, restartPolicy: 'Always' | 'Never' = 'Always') => {
    const shape = {
      namespace: 'default',
      labels: { app: 'web' },
      spec: { containers: [{ name: 'c', image: 'app:v1' }], restartPolicy },
    };
    client.createPod({ shape, name, nodeName: 'n1', ...init });
  };
  const until = (seconds: number) => simulation.advance(1e6, Math.round(seconds * SECOND));
  const find = (name: string) => server.state.pods.byName('default', name)!;
  const readyOf = (name: string) =>
    (server.state.kind('Node').get(name) as Node | undefined)?.status?.conditions?.find(
      ({ type }) => type === 'Ready',
    )?.status;
  return { simulation, server, kubelets, client, heard, node, pod, until, find, readyOf };
}
