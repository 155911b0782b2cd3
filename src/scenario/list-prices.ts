/**
 * Prices of nodes that manifests, snapshots and timelines list: the catalogue's, where it knows the type and its list is
 * of the node's region. What was bought in another way (spot machines) has no list price.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { PRICE_ANNOTATION, withPrice } from '../kube/node-names.ts';
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
  const price = listPrice(node, catalog);
  return price === undefined ? node : withPrice(node, price);
}

/** Undefined if the node has a price of its own, or none is known. */
export function listPrice({ metadata }: Node, catalog: Catalog): number | undefined {
  const { labels = {}, annotations = {} } = metadata;
  if (annotations[PRICE_ANNOTATION] !== undefined) return undefined;
  const price = catalog.get(labels[TYPE_LABEL] ?? '')?.price;
  if (!price || SPOT_LABELS.some(([key, value]) => labels[key] === value)) return undefined;
  const region = labels[REGION_LABEL];
  if (region !== undefined && price.region !== undefined && region !== price.region) return undefined;
  return price.usdPerHour;
}
