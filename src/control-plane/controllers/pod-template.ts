// Pods from templates: one shape per template and namespace, one owner reference per owner.

import type { PodShape } from '../../kube/pod-shape.ts';
import type { KubeObject, OwnerReference, PodTemplateSpec } from '../../kube/types.ts';

const shapes = new WeakMap<PodTemplateSpec, PodShape>();

/** The shape of a template's pods; the same object for the same template object. */
export function shapeOf(template: PodTemplateSpec, namespace: string): PodShape {
  const known = shapes.get(template);
  if (known?.namespace === namespace) return known;
  const { labels = {}, annotations } = template.metadata ?? {};
  const shape: PodShape = { namespace, labels, ...(annotations && { annotations }), spec: template.spec };
  shapes.set(template, shape);
  return shape;
}

/** References to controllers, one object each: pods and their classes compare them by identity. */
export class OwnerReferences {
  readonly #references = new Map<string, OwnerReference>();

  to(owner: KubeObject): OwnerReference {
    const { uid = '', name = '' } = owner.metadata;
    let reference = this.#references.get(uid);
    if (!reference) {
      const { apiVersion, kind } = owner;
      reference = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
      this.#references.set(uid, reference);
    }
    return reference;
  }

  forget(owner: KubeObject): void {
    this.#references.delete(owner.metadata.uid ?? '');
  }
}
