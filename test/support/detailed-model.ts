// A detailed node model with round figures, so that instants can be worked out by hand: volumes 0.3 s, sandbox 0.5 s,
// creation of a container 0.2 s, clean-up 1 s, no jitter anywhere, images of 100 MB at 100 MB/s after 0.5 s.

import type { PodObject } from '../../src/kube/pod-object.ts';
import type { Node, PodSpec } from '../../src/kube/types.ts';
import type { DetailedLifeModel, NodeModel } from '../../src/node/node-model.ts';
import { DEFAULT_THRESHOLDS } from '../../src/node/pressure/thresholds.ts';
import { kubeletRig, SECOND } from './kubelet-rig.ts';

const MB = 1_000_000;
export const constant = (seconds: number) => ({ kind: 'constant', value: seconds * 1_000_000 }) as const;

const LIFE: DetailedLifeModel = {
  kind: 'detailed',
  volumes: constant(0.3),
  sandbox: constant(0.5),
  create: constant(0.2),
  cleanup: constant(1),
  runInit: constant(1),
  run: constant(10),
  apps: [],
  crashBackoff: { initialUs: 10_000_000, maxUs: 300_000_000 },
  relistUs: 1_000_000,
  tickerUs: 1_000_000,
  retryUs: 10_000_000,
  resyncJitterRatio: 0,
  recordsEvents: true,
  images: {
    images: [],
    defaultBytes: 100 * MB,
    defaultDiskBytes: 10_000 * MB,
    gcPeriodUs: 300_000_000,
    gcHighRatio: 0.85,
    gcLowRatio: 0.8,
  },
  pull: {
    nParallelMax: 1,
    qps: 5,
    burst: 10,
    latencyUs: 500_000,
    backoffUs: 10_000_000,
    backoffUsMax: 300_000_000,
  },
  bandwidth: { nodeBytesPerSec: 100 * MB, registryBytesPerSec: Infinity },
  eviction: {
    thresholds: DEFAULT_THRESHOLDS,
    periodUs: 10_000_000,
    transitionUs: 300_000_000,
    softGraceSecondsMax: 0,
  },
  shutdownGroups: [],
};

export function detailedModel(life: Partial<DetailedLifeModel> = {}): NodeModel {
  return {
    heartbeat: { periodUs: 10_000_000, jitterRatio: 0, hasRandomPhase: false, restartUs: 0 },
    client: { qps: undefined, burst: 1, isPerNode: true },
    life: { ...LIFE, ...life },
    failures: [],
    reserved: {},
    thresholds: DEFAULT_THRESHOLDS,
  };
}

/** The defaults, to be changed in parts. */
export const DETAILED = LIFE;

/** A node of 4 CPUs and 8 GiB with an image `here:1`, and pods that are bound to it. */
export function detailedRig(life: Partial<DetailedLifeModel> = {}) {
  const rig = kubeletRig(detailedModel(life));
  const { client, server, simulation } = rig;
  const readyNode = (name: string): Node => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: {
      allocatable: { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '10G' },
      capacity: { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '10G' },
      conditions: [{ type: 'Ready', status: 'True' }],
      images: [{ names: ['here:1'], sizeBytes: 1 }],
    },
  });
  client.create(readyNode('n1'));
  const lines: string[] = [];
  const line = (pod: PodObject) => {
    const what = pod.terminating && !pod.terminal ? 'Terminating' : pod.phase;
    const parts = [pod.ready ? 'ready' : '', pod.waiting, pod.restarts ? `restarts=${pod.restarts}` : ''];
    const end = pod.terminal ? [pod.reason, pod.exitCode ? `exit=${pod.exitCode}` : ''] : [];
    return [what, ...parts, ...end].filter(Boolean).join(' ');
  };
  const say = (pod: PodObject, text: string) => {
    const name = pod.name === 'p' ? '' : `${pod.name}: `;
    lines.push(`${name}${Math.round(simulation.nowUs / 1000) / 1000} ${text}`);
  };
  server
    .process('lines')
    .pods()
    .handle({
      added: () => {},
      modified: (pod, old) => line(pod) !== line(old) && say(pod, line(pod)),
      deleted: (pod) => say(pod, 'gone'),
    });
  const bind = (spec: PodSpec, name = 'p', nodeName = 'n1', labels = {}) =>
    client.createPod({ shape: { namespace: 'default', labels, spec }, name, nodeName });
  const at = (seconds: number, act: () => void) => {
    simulation.advance(1e6, Math.round(seconds * SECOND));
    act();
  };
  return { ...rig, lines, bind, at, readyNode };
}
