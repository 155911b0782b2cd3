// The admission chain: what the API server fills in, changes and refuses when objects are written. Pods are admitted
// once per shape; the outcome is kept until something that it hangs on (classes, limits, accounts) changes.
// Source of the order: pkg/kubeapiserver/options/plugins.go, 1.37.

import type { PodInit } from '../../kube/pod-object.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import type { KubeObject, PersistentVolumeClaim, StorageClass } from '../../kube/types.ts';
import type { ApiState } from '../api-state.ts';
import { defaultClass } from '../controllers/persistent-volume/volumes.ts';
import { type Failure, forbidden } from '../failure.ts';
import { NamespaceLifecycle } from './namespace-lifecycle.ts';
import { defaultObject, newObject } from './object-defaults.ts';
import { QuotaAdmission } from './resource-quota.ts';
import { Refusal, type ShapePlugin } from './shape-plugin.ts';
import { shapePlugins } from './shape-plugins.ts';

/** Kinds whose changes make admitted shapes stale. */
const SOURCES = new Set(['PriorityClass', 'LimitRange', 'RuntimeClass', 'ServiceAccount']);

interface Admitted {
  readonly epoch: number;
  readonly outcome: PodShape | Refusal;
}

export class Admission {
  readonly #state: ApiState;
  readonly #namespaces: NamespaceLifecycle;
  readonly #plugins: readonly ShapePlugin[];
  readonly #quotas: QuotaAdmission;
  readonly #admitted = new WeakMap<PodShape, Admitted>();
  #epoch = 0;
  /** What comes was admitted before, when other rules may have held: it is not refused. */
  isRestoring = false;

  constructor(state: ApiState, createsNamespaces: boolean) {
    this.#state = state;
    this.#namespaces = new NamespaceLifecycle(state, createsNamespaces);
    this.#plugins = shapePlugins(state);
    this.#quotas = new QuotaAdmission(state);
  }

  /** The shape that a new pod gets, or why it is refused. */
  pod(init: PodInit): PodShape | Failure {
    const { shape } = init;
    const name = init.name ?? init.generateName ?? '';
    const refusal = this.#namespaces.refusal(shape.namespace, 'Pod', name);
    if (refusal) return refusal;
    let admitted = this.#admitted.get(shape);
    if (admitted?.epoch !== this.#epoch) {
      admitted = { epoch: this.#epoch, outcome: this.#admitShape(shape) };
      this.#admitted.set(shape, admitted);
    }
    const { outcome } = admitted;
    if (outcome instanceof Refusal) return forbidden('Pod', name.toString(), outcome.why);
    const excess = this.#quotas.pod(outcome, init);
    return this.isRestoring ? outcome : (excess ?? outcome);
  }

  /** The object as it will be stored (defaults filled in), or why it is refused. */
  object(object: KubeObject): KubeObject | Failure {
    const { namespace, name = '' } = object.metadata;
    const refusal =
      namespace === undefined ? undefined : this.#namespaces.refusal(namespace, object.kind, name);
    return refusal ?? this.#storageClass(defaultObject(newObject(object)));
  }

  /** DefaultStorageClass: a claim that names no class gets the default one. */
  #storageClass(object: KubeObject): KubeObject {
    if (object.kind !== 'PersistentVolumeClaim') return object;
    const claim = object as PersistentVolumeClaim;
    if (claim.spec?.storageClassName !== undefined) return claim;
    const found = defaultClass(this.#state.kind('StorageClass').values() as Iterable<StorageClass>);
    return found
      ? ({ ...claim, spec: { ...claim.spec, storageClassName: found.metadata.name } } as KubeObject)
      : claim;
  }

  /** Why the quotas of its namespace have no room for a new object. */
  quota(object: KubeObject): Failure | undefined {
    const excess = this.#quotas.object(object);
    return this.isRestoring ? undefined : excess;
  }

  update(_stored: KubeObject, changed: KubeObject): KubeObject | Failure {
    return defaultObject(changed);
  }

  /** Why an object cannot be deleted. */
  deletion(object: KubeObject): Failure | undefined {
    return object.kind === 'Namespace'
      ? this.#namespaces.deletionRefusal(object.metadata.name ?? '')
      : undefined;
  }

  /** What deletion changes in the object besides its metadata. */
  deleting(object: KubeObject): KubeObject {
    return object.kind === 'Namespace'
      ? ({ ...object, status: { phase: 'Terminating' } } as KubeObject)
      : object;
  }

  /** An object was written or removed. */
  changed(object: KubeObject): void {
    if (SOURCES.has(object.kind)) this.#epoch++;
    if (object.kind === 'Namespace') this.#namespaces.forget();
    if (object.kind === 'ResourceQuota') this.#quotas.forget();
  }

  #admitShape(shape: PodShape): PodShape | Refusal {
    let current = shape;
    for (const plugin of this.#plugins) {
      const outcome = plugin(current);
      if (!(outcome instanceof Refusal)) current = outcome;
      else if (!this.isRestoring) return outcome;
    }
    return current;
  }
}
