/**
 * Prices of nodes that manifests and snapshots list: the catalogue's, where it knows the type and its list is of the node's
 * region. What was bought in another way (spot machines) has no list price.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { PRICE_ANNOTATION } from '../kube/node-names.ts';
import type { Node } from '../kube/types.ts';

const TYPE_LABEL = 'node.kubernetes.io/instance-type';
const REGION_LABEL = 'topology.kubernetes.io/region';
/** Labels that say how a machine was bought, with what they say of spot ones. */
const SPOT_LABELS: readonly (readonly [key: string, value: string])[] = [
  ['karpenter.sh/capacity-type', 'spot'],
  ['eks.amazonaws.com/capacityType', 'SPOT'],
  ['kubernetes.azure.com/scalesetpriority', 'spot'],
  ['cloud.google.com/gke-spot', 'true'],
  ['cloud.google.com/gke-preemptible', 'true'],
];

export function withListPrice(node: Node, catalog: Catalog): Node {
  const { labels = {}, annotations = {} } = node.metadata;
  if (annotations[PRICE_ANNOTATION] !== undefined) return node;
  const price = catalog.get(labels[TYPE_LABEL] ?? '')?.price;
  if (!price || SPOT_LABELS.some(([key, value]) => labels[key] === value)) return node;
  const region = labels[REGION_LABEL];
  if (region !== undefined && price.region !== undefined && region !== price.region) return node;
  const priced = { ...annotations, [PRICE_ANNOTATION]: String(price.usdPerHour) };
  return { ...node, metadata: { ...node.metadata, annotations: priced } };
}
