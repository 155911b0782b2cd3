import { expect, it } from 'vitest';
import { Catalog } from '../catalog/catalog.ts';
import { pricePerHour } from '../kube/node-names.ts';
import type { Node } from '../kube/types.ts';
import { withListPrice } from './list-prices.ts';

const catalog = new Catalog();
const type = { 'node.kubernetes.io/instance-type': 'm5.xlarge' };

it.each([
  ['a type of the catalogue', type, {}, 0.192],
  ['one in the region of the list', { ...type, 'topology.kubernetes.io/region': 'us-east-1' }, {}, 0.192],
  ['one in another region', { ...type, 'topology.kubernetes.io/region': 'eu-west-1' }, {}, undefined],
  ['a spot machine', { ...type, 'karpenter.sh/capacity-type': 'spot' }, {}, undefined],
  ['one with a price of its own', type, { 'wavetank.io/price-per-hour': '0.1' }, 0.1],
  ['an unknown type', { 'node.kubernetes.io/instance-type': 'm99.huge' }, {}, undefined],
  ['a node without a type', {}, {}, undefined],
])('the price of %s', (_, labels, annotations, expected) => {
  const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels, annotations } };
  expect(pricePerHour(withListPrice(node, catalog))).toBe(expected);
});
