/** From a node group of a scenario to Kubernetes nodes. */
import { allocatableOf } from '../catalog/allocatable.ts';
import type { InstanceType } from '../catalog/instance-type.ts';
import { GPU_MODEL } from '../kube/gpu-names.ts';
import { NODE_GROUP_LABEL, PRICE_ANNOTATION, READY_AFTER_ANNOTATION } from '../kube/node-names.ts';
import type { Node, Quantity } from '../kube/types.ts';
import type { NodeGroupSpec } from './cluster.schema.ts';

const PODS_DEFAULT = 110;
/** 20 GiB, the disk of an Amazon EKS managed node, less 10 % that eviction keeps free (kubelet 1.37 nodefs.available). */
const DISK_DEFAULT = '18Gi';

type Amounts = Readonly<Record<string, Quantity>>;

/** Makes the nodes of one group. */
export class NodeGroup {
  readonly name: string;
  /** Position in the scenario's list of groups. */
  readonly index: number;
  /** How many nodes there are at the start. */
  readonly count: number;
  readonly spec: NodeGroupSpec;
  readonly #type: InstanceType | undefined;
  readonly #allocatable: Amounts;
  readonly #capacity: Amounts;

  constructor(spec: NodeGroupSpec, index = 0, type?: InstanceType) {
    this.name = spec.name;
    this.index = index;
    this.count = spec.count;
    this.spec = spec;
    this.#type = type;
    this.#allocatable = { pods: PODS_DEFAULT, ...(type && offeredBy(type)), ...spec.allocatable };
    this.#capacity = { ...this.#allocatable, ...(type && sizeOf(type)), ...spec.capacity };
  }

  nodeName(index: number): string {
    return `${this.name}-${index}`;
  }

  zoneOf(index: number): string | undefined {
    const { zones } = this.spec;
    return zones?.[index % zones.length];
  }

  /** Node number `index`, Ready. Groups may grow beyond their count. */
  node(index: number): Node {
    const { taints, images, pricePerHour } = this.spec;
    const price = pricePerHour ?? this.#type?.price?.usdPerHour;
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: this.nodeName(index),
        labels: this.#labels(index),
        ...(price !== undefined && { annotations: { [PRICE_ANNOTATION]: String(price) } }),
      },
      spec: taints ? { taints } : {},
      status: {
        allocatable: this.#allocatable,
        capacity: this.#capacity,
        conditions: [{ type: 'Ready', status: 'True' }],
        ...(images && { images: images.map((image) => ({ names: [image], sizeBytes: 0 })) }),
      },
    } as Node;
  }

  /** A node that joins later: it takes `readyAfter` (default: the group's) to become Ready. */
  newNode(index: number, readyAfter: string | number = this.spec.readyAfter ?? 0): Node {
    const node = this.node(index);
    const annotations = { ...node.metadata.annotations, [READY_AFTER_ANNOTATION]: String(readyAfter) };
    return {
      ...node,
      metadata: { ...node.metadata, annotations },
      status: { ...node.status, conditions: [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady' }] },
    } as Node;
  }

  /** The nodes at the start. */
  startNodes(): Node[] {
    return Array.from({ length: this.count }, (_, index) => this.node(index));
  }

  #labels(index: number): Record<string, string> {
    const { instanceType, region, labels } = this.spec;
    const zone = this.zoneOf(index);
    return {
      'kubernetes.io/hostname': this.nodeName(index),
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': this.#type?.arch ?? 'amd64',
      [NODE_GROUP_LABEL]: this.name,
      ...(instanceType !== undefined && { 'node.kubernetes.io/instance-type': instanceType }),
      ...(this.#type?.gpuModel !== undefined && { [GPU_MODEL]: this.#type.gpuModel }),
      ...(region !== undefined && { 'topology.kubernetes.io/region': region }),
      ...(zone !== undefined && { 'topology.kubernetes.io/zone': zone }),
      ...labels,
    };
  }
}

function offeredBy(type: InstanceType): Amounts {
  const { cpuMilli, memoryBytes, nPods, nGpus } = allocatableOf(type);
  return {
    cpu: `${cpuMilli}m`,
    memory: memoryBytes,
    'ephemeral-storage': DISK_DEFAULT,
    pods: nPods,
    ...(nGpus > 0 && { 'nvidia.com/gpu': nGpus }),
  };
}

function sizeOf({ nCpu, memoryBytes }: InstanceType): Amounts {
  return { cpu: nCpu, memory: memoryBytes };
}
