// Pods without a controller, as controllers look for them: by labels. Pods are told apart by their shapes, so that a
// million bare pods of few shapes cost nothing until a selector matches one of them.

import type { PodInformer } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import { matchesLabelSelector } from '../../kube/selector.ts';
import type { LabelSelector } from '../../kube/types.ts';

interface Known {
  readonly epoch: number;
  readonly shapes: ReadonlySet<PodShape>;
}

const NONE: readonly PodObject[] = [];

export class Orphans {
  readonly #pods: PodInformer;
  /** How many orphans have each shape. */
  readonly #shapes = new Map<PodShape, number>();
  readonly #matching = new WeakMap<LabelSelector, Known>();
  /** Counts changes of the set of shapes. */
  #epoch = 0;

  constructor(pods: PodInformer) {
    this.#pods = pods;
    pods.handle({
      added: (pod) => this.#count(pod, 1),
      modified: (pod, old) => {
        if (pod.identity === old.identity) return;
        this.#count(old, -1);
        this.#count(pod, 1);
      },
      deleted: (pod) => this.#count(pod, -1),
    });
  }

  /** Those of a namespace that a selector matches. */
  of(namespace: string, selector: LabelSelector): readonly PodObject[] {
    if (this.#shapes.size === 0) return NONE;
    const shapes = this.#shapesOf(selector);
    if (shapes.size === 0) return NONE;
    const found: PodObject[] = [];
    this.#pods.forEach((pod) => {
      if (!pod.owner && pod.namespace === namespace && shapes.has(pod.shape)) found.push(pod);
    });
    return found;
  }

  clear(): void {
    this.#shapes.clear();
    this.#epoch++;
  }

  #shapesOf(selector: LabelSelector): ReadonlySet<PodShape> {
    const known = this.#matching.get(selector);
    if (known?.epoch === this.#epoch) return known.shapes;
    const shapes = new Set<PodShape>();
    for (const shape of this.#shapes.keys())
      if (matchesLabelSelector(selector, shape.labels)) shapes.add(shape);
    this.#matching.set(selector, { epoch: this.#epoch, shapes });
    return shapes;
  }

  #count(pod: PodObject, change: number): void {
    if (pod.owner) return;
    const { shape } = pod;
    const count = (this.#shapes.get(shape) ?? 0) + change;
    if (count === 0) this.#shapes.delete(shape);
    else this.#shapes.set(shape, count);
    if (count === 0 || (count === 1 && change === 1)) this.#epoch++;
  }
}
