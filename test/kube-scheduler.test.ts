import { describe, expect, it } from 'vitest';
import { EVENT_PRIORITIES } from '../src/cluster/event-priorities.ts';
import { ApiServer } from '../src/control-plane/api-server.ts';
import type { PodObject } from '../src/kube/pod-object.ts';
import type { PodShape } from '../src/kube/pod-shape.ts';
import type { Node, PodSpec } from '../src/kube/types.ts';
import { createScheduler, type SchedulerSettings } from '../src/scheduler/create-scheduler.ts';
import { Simulation } from '../src/sim/simulation.ts';

const SECOND_US = 1_000_000;

function cluster(settings: Partial<SchedulerSettings> = {}) {
  const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
  const server = new ApiServer({ simulation, createsNamespaces: true });
  const scheduler = createScheduler({ simulation, process: server.process('kube-scheduler'), ...settings });
  const kubectl = server.process('kubectl').client({ name: 'kubectl' });
  const pods = server.process('kubectl').pods();
  /** Adds a node whose kubelet has reported it ready already. */
  const addNode = (added: Node) => {
    kubectl.create(added);
    const key = { kind: 'Node', name: added.metadata.name! };
    kubectl.patch<Node, undefined, undefined>(
      key,
      (made) => ({ ...made, spec: added.spec ?? {} }),
      undefined,
    );
  };
  const advance = (untilUs: number) => {
    expect(simulation.advance(1_000_000, untilUs)).toBe('done');
  };
  return { simulation, scheduler, kubectl, pods, addNode, advance };
}

function node(name: string, cpu = '4', extra: Partial<Node> = {}): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: { allocatable: { cpu, memory: '8Gi', pods: '110' } },
    ...extra,
  };
}

function shape(cpu = '1', extra: Partial<PodSpec> = {}): PodShape {
  const containers = [{ name: 'main', image: 'app', resources: { requests: { cpu, memory: '1Gi' } } }];
  return { namespace: 'default', labels: { app: 'x' }, spec: { containers, ...extra } as PodSpec };
}

const named = (pods: { byName(ns: string, name: string): PodObject | undefined }, name: string) =>
  pods.byName('default', name)!;

describe('KubeScheduler', () => {
  it('binds a pod to the only node that has room', () => {
    const { kubectl, pods, addNode, advance } = cluster();
    addNode(node('small', '500m'));
    addNode(node('large', '4'));
    kubectl.createPod({ shape: shape(), name: 'a' });
    advance(SECOND_US);
    expect(named(pods, 'a').nodeName).toBe('large');
  });

  it('says why a pod fits nowhere, and binds it once a node with room comes', () => {
    const { kubectl, pods, addNode, advance } = cluster();
    addNode(node('small', '500m'));
    kubectl.createPod({ shape: shape(), name: 'a' });
    advance(5 * SECOND_US);
    expect(named(pods, 'a')).toMatchObject({
      nodeName: '',
      scheduledReason: 'Unschedulable',
      scheduledMessage: expect.stringContaining('0/1 nodes are available: 1 Insufficient cpu.'),
    });
    addNode(node('large', '4'));
    advance(6 * SECOND_US);
    expect(named(pods, 'a').nodeName).toBe('large');
  });

  it('leaves pods of another scheduler alone', () => {
    const { kubectl, pods, addNode, advance } = cluster();
    addNode(node('n'));
    kubectl.createPod({ shape: shape('1', { schedulerName: 'other' }), name: 'a' });
    advance(600 * SECOND_US);
    expect(named(pods, 'a')).toMatchObject({ nodeName: '', scheduledReason: '' });
  });

  it('gives room back when a pod is deleted', () => {
    const { kubectl, pods, addNode, advance } = cluster();
    addNode(node('n', '1'));
    kubectl.createPod({ shape: shape(), name: 'a' });
    kubectl.createPod({ shape: shape(), name: 'b' });
    advance(20 * SECOND_US);
    expect(named(pods, 'b').nodeName).toBe('');
    kubectl.deletePod(named(pods, 'a'), { graceSeconds: 0 });
    advance(21 * SECOND_US);
    expect(named(pods, 'b').nodeName).toBe('n');
  });
});
