// Nodes as arithmetic sees them: what each offers, and which are alike.

import { canonicalJson } from '../../base/canonical-json.ts';
import { parseMilli, parseValue } from '../../base/quantity.ts';
import type { Pool } from '../../experiment/plan/demand.ts';
import { GPU_DEVICES } from '../../kube/gpu-names.ts';
import type { Node } from '../../kube/types.ts';

const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

/** Nodes that differ in nothing but their names, by the name of the first. */
export function kindsOf(nodes: readonly Node[]): Map<string, Node[]> {
  const byContent = new Map<string, Node[]>();
  for (const node of nodes) {
    const { [HOSTNAME]: _, ...labels } = node.metadata.labels ?? {};
    const key = canonicalJson([labels, node.spec?.taints ?? [], node.status?.allocatable ?? {}]);
    const alike = byContent.get(key);
    if (alike) alike.push(node);
    else byContent.set(key, [node]);
  }
  return new Map([...byContent.values()].map((members) => [members[0]!.metadata.name!, members]));
}

/** Equal nodes that are there in any case: what they cost is no question. */
export function givenPool(name: string, nodes: readonly Node[]): Pool {
  const first = nodes[0]!;
  return {
    name,
    nodeType: name,
    ...offerOf(first),
    pricePerHour: 0,
    nMin: nodes.length,
    nMax: nodes.length,
    zones: [first.metadata.labels?.[ZONE] ?? ''],
    isGiven: true,
  };
}

/** What a node has for pods. */
export function offerOf({ status }: Node): Pick<Pool, 'allocatable' | 'nPodsMax' | 'nDevices'> {
  const { pods, ...allocatable } = status?.allocatable ?? {};
  const amounts = Object.entries(allocatable).map(([resource, quantity]) => [
    resource,
    (resource === 'cpu' ? parseMilli : parseValue)(quantity),
  ]);
  return {
    allocatable: Object.fromEntries(amounts),
    nPodsMax: parseValue(pods ?? 110),
    nDevices: parseValue(allocatable[GPU_DEVICES] ?? 0),
  };
}
