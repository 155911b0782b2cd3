// Pods by the selectors of objects that are not their controllers: budgets, services. Kept up to date pod by pod; which
// selectors match a pod is worked out once per shape.

import type { PodInformer } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import type { StringMap } from '../../kube/types.ts';

type Matches = (labels: StringMap) => boolean;

interface Group {
  readonly namespace: string;
  readonly matches: Matches;
  readonly pods: Map<number, PodObject>;
}

const NONE: readonly string[] = [];

export class SelectedPods {
  readonly #pods: PodInformer;
  readonly #onChange: (key: string, pod: PodObject, old: PodObject | undefined) => void;
  readonly #groups = new Map<string, Group>();
  #matched = new WeakMap<PodShape, readonly string[]>();

  /** `onChange` hears of each pod that appears in a group, changes there, or leaves it (`old` is then the pod itself). */
  constructor(
    pods: PodInformer,
    onChange: (key: string, pod: PodObject, old: PodObject | undefined) => void,
  ) {
    this.#pods = pods;
    this.#onChange = onChange;
    pods.handle({
      added: (pod) => this.#set(pod, undefined),
      modified: (pod, old) => this.#set(pod, old),
      deleted: (pod) => this.#drop(pod),
    });
  }

  /** Sets a group's selector; its pods are looked up anew when it differs. */
  define(key: string, namespace: string, matches: Matches): void {
    const group: Group = { namespace, matches, pods: new Map() };
    this.#groups.set(key, group);
    this.#matched = new WeakMap();
    this.#pods.forEach((pod) => {
      if (pod.namespace === namespace && matches(pod.shape.labels)) group.pods.set(pod.uid, pod);
    });
  }

  remove(key: string): void {
    if (this.#groups.delete(key)) this.#matched = new WeakMap();
  }

  clear(): void {
    this.#groups.clear();
    this.#matched = new WeakMap();
  }

  of(key: string): Iterable<PodObject> {
    return this.#groups.get(key)?.pods.values() ?? [];
  }

  #keysOf(shape: PodShape): readonly string[] {
    if (this.#groups.size === 0) return NONE;
    let keys = this.#matched.get(shape);
    if (!keys) {
      const found: string[] = [];
      for (const [key, { namespace, matches }] of this.#groups) {
        if (namespace === shape.namespace && matches(shape.labels)) found.push(key);
      }
      keys = found.length === 0 ? NONE : found;
      this.#matched.set(shape, keys);
    }
    return keys;
  }

  #set(pod: PodObject, old: PodObject | undefined): void {
    if (old && old.shape !== pod.shape) this.#leave(old, this.#keysOf(pod.shape));
    for (const key of this.#keysOf(pod.shape)) {
      this.#groups.get(key)!.pods.set(pod.uid, pod);
      this.#onChange(key, pod, old);
    }
  }

  #drop(pod: PodObject): void {
    this.#leave(pod, NONE);
  }

  #leave(pod: PodObject, staysIn: readonly string[]): void {
    for (const key of this.#keysOf(pod.shape)) {
      if (staysIn.includes(key)) continue;
      this.#groups.get(key)!.pods.delete(pod.uid);
      this.#onChange(key, pod, pod);
    }
  }
}
