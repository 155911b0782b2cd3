// How many pods each owner of one kind has and in which state, kept pod by pod: a sync that only counts costs the same
// for ten pods as for ten thousand.

import type { PodInformer } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { PodShape } from '../../kube/pod-shape.ts';

export class PodCounts {
  /** All pods, finished ones included. */
  nPods = 0;
  nActive = 0;
  /** Of the active ones. */
  nReady = 0;
  /** Being deleted and not finished. */
  nTerminating = 0;
  /** How many active pods have each shape; mostly there is one. */
  readonly nByShape = new Map<PodShape, number>();

  static of(pods: Iterable<PodObject>): PodCounts {
    const counts = new PodCounts();
    for (const pod of pods) counts.add(pod, 1);
    return counts;
  }

  copy(): PodCounts {
    const copy = new PodCounts();
    copy.nPods = this.nPods;
    copy.nActive = this.nActive;
    copy.nReady = this.nReady;
    copy.nTerminating = this.nTerminating;
    for (const [shape, n] of this.nByShape) copy.nByShape.set(shape, n);
    return copy;
  }

  /** `change` is 1 or -1. */
  add(pod: PodObject, change: number): void {
    this.nPods += change;
    if (pod.terminating && !pod.terminal) this.nTerminating += change;
    if (!pod.active) return;
    this.nActive += change;
    if (pod.ready) this.nReady += change;
    const n = (this.nByShape.get(pod.shape) ?? 0) + change;
    if (n === 0) this.nByShape.delete(pod.shape);
    else this.nByShape.set(pod.shape, n);
  }

  /** How many active pods have a shape that is as asked. */
  countOf(isWanted: (shape: PodShape) => boolean): number {
    let count = 0;
    for (const [shape, n] of this.nByShape) if (isWanted(shape)) count += n;
    return count;
  }
}

export class OwnedPods {
  readonly #kind: string;
  readonly #counts = new Map<string, PodCounts>();
  /** By slot, the version that is counted: the one heard of at a pod's end may be newer. */
  readonly #counted: (PodObject | undefined)[] = [];

  /** `kind`: of the owners. */
  constructor(pods: PodInformer, kind: string) {
    this.#kind = kind;
    const set = (pod: PodObject) => this.#set(pod);
    pods.handle({ added: set, modified: set, deleted: (pod) => this.#drop(pod.slot) });
  }

  /** As of now; does not change later. */
  of(uid: string): PodCounts {
    return this.#counts.get(uid)?.copy() ?? new PodCounts();
  }

  clear(): void {
    this.#counts.clear();
    this.#counted.length = 0;
  }

  #set(pod: PodObject): void {
    this.#drop(pod.slot);
    const { owner, slot } = pod;
    if (owner?.kind !== this.#kind) return;
    let counts = this.#counts.get(owner.uid);
    if (!counts) this.#counts.set(owner.uid, (counts = new PodCounts()));
    counts.add(pod, 1);
    while (this.#counted.length <= slot) this.#counted.push(undefined);
    this.#counted[slot] = pod;
  }

  #drop(slot: number): void {
    const pod = slot < this.#counted.length ? this.#counted[slot] : undefined;
    if (!pod) return;
    this.#counted[slot] = undefined;
    const { uid } = pod.owner!;
    const counts = this.#counts.get(uid)!;
    counts.add(pod, -1);
    if (counts.nPods === 0) this.#counts.delete(uid);
  }
}
