/**
 * Pod classes: pods that share a spec, labels, namespace and controller share one compiled class, and whatever a
 * plugin works out for a pod it can work out once per class.
 */
import { assert } from '../base/assert.ts';
import type { PodShape } from '../kube/pod-shape.ts';
import { type PodResourceOptions, podNonZeroRequests, podRequests } from '../kube/resources.ts';
import type { OwnerReference, Pod, PodSpec } from '../kube/types.ts';
import { type HostPort, hostPortsOf } from './host-ports.ts';
import { isScalarResource, type ResourceVector } from './resources.ts';

/** One kind of pod, seen by the scheduler. Compared by identity; `id` is dense and never reused. */
export interface PodClass {
  readonly id: number;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  /** The controlling owner reference, if any. */
  readonly owner: OwnerReference | undefined;
  readonly priority: number;
  /** What the pod asks for: the vector that counts on its node. */
  readonly requests: ResourceVector;
  /** Requests with the scheduler's defaults for containers that ask for nothing (100m, 200Mi), for scoring. */
  readonly nonZeroCpuMilli: number;
  readonly nonZeroMemoryBytes: number;
  readonly hostPorts: readonly HostPort[];
}

/** All classes of a cluster. Equal content gives the same class, whoever asks. */
export class PodClasses {
  readonly all: PodClass[] = [];
  readonly #byShape = new WeakMap<PodShape, { owner: OwnerReference | undefined; cls: PodClass }>();
  readonly #byContent = new Map<string, PodClass>();
  readonly #byLabel = new Map<string, number[]>();
  readonly #resourceId: (name: string) => number;
  readonly #options: PodResourceOptions;

  /**
   * @param resourceId gives a resource its number and the node table its columns
   * @param options how requests are summed up
   */
  constructor(resourceId: (name: string) => number, options: PodResourceOptions = {}) {
    this.#resourceId = resourceId;
    this.#options = options;
  }

  /** Numbers of the classes with a label, in ascending order; the list grows. */
  withLabel(key: string, value: string): readonly number[] {
    const label = `${key}=${value}`;
    let ids = this.#byLabel.get(label);
    if (!ids) this.#byLabel.set(label, (ids = []));
    return ids;
  }

  get(id: number): PodClass {
    const cls = this.all[id];
    assert(cls !== undefined, `pod class ${id} does not exist`);
    return cls;
  }

  /** The class of the pods of a shape, found by the shape's identity; bound ones and pending ones share it. */
  ofShape(shape: PodShape, owner?: OwnerReference): PodClass {
    const known = this.#byShape.get(shape);
    if (known && known.owner?.uid === owner?.uid) return known.cls;
    const { spec, ...metadata } = shape;
    const { nodeName: _, ...unbound } = spec;
    const cls = this.#intern({ apiVersion: 'v1', kind: 'Pod', metadata, spec: unbound }, owner);
    this.#byShape.set(shape, { owner, cls });
    return cls;
  }

  /** The class of a pod given as a Kubernetes object (a snapshot, a manifest, a recorded case). */
  ofPod(pod: Pod): PodClass {
    const owner = pod.metadata.ownerReferences?.find((reference) => reference.controller);
    return this.#intern(pod, owner);
  }

  #intern(pod: Pod, owner: OwnerReference | undefined): PodClass {
    const { spec } = pod;
    const { namespace = 'default', labels = {}, annotations = {} } = pod.metadata;
    const statuses = pod.status?.containerStatuses && [
      pod.status.containerStatuses,
      pod.status.initContainerStatuses,
      pod.status.conditions,
    ];
    const key = JSON.stringify([namespace, labels, annotations, spec, owner, statuses]);
    let cls = this.#byContent.get(key);
    if (!cls) {
      cls = this.#compile(pod, { namespace, labels, annotations, owner });
      this.#byContent.set(key, cls);
    }
    return cls;
  }

  #compile(pod: Pod, meta: Pick<PodClass, 'namespace' | 'labels' | 'annotations' | 'owner'>): PodClass {
    const nonZero = podNonZeroRequests(pod, this.#options);
    const cls: PodClass = {
      id: this.all.length,
      ...meta,
      spec: pod.spec,
      priority: pod.spec.priority ?? 0,
      requests: this.#vector(podRequests(pod, this.#options)),
      nonZeroCpuMilli: nonZero.cpuMilli,
      nonZeroMemoryBytes: nonZero.memoryBytes,
      hostPorts: hostPortsOf(pod.spec),
    };
    for (const [key, value] of Object.entries(cls.labels)) {
      (this.withLabel(key, value) as number[]).push(cls.id);
    }
    this.all.push(cls);
    return cls;
  }

  #vector(requests: ReadonlyMap<string, number>): ResourceVector {
    const ids: number[] = [];
    const amounts: number[] = [];
    for (const [name, amount] of requests) {
      if (!isScalarResource(name) && !['cpu', 'memory', 'ephemeral-storage'].includes(name)) continue;
      ids.push(this.#resourceId(name));
      amounts.push(amount);
    }
    return { ids, amounts };
  }
}
