// How nodes say which pool they belong to and what they cost.

import type { KubeObject, Node } from './types.ts';

/** Label: the group (pool) of a scenario that a node belongs to. */
export const NODE_GROUP_LABEL = 'wavetank.io/node-group';
/** Annotation: what a node costs an hour; absent where unknown. */
export const PRICE_ANNOTATION = 'wavetank.io/price-per-hour';
/** Annotation: how long the machine and the kubelet of a new node take to become Ready, as a Go duration; without it no time. */
export const READY_AFTER_ANNOTATION = 'wavetank.io/ready-after';

/** Labels that name a node's pool, the first that is there counts; the others are those of the large providers. */
const POOL_LABELS = [
  NODE_GROUP_LABEL,
  'karpenter.sh/nodepool',
  'eks.amazonaws.com/nodegroup',
  'cloud.google.com/gke-nodepool',
  'kubernetes.azure.com/agentpool',
  'node.kubernetes.io/instance-type',
] as const;

/** The pool of a node; `nodes` where nothing names one. */
export function poolOf({ metadata }: Node): string {
  const label = POOL_LABELS.find((name) => metadata.labels?.[name]);
  return label === undefined ? 'nodes' : metadata.labels![label]!;
}

/** The node with what it costs an hour. */
export function withPrice<T extends KubeObject>(node: T, usdPerHour: number): T {
  const { metadata } = node;
  const annotations = { ...metadata.annotations, [PRICE_ANNOTATION]: String(usdPerHour) };
  return { ...node, metadata: { ...metadata, annotations } };
}

/** What the node costs an hour; undefined where unknown. */
export function pricePerHour({ metadata }: Node): number | undefined {
  const price = Number(metadata.annotations?.[PRICE_ANNOTATION] ?? Number.NaN);
  return price >= 0 ? price : undefined;
}
