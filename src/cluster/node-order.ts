/**
 * The order in which the scheduler walks the nodes: zones in turn, one node of each. A zone is region and zone
 * label together, zones stand in order of first appearance, nodes without either form one group.
 * Source: kubernetes v1.37.2 pkg/scheduler/backend/cache/node_tree.go.
 */
import type { NodeTable } from './node-table.ts';

const ZONE_KEYS = ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'] as const;
const REGION_KEYS = ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'] as const;

/** The zone of a node as the scheduler groups by it; '' = neither region nor zone. */
export function zoneOf(nodes: NodeTable, row: number): string {
  const zone = nodes.labels.get(row, ZONE_KEYS[0]) ?? nodes.labels.get(row, ZONE_KEYS[1]) ?? '';
  const region = nodes.labels.get(row, REGION_KEYS[0]) ?? nodes.labels.get(row, REGION_KEYS[1]) ?? '';
  return zone === '' && region === '' ? '' : `${region}:\0:${zone}`;
}

/** Keeps the zones' lists in order of arrival and gives the interleaved walk. */
export class NodeOrder {
  readonly #zones = new Map<string, number[]>();
  readonly #zoneOfRow: string[] = [];
  #walk: Int32Array | undefined;

  add(nodes: NodeTable, row: number): void {
    const zone = zoneOf(nodes, row);
    this.#zoneOfRow[row] = zone;
    const list = this.#zones.get(zone);
    if (list) list.push(row);
    else this.#zones.set(zone, [row]);
    this.#walk = undefined;
  }

  remove(row: number): void {
    const zone = this.#zoneOfRow[row]!;
    const list = this.#zones.get(zone)!;
    list.splice(list.indexOf(row), 1);
    if (list.length === 0) this.#zones.delete(zone);
    this.#walk = undefined;
  }

  /** A node whose zone labels changed leaves its old place and joins the end of its new zone. */
  update(nodes: NodeTable, row: number): void {
    if (zoneOf(nodes, row) === this.#zoneOfRow[row]) return;
    this.remove(row);
    this.add(nodes, row);
  }

  /** Rows in walk order. The array is rebuilt when the set of nodes changes; do not keep it across changes. */
  walk(): Int32Array {
    this.#walk ??= interleave([...this.#zones.values()]);
    return this.#walk;
  }
}

function interleave(zones: readonly (readonly number[])[]): Int32Array {
  const longest = zones.reduce((max, zone) => Math.max(max, zone.length), 0);
  const walk = new Int32Array(zones.reduce((sum, zone) => sum + zone.length, 0));
  let n = 0;
  for (let i = 0; i < longest; i++) {
    for (const zone of zones) if (i < zone.length) walk[n++] = zone[i]!;
  }
  return walk;
}
