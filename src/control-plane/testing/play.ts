// Plays a timeline script against this control plane with a toy scheduler and toy kubelets.

import { parseDurationUs } from '../../base/duration.ts';
import { EVENT_PRIORITIES, PRIORITY } from '../../cluster/event-priorities.ts';
import type { ApiClient, ApiProcess } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import { matchesMap } from '../../kube/selector.ts';
import type { KubeObject, Node, Taint } from '../../kube/types.ts';
import { parseEpochUs, WallClock } from '../../kube/wall-clock.ts';
import { type EventKind, Simulation } from '../../sim/simulation.ts';
import { ApiServer } from '../api-server.ts';
import { ControllerManager } from '../controller-manager.ts';
import { constantLatency, type LatencyModel } from '../latency.ts';
import { Recorder } from './recorder.ts';
import { type ToyKubeletOptions, ToyKubelets } from './toy-kubelets.ts';
import { startToyScheduler } from './toy-scheduler.ts';

interface NodeGroup {
  readonly count: number;
  readonly prefix: string;
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
  readonly labels?: Record<string, string>;
  readonly zones?: readonly string[];
  readonly taints?: readonly Taint[];
}

export interface Script {
  readonly name: string;
  readonly nodes: readonly NodeGroup[];
  readonly kubelet: ToyKubeletOptions;
  readonly steps: readonly Readonly<Record<string, any>>[];
  readonly duration: string;
  readonly tolerance?: number;
}

const US_PER_S = 1_000_000;
const SETTLE_US = 3 * US_PER_S;
const RETRY_US = 5 * US_PER_S;

function manifest(group: NodeGroup, nodeIdx: number): Node {
  const name = `${group.prefix}${nodeIdx}`;
  const zone = group.zones?.[nodeIdx % group.zones.length];
  const labels = {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    ...group.labels,
    ...(zone && { 'topology.kubernetes.io/zone': zone }),
  };
  const capacity = { cpu: group.cpu, memory: group.memory, pods: group.pods };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: { taints: group.taints ?? [] },
    status: { capacity, allocatable: capacity },
  } as Node;
}

export interface PlayOptions {
  readonly latency?: LatencyModel;
  /** Starts a scheduler; the toy one unless given. */
  readonly startScheduler?: (process: ApiProcess, simulation: Simulation) => void;
}

export class Play {
  readonly simulation: Simulation;
  readonly server: ApiServer;
  readonly manager: ControllerManager;
  readonly recorder: Recorder;
  readonly kubelets: ToyKubelets;
  readonly #process: ApiProcess;
  readonly #client: ApiClient;
  readonly #script: Script;
  readonly #step: EventKind;
  readonly #evict: EventKind;
  readonly #ready: EventKind;

  constructor(script: Script, startedAt: string, options: PlayOptions = {}) {
    this.#script = script;
    const { latency = constantLatency(), startScheduler = startToyScheduler } = options;
    const priorities = {
      ...EVENT_PRIORITIES,
      'toy/kubelet': PRIORITY.NODE,
      'toy/step': PRIORITY.FAULT,
      'toy/evict': PRIORITY.FAULT,
      'toy/ready': PRIORITY.NODE,
    };
    this.simulation = new Simulation({ priorities });
    const clock = new WallClock(parseEpochUs(startedAt) - SETTLE_US);
    this.server = new ApiServer({ simulation: this.simulation, clock, latency });
    this.manager = new ControllerManager(this.simulation, this.server);
    startScheduler(this.server.process('kube-scheduler'), this.simulation);
    this.#process = this.server.process('driver');
    this.#client = this.#process.client({ name: 'driver', qps: 500, burst: 1000 });
    this.recorder = new Recorder(this.#process, () => this.simulation.nowUs);
    this.recorder.startUs = SETTLE_US;
    this.kubelets = new ToyKubelets(this.simulation, this.server.process('kubelets'), script.kubelet);
    this.#step = this.simulation.defineKind('toy/step', (stepIdx) => this.#perform(stepIdx));
    this.#ready = this.simulation.defineKind('toy/ready', (_a, _b, node) => this.#setReady(node as string));
    this.#evict = this.simulation.defineKind('toy/evict', (_a, _b, pod) => this.#evictPod(pod as PodObject));
  }

  run(): Recorder {
    for (const group of this.#script.nodes) this.#addNodes(group);
    this.simulation.at(SETTLE_US, this.#step, -1);
    for (const [stepIdx, step] of this.#script.steps.entries()) {
      this.simulation.at(SETTLE_US + parseDurationUs(step.at), this.#step, stepIdx);
    }
    this.simulation.advance(Number.POSITIVE_INFINITY, SETTLE_US + parseDurationUs(this.#script.duration));
    this.recorder.add({ kind: 'Script', name: this.#script.name, step: 'end' });
    return this.recorder;
  }

  /** One node after the other, as the driver registers them. */
  #addNodes(group: NodeGroup, nodeIdx = 0): void {
    if (nodeIdx === group.count) return;
    const node = manifest(group, nodeIdx);
    const name = node.metadata.name ?? '';
    this.#client.create(node, () => {
      this.#setReady(name, () => {
        this.#client.renewLease(name, this.simulation.nowUs, 10 * US_PER_S);
        this.#addNodes(group, nodeIdx + 1);
      });
    });
  }

  #setReady(name: string, then = () => {}): void {
    const conditions = [{ type: 'Ready', status: 'True' } as const];
    const edit = (old: Node): Node => ({ ...old, status: { ...old.status, conditions } });
    this.#client.patchStatus<Node, undefined, undefined>({ kind: 'Node', name }, edit, undefined, then);
  }

  #perform(stepIdx: number): void {
    const { name, tolerance = 1, steps } = this.#script;
    const step = steps[stepIdx];
    this.recorder.add({ kind: 'Script', name, step: step ?? 'start', ...(step ? {} : { tolerance }) });
    if (!step) return;
    for (const object of step.apply ?? []) this.#client.create(object);
    if (step.patch) this.#patch(step.patch);
    if (step.delete)
      this.#client.delete({ namespace: 'default', ...step.delete }, { propagation: 'Background' });
    if (step.stopKubelet) this.kubelets.stop(step.stopKubelet);
    if (step.startKubelet) this.#restart(step.startKubelet);
    if (step.taint) this.#editNode(step.taint.node, { taints: step.taint.taints });
    if (step.cordon) this.#editNode(step.cordon, { unschedulable: true });
    if (step.uncordon) this.#editNode(step.uncordon, { unschedulable: false });
    if (step.addNodes) this.#addNodes(step.addNodes);
    if (step.drain) this.#drain(step.drain);
    if (step.failPods) this.#select(step.failPods, (pod) => this.kubelets.finish(pod, 'Failed'));
    if (step.completePods) this.#select(step.completePods, (pod) => this.kubelets.finish(pod, 'Succeeded'));
    if (step.unreadyPods)
      this.#select(step.unreadyPods, (pod) => this.#client.patchPodStatus(pod, unready, undefined));
  }

  #patch({
    kind,
    name,
    namespace = 'default',
    patch,
  }: {
    kind: string;
    name: string;
    namespace?: string;
    patch: object;
  }): void {
    this.#client.patch<KubeObject, object, undefined>(
      { kind, name, namespace },
      (old, _now, arg) => merge(old, arg) as KubeObject,
      patch,
    );
  }

  #editNode(name: string, spec: object): void {
    this.#client.patch<Node, object, undefined>(
      { kind: 'Node', name },
      (old, _now, arg) => ({ ...old, spec: { ...old.spec, ...arg } }),
      spec,
    );
  }

  /** The next 10 s tick of the kubelet's heartbeat renews the lease and reports ready. */
  #restart(node: string): void {
    this.kubelets.start(node);
    const heard = this.#process.leases.renewedUs(node) ?? 0;
    const { nowUs } = this.simulation;
    const nextUs = heard + Math.ceil((nowUs - heard) / (10 * US_PER_S)) * 10 * US_PER_S;
    this.#client.renewLease(node, nextUs, 10 * US_PER_S);
    this.simulation.at(nextUs, this.#ready, 0, 0, node);
  }

  #drain(node: string): void {
    this.#editNode(node, { unschedulable: true });
    this.#process.pods().forEach((pod) => {
      if (pod.nodeName === node && pod.owner?.kind !== 'DaemonSet') this.#evictPod(pod);
    });
  }

  #evictPod(pod: PodObject): void {
    this.#client.evictPod(pod, undefined, (error) => {
      const isRefused = error?.code === 429;
      if (!error || isRefused)
        this.recorder.add({ kind: 'Eviction', name: pod.name, result: isRefused ? 'refused' : 'accepted' });
      if (isRefused) this.simulation.after(RETRY_US, this.#evict, 0, 0, pod);
    });
  }

  #select({ selector, count }: { selector: string; count?: number }, act: (pod: PodObject) => void): void {
    const labels = Object.fromEntries(selector.split(',').map((part) => part.split('=') as [string, string]));
    const found: PodObject[] = [];
    this.#process.pods().forEach((pod) => {
      if (!pod.terminating && pod.phase === 'Running' && matchesMap(labels, pod.shape.labels))
        found.push(pod);
    });
    found.sort((a, b) => (a.name < b.name ? -1 : 1));
    found.slice(0, count || found.length).forEach(act);
  }
}

function unready(pod: PodObject, nowUs: number): PodObject {
  const next = pod.draft();
  next.ready = false;
  next.readyChangedUs = nowUs;
  return next;
}

/** A strategic merge as far as the scripts need it: containers are merged by name. */
function merge(old: any, patch: any): any {
  if (Array.isArray(patch) && Array.isArray(old) && patch.every((item) => item?.name)) {
    const merged = old.map((item) => {
      const own = patch.find(({ name }) => name === item.name);
      return own ? merge(item, own) : item;
    });
    return [...merged, ...patch.filter((item) => !old.some(({ name }) => name === item.name))];
  }
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const next = { ...old };
  for (const [key, value] of Object.entries(patch)) next[key] = merge(old?.[key], value);
  return next;
}

export function play(script: Script, startedAt: string, options: PlayOptions = {}): Recorder {
  return new Play(script, startedAt, options).run();
}
