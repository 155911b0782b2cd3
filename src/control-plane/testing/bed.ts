// A small cluster for tests: API server, controllers, toy scheduler, toy kubelets, and a written record of what happened.

import { EVENT_PRIORITIES, PRIORITY } from '../../cluster/event-priorities.ts';
import type { ApiClient } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { Row } from '../../kube/timeline-rows.ts';
import type { KubeObject, Node, PodSpec } from '../../kube/types.ts';
import { parseEpochUs, WallClock } from '../../kube/wall-clock.ts';
import { type EventKind, Simulation } from '../../sim/simulation.ts';
import { ApiServer, type ApiServerOptions } from '../api-server.ts';
import { ControllerManager, type ControllerManagerOptions } from '../controller-manager.ts';
import { INSTANT, type LatencyModel } from '../latency.ts';
import { TimelineRecorder } from '../timeline-recorder.ts';
import { type ToyKubeletOptions, ToyKubelets } from './toy-kubelets.ts';
import { startToyScheduler } from './toy-scheduler.ts';

export interface BedOptions {
  readonly latency?: LatencyModel;
  readonly nNodes?: number;
  readonly zones?: readonly string[];
  readonly kubelet?: Partial<ToyKubeletOptions>;
  readonly controllers?: ControllerManagerOptions;
  readonly server?: Partial<ApiServerOptions>;
  /** Wall clock at the start; a whole second by default, so that cut times lose nothing. */
  readonly startedAt?: string;
}

const US_PER_S = 1_000_000;
const KUBELET: ToyKubeletOptions = { startSeconds: 2, readySeconds: 3, terminateSeconds: 2 };

/** A pod template with one container; `more` goes into its spec. */
export function template(app: string, image = 'app:1', more: Partial<PodSpec> = {}) {
  const resources = { requests: { cpu: '100m', memory: '64Mi' } };
  return { metadata: { labels: { app } }, spec: { containers: [{ name: 'c', image, resources }], ...more } };
}

/** An object of a namespaced kind with the usual selector. */
export function workload<T extends KubeObject>(
  apiVersion: string,
  kind: string,
  name: string,
  spec: object,
): T {
  return { apiVersion, kind, metadata: { name, namespace: 'default' }, spec } as unknown as T;
}

export function appsWorkload<T extends KubeObject>(kind: string, name: string, spec: object): T {
  const selector = { matchLabels: { app: name } };
  return workload<T>('apps/v1', kind, name, { selector, template: template(name), ...spec });
}

export class Bed {
  readonly simulation: Simulation;
  readonly server: ApiServer;
  readonly manager: ControllerManager;
  readonly kubelets: ToyKubelets;
  readonly recorder: TimelineRecorder;
  readonly user: ApiClient;
  readonly #step: EventKind;

  constructor(options: BedOptions = {}) {
    const priorities = { ...EVENT_PRIORITIES, 'toy/kubelet': PRIORITY.NODE, 'bed/step': PRIORITY.FAULT };
    this.simulation = new Simulation({ priorities });
    this.server = new ApiServer({
      simulation: this.simulation,
      clock: new WallClock(parseEpochUs(options.startedAt ?? '2026-01-05T00:00:00Z')),
      latency: options.latency ?? INSTANT,
      ...options.server,
    });
    this.manager = new ControllerManager(this.simulation, this.server, options.controllers);
    startToyScheduler(this.server.process('kube-scheduler'));
    const process = this.server.process('kubectl');
    this.user = process.client({ name: 'kubectl' });
    this.recorder = new TimelineRecorder(process, () => this.simulation.nowUs);
    this.kubelets = new ToyKubelets(this.simulation, this.server.process('kubelet'), {
      ...KUBELET,
      ...options.kubelet,
    });
    this.#step = this.simulation.defineKind('bed/step', (_a, _b, act) => (act as () => void)());
    for (let nodeIdx = 0; nodeIdx < (options.nNodes ?? 3); nodeIdx++) {
      const zone = options.zones?.[nodeIdx % options.zones.length];
      this.addNode(`node-${nodeIdx}`, zone ? { 'topology.kubernetes.io/zone': zone } : {});
    }
  }

  addNode(name: string, labels: Readonly<Record<string, string>> = {}): void {
    const capacity = { cpu: '4', memory: '8Gi', pods: '110' };
    const conditions = [{ type: 'Ready', status: 'True' }];
    const metadata = { name, labels: { 'kubernetes.io/hostname': name, ...labels } };
    this.user.create<Node, unknown>({
      apiVersion: 'v1',
      kind: 'Node',
      metadata,
      status: { capacity, allocatable: capacity, conditions },
    } as Node);
    this.kubelets.client.renewLease(name, this.simulation.nowUs, 10 * US_PER_S);
  }

  /** Does something at a time after the start. */
  at(seconds: number, act: () => void): this {
    this.simulation.at(Math.round(seconds * US_PER_S), this.#step, 0, 0, act);
    return this;
  }

  run(untilSeconds: number): this {
    this.simulation.advance(Number.POSITIVE_INFINITY, Math.round(untilSeconds * US_PER_S));
    return this;
  }

  patch<T extends KubeObject>(
    kind: string,
    name: string,
    edit: (object: T) => T,
    namespace = 'default',
  ): void {
    this.user.patch<T, undefined, undefined>({ kind, name, namespace }, (object) => edit(object), undefined);
  }

  get<T extends KubeObject>(kind: string, name: string, namespace = 'default'): T | undefined {
    return this.server.state.kind(kind).get(namespace ? `${namespace}/${name}` : name) as T | undefined;
  }

  /** Pods in the API, in order of creation. */
  pods(test: (pod: PodObject) => boolean = () => true): PodObject[] {
    const found: PodObject[] = [];
    this.server.state.pods.forEach((pod) => {
      if (test(pod)) found.push(pod);
    });
    return found.sort((a, b) => a.uid - b.uid);
  }

  /** What was recorded of a kind (and name), as `time value` of chosen fields. */
  history(kind: string, pick: (row: Row) => unknown, name?: string): string[] {
    const lines: string[] = [];
    for (const row of this.recorder.rows) {
      if (row.kind !== kind || (name !== undefined && row.name !== name)) continue;
      const text = row.gone ? 'gone' : JSON.stringify(pick(row));
      if (!lines.at(-1)?.endsWith(` ${text}`)) lines.push(`${row.t} ${text}`);
    }
    return lines;
  }

  /** When pods of an app were created, became ready, were asked to go, and went, in seconds. */
  times(
    app: string,
  ): Record<'created' | 'ready' | 'terminating' | 'gone' | 'failed' | 'succeeded', number[]> {
    const times = { created: [], ready: [], terminating: [], gone: [], failed: [], succeeded: [] } as Record<
      string,
      number[]
    >;
    const seen = new Map<unknown, Row>();
    for (const row of this.recorder.rows) {
      if (row.kind !== 'Pod') continue;
      const before = seen.get(row.name);
      const isOurs =
        String(before?.owner ?? row.owner ?? '')
          .split('/')[1]
          ?.startsWith(app) || String(row.name).startsWith(app);
      if (!isOurs) continue;
      const at = row.t as number;
      if (row.gone) {
        times.gone!.push(at);
        seen.delete(row.name);
        continue;
      }
      if (!before) times.created!.push(at);
      if (row.ready && !before?.ready) times.ready!.push(at);
      if (row.terminating && !before?.terminating) times.terminating!.push(at);
      if (row.phase !== before?.phase && row.phase === 'Failed') times.failed!.push(at);
      if (row.phase !== before?.phase && row.phase === 'Succeeded') times.succeeded!.push(at);
      seen.set(row.name, row);
    }
    return times as ReturnType<Bed['times']>;
  }
}
