/** From a node group of a scenario to Kubernetes nodes. */
import type { Node, Quantity } from '../kube/types.ts';
import type { NodeGroupSpec } from './cluster.schema.ts';

/** The group (pool) a node belongs to. */
export const NODE_GROUP_LABEL = 'wavetank.io/node-group';
/** What a node costs an hour; absent where unknown. */
export const PRICE_ANNOTATION = 'wavetank.io/price-per-hour';

const PODS_DEFAULT = 110;

/** What a group takes from its instance type: fields the group itself names win. */
export interface InstanceDefaults {
  readonly allocatable: Readonly<Record<string, Quantity>>;
  readonly capacity?: Readonly<Record<string, Quantity>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly pricePerHour?: number;
}

/** Node number `index` of a group; groups may grow beyond their count. */
export function groupNode(group: NodeGroupSpec, index: number, defaults?: InstanceDefaults): Node {
  const name = `${group.name}-${index}`;
  const allocatable = { pods: PODS_DEFAULT, ...defaults?.allocatable, ...group.allocatable };
  const price = group.pricePerHour ?? defaults?.pricePerHour;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { ...nodeLabels(group, name, index), ...defaults?.labels, ...group.labels },
      ...(price !== undefined && { annotations: { [PRICE_ANNOTATION]: String(price) } }),
    },
    spec: group.taints ? { taints: group.taints as NonNullable<Node['spec']>['taints'] } : {},
    status: {
      allocatable,
      capacity: { ...allocatable, ...defaults?.capacity, ...group.capacity },
      conditions: [{ type: 'Ready', status: 'True' }],
      ...(group.images && { images: group.images.map((image) => ({ names: [image], sizeBytes: 0 })) }),
    },
  } as Node;
}

function nodeLabels(group: NodeGroupSpec, name: string, index: number): Record<string, string> {
  return {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    [NODE_GROUP_LABEL]: group.name,
    ...(group.instanceType && { 'node.kubernetes.io/instance-type': group.instanceType }),
    ...(group.region && { 'topology.kubernetes.io/region': group.region }),
    ...(group.zones && { 'topology.kubernetes.io/zone': group.zones[index % group.zones.length]! }),
  };
}

/** The nodes a group starts with. */
export function groupNodes(group: NodeGroupSpec, defaults?: InstanceDefaults): Node[] {
  return Array.from({ length: group.count }, (_, index) => groupNode(group, index, defaults));
}
