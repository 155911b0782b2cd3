import { expect, it } from 'vitest';
import type { ContainerPort } from '../../kube/types.ts';
import { bindPod, clusterOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import { nodePorts } from './node-ports.ts';

const REJECTED = "Unschedulable: node(s) didn't have free ports for the requested pod ports";
const withPort = (port: ContainerPort) => ({ containers: [{ name: 'c', image: 'i', ports: [port] }] });
const port = (hostPort: number, more: Partial<ContainerPort> = {}): ContainerPort => ({
  containerPort: 80,
  hostPort,
  ...more,
});

it.each<[string, ContainerPort, ContainerPort, boolean]>([
  ['another port is free', port(80), port(81), true],
  ['the same port is taken', port(80), port(80), false],
  ['the port is free for another protocol', port(80), port(80, { protocol: 'UDP' }), true],
  ['TCP is what is meant without a protocol', port(80), port(80, { protocol: 'TCP' }), false],
  [
    'the port is free on another address',
    port(80, { hostIP: '10.0.0.1' }),
    port(80, { hostIP: '10.0.0.2' }),
    true,
  ],
  ['the same address is taken', port(80, { hostIP: '10.0.0.1' }), port(80, { hostIP: '10.0.0.1' }), false],
  ['all addresses take each one', port(80), port(80, { hostIP: '10.0.0.1' }), false],
  ['one address is among all', port(80, { hostIP: '10.0.0.1' }), port(80, { hostIP: '0.0.0.0' }), false],
])('%s', (_, taken, wanted, passes) => {
  const cluster = clusterOf([nodeOf('n'), nodeOf('other')]);
  bindPod(cluster, podOf({}, { ...withPort(taken), nodeName: 'n' }));
  const { failed } = probe(nodePorts(), cluster, podOf({}, withPort(wanted)));
  expect(failed).toEqual(passes ? {} : { n: REJECTED });
});

it('frees the port when its pod goes', () => {
  const cluster = clusterOf([nodeOf('n')]);
  const holder = bindPod(cluster, podOf({}, { ...withPort(port(80)), nodeName: 'n' }));
  const failed = () => probe(nodePorts(), cluster, podOf({}, withPort(port(80)))).failed;
  expect(failed()).toEqual({ n: REJECTED });
  cluster.unbind(holder);
  expect(failed()).toEqual({});
});

it('has nothing to say about pods without host ports', () => {
  const cluster = clusterOf([nodeOf('n')]);
  expect(probe(nodePorts(), cluster, podOf({}, withPort({ containerPort: 80 }))).skipsFilter).toBe(true);
});
