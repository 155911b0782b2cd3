// Kubelets of fixed delays, as the driver that recorded the timelines has them: bound -> running -> ready -> finished.

import type { ApiClient, ApiProcess } from '../../kube/api.ts';
import type { PodDraft, PodObject } from '../../kube/pod-object.ts';
import type { EventKind, Simulation } from '../../sim/simulation.ts';

export interface ToyKubeletOptions {
  readonly startSeconds: number;
  readonly readySeconds: number;
  readonly terminateSeconds: number;
  /** Running to finished, for pods whose restartPolicy is not Always; 0: never. */
  readonly runSeconds?: number;
  /** By the label `app`: so many pods fail before others succeed. */
  readonly fail?: Readonly<Record<string, number>>;
  readonly neverReady?: readonly string[];
}

const STEP = { run: 0, ready: 1, finish: 2, remove: 3 } as const;

type Change = (draft: PodDraft, nowUs: number) => void;

function edit(pod: PodObject, nowUs: number, change: Change): PodObject {
  const next = pod.draft();
  change(next, nowUs);
  return next;
}

export function setReady(draft: PodDraft, isReady: boolean, nowUs: number): void {
  if (draft.readyChangedUs === undefined || draft.ready !== isReady) draft.readyChangedUs = nowUs;
  draft.ready = isReady;
}

export class ToyKubelets {
  readonly client: ApiClient;
  readonly #simulation: Simulation;
  readonly #options: ToyKubeletOptions;
  readonly #event: EventKind;
  readonly #stopped = new Set<string>();
  readonly #started = new Set<number>();
  readonly #ending = new Set<number>();
  readonly #nFailed = new Map<string, number>();
  readonly #process: ApiProcess;

  constructor(simulation: Simulation, process: ApiProcess, options: ToyKubeletOptions) {
    this.#simulation = simulation;
    this.#process = process;
    this.#options = options;
    this.client = process.client({ name: 'kubelets' });
    this.#event = simulation.defineKind('toy/kubelet', (step, _, pod) => this.#step(step, pod as PodObject));
    const hear = (pod: PodObject) => this.#hear(pod);
    process.pods().handle({ added: hear, modified: hear, deleted: () => {} });
  }

  stop(node: string): void {
    this.#stopped.add(node);
    this.client.endLease(node);
  }

  start(node: string): void {
    this.#stopped.delete(node);
    const ready = (pod: PodObject, nowUs: number) =>
      edit(pod, nowUs, (draft) => setReady(draft, true, nowUs));
    this.#process.pods().forEach((pod) => {
      if (pod.nodeName !== node) return;
      if (pod.phase === 'Pending') this.#started.delete(pod.uid);
      if (!pod.terminating && pod.phase === 'Running') this.client.patchPodStatus(pod, ready, undefined);
      this.#hear(pod);
    });
  }

  finish(pod: PodObject, phase: 'Succeeded' | 'Failed'): void {
    const change = (old: PodObject, nowUs: number) =>
      edit(old, nowUs, (draft) => {
        draft.phase = phase;
        draft.exitCode = phase === 'Failed' ? 1 : 0;
        draft.finishedUs = nowUs;
        setReady(draft, false, nowUs);
      });
    this.client.patchPodStatus(pod, change, undefined);
  }

  #after(seconds: number, step: number, pod: PodObject): void {
    this.#simulation.after(seconds * 1e6, this.#event, step, 0, pod);
  }

  #hear(pod: PodObject): void {
    const { nodeName, uid } = pod;
    if (!nodeName || this.#stopped.has(nodeName)) return;
    if (pod.terminating) {
      if (this.#ending.has(uid)) return;
      this.#ending.add(uid);
      this.#after(this.#options.terminateSeconds, STEP.remove, pod);
    } else if (!this.#started.has(uid) && !pod.terminal) {
      this.#started.add(uid);
      this.#after(this.#options.startSeconds, STEP.run, pod);
    }
  }

  #step(step: number, pod: PodObject): void {
    if (step === STEP.remove) this.client.deletePod(pod, { graceSeconds: 0 });
    if (this.#stopped.has(pod.nodeName)) return;
    if (step === STEP.run) this.#run(pod);
    else if (step === STEP.ready) this.#ready(pod);
    else if (step === STEP.finish) this.#finish(pod);
  }

  #run(pod: PodObject): void {
    const change = (old: PodObject, nowUs: number) =>
      old.terminating
        ? old
        : edit(old, nowUs, (draft) => {
            draft.phase = 'Running';
            draft.hasIp = true;
            draft.startUs = nowUs;
            setReady(draft, false, nowUs);
          });
    this.client.patchPodStatus(pod, change, undefined);
    const { readySeconds, runSeconds = 0, neverReady = [] } = this.#options;
    const { spec } = pod.shape;
    const isNeverReady = spec.containers.some(({ image }) => neverReady.includes(image ?? ''));
    if (!isNeverReady) this.#after(readySeconds, STEP.ready, pod);
    if (runSeconds > 0 && (spec.restartPolicy ?? 'Always') !== 'Always')
      this.#after(runSeconds, STEP.finish, pod);
  }

  #ready(pod: PodObject): void {
    const change = (old: PodObject, nowUs: number) =>
      old.terminating || old.phase !== 'Running'
        ? old
        : edit(old, nowUs, (draft) => setReady(draft, true, nowUs));
    this.client.patchPodStatus(pod, change, undefined);
  }

  #finish(pod: PodObject): void {
    const app = pod.shape.labels.app ?? '';
    const nFailed = this.#nFailed.get(app) ?? 0;
    const isFailure = nFailed < (this.#options.fail?.[app] ?? 0);
    if (isFailure) this.#nFailed.set(app, nFailed + 1);
    const now = this.#process.pods().current(pod);
    if (now && !now.terminating && !now.terminal) this.finish(pod, isFailure ? 'Failed' : 'Succeeded');
  }
}
