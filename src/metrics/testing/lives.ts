/** Pods, nodes and workloads by hand, and what is told of them, without a simulator. */
import { Interner } from '../../base/interner.ts';
import type { PodDraft, PodInit } from '../../kube/pod-object.ts';
import { PodIdentity, type PodObject, PodVersion } from '../../kube/pod-object.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import type { KubeObject, PodSpec } from '../../kube/types.ts';
import { Recorder, type RecorderOptions } from '../recorder.ts';

export const SECOND = 1_000_000;

export function shapeOf(requests: Readonly<Record<string, string>>, extra: Partial<PodSpec> = {}): PodShape {
  const containers = [{ name: 'main', image: 'app', resources: { requests } }];
  return { namespace: 'default', labels: { app: 'web' }, spec: { containers, ...extra } as PodSpec };
}

export function nodeOf(name: string, cpu: string, extra: Readonly<Record<string, unknown>> = {}): KubeObject {
  const conditions = [{ type: 'Ready', status: 'True' }];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, ...extra },
    status: { allocatable: { cpu, memory: '8Gi', pods: '110' }, conditions },
  } as KubeObject;
}

/** A recorder with hands: it tells of pods by name at times in seconds. */
export class Scene {
  readonly recorder: Recorder;
  readonly #pods = new Map<string, PodObject>();
  readonly #freeSlots: number[] = [];
  readonly #nodeNames = new Interner();
  #lastUid = 0;

  constructor(options: RecorderOptions = {}) {
    this.recorder = new Recorder(options);
  }

  object(
    atSeconds: number,
    old: KubeObject | undefined,
    next: KubeObject | undefined = undefined,
  ): KubeObject | undefined {
    this.recorder.objectChanged(old, next, atSeconds * SECOND);
    return next;
  }

  create(atSeconds: number, name: string, shape: PodShape, init: Partial<PodInit> = {}): PodObject {
    const slot = this.#freeSlots.pop() ?? this.#pods.size;
    const whole = { shape, name, ...init };
    const identity = new PodIdentity(whole, shape, ++this.#lastUid, slot, atSeconds * SECOND);
    const pod = new PodVersion(identity, whole, undefined, 1);
    this.#pods.set(name, pod);
    this.recorder.podChanged(undefined, pod, atSeconds * SECOND);
    return pod;
  }

  change(atSeconds: number, name: string, edit: (draft: PodDraft) => void): void {
    const old = this.#pods.get(name)!;
    const draft = old.draft();
    edit(draft);
    this.#pods.set(name, draft);
    this.recorder.podChanged(old, draft, atSeconds * SECOND);
  }

  bind(atSeconds: number, name: string, nodeName: string): void {
    const { identity } = this.#pods.get(name)!;
    const { scheduler } = this.recorder;
    scheduler.podAssumed(identity, nodeName, 0, atSeconds * SECOND);
    this.change(atSeconds, name, (draft) => {
      draft.nodeName = nodeName;
      draft.nodeNumber = this.#nodeNames.idOf(nodeName);
      draft.scheduledMessage = '';
      draft.scheduledReason = '';
    });
  }

  queue(atSeconds: number, name: string): void {
    this.recorder.scheduler.podQueued(this.#pods.get(name)!.identity, atSeconds * SECOND);
  }

  refuse(atSeconds: number, name: string, message: string): void {
    const { identity } = this.#pods.get(name)!;
    this.recorder.scheduler.podFailed(identity, 'Unschedulable', message, 0, atSeconds * SECOND);
    this.change(atSeconds, name, (draft) => {
      draft.scheduledReason = 'Unschedulable';
      draft.scheduledMessage = message;
    });
  }

  run(atSeconds: number, name: string, isReady = true): void {
    this.change(atSeconds, name, (draft) => {
      draft.phase = 'Running';
      draft.ready = isReady;
    });
  }

  ready(atSeconds: number, name: string, isReady: boolean): void {
    this.change(atSeconds, name, (draft) => {
      draft.ready = isReady;
    });
  }

  end(atSeconds: number, name: string, phase: 'Succeeded' | 'Failed'): void {
    this.change(atSeconds, name, (draft) => {
      draft.phase = phase;
      draft.ready = false;
      draft.finishedUs = atSeconds * SECOND;
    });
  }

  remove(atSeconds: number, name: string): void {
    const pod = this.#pods.get(name)!;
    this.recorder.podChanged(pod, undefined, atSeconds * SECOND);
    this.#pods.delete(name);
    this.#freeSlots.push(pod.slot);
  }
}
