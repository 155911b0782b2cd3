/**
 * The nodes as columns: a node is a row number, and what filters and scores read is in typed arrays indexed by it.
 * Arrays are replaced when the table grows, so read them through the table. Rows of removed nodes are reused;
 * `generation` tells a new tenant from the old one.
 */
import { assert } from '../base/assert.ts';
import { BitSet } from '../base/bit-set.ts';
import type { Interner } from '../base/interner.ts';
import { parseMilli, parseValue } from '../base/quantity.ts';
import type { Node, Taint } from '../kube/types.ts';
import type { HostPort } from './host-ports.ts';
import { LabelColumns } from './label-columns.ts';
import { CPU, PODS, type ResourceVector } from './resources.ts';

const NO_TAINTS: readonly Taint[] = [];
const NO_PORTS: readonly HostPort[] = [];

/** What resources there are and what of them is taken, by row. */
export interface NodeColumns {
  readonly allocatable: readonly Float64Array[];
  readonly requested: readonly Float64Array[];
  readonly nonZeroCpuMilli: Float64Array;
  readonly nonZeroMemoryBytes: Float64Array;
  readonly nPods: Int32Array;
}

export class NodeTable {
  /** Row numbers in use are below `nRows`; `exists` says which of them hold a node. */
  nRows = 0;
  nNodes = 0;
  readonly exists = new BitSet(0);
  /** spec.unschedulable */
  readonly cordoned = new BitSet(0);
  readonly names: string[] = [];
  readonly objects: (Node | undefined)[] = [];
  readonly taints: (readonly Taint[])[] = [];
  /** Host ports that are taken. */
  readonly hostPorts: (readonly HostPort[])[] = [];
  readonly labels: LabelColumns;
  /** `allocatable[resource][node]` and `requested[resource][node]`, in the resource's unit. */
  readonly allocatable: Float64Array[] = [];
  readonly requested: Float64Array[] = [];
  /** Sums of requests with the scheduler's defaults, for scoring. */
  nonZeroCpuMilli: Float64Array;
  nonZeroMemoryBytes: Float64Array;
  nPods: Int32Array;
  /** Head and tail of the node's list of pods (rows of the pod table), -1 when empty. */
  firstPod: Int32Array;
  lastPod: Int32Array;
  generation: Int32Array;

  readonly #resources: Interner<string>;
  readonly #rowOf = new Map<string, number>();
  readonly #freeRows: number[] = [];
  #capacity: number;

  constructor(resources: Interner<string>, capacity = 64) {
    this.#resources = resources;
    this.#capacity = capacity;
    this.labels = new LabelColumns(capacity);
    this.nonZeroCpuMilli = new Float64Array(capacity);
    this.nonZeroMemoryBytes = new Float64Array(capacity);
    this.nPods = new Int32Array(capacity);
    this.firstPod = new Int32Array(capacity).fill(-1);
    this.lastPod = new Int32Array(capacity).fill(-1);
    this.generation = new Int32Array(capacity);
    this.#addResourceColumns();
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** The row of a node, or -1. `likely` is looked at first: among 100,000 names, finding one takes much longer. */
  find(name: string, likely = -1): number {
    if (likely !== -1 && this.names[likely] === name && this.exists.has(likely)) return likely;
    return this.#rowOf.get(name) ?? -1;
  }

  /** Takes in a new node; its name must be free. Returns its row. */
  add(node: Node): number {
    assert(!this.#rowOf.has(node.metadata.name!), `node ${node.metadata.name} exists already`);
    const row = this.#freeRows.pop() ?? this.nRows++;
    if (row >= this.#capacity) this.#grow();
    this.exists.set(row);
    this.nNodes++;
    this.generation[row]!++;
    this.names[row] = node.metadata.name!;
    this.#rowOf.set(node.metadata.name!, row);
    this.hostPorts[row] = NO_PORTS;
    this.update(row, node);
    return row;
  }

  /** Takes over a node's new labels, taints, cordon and allocatable. */
  update(row: number, node: Node): void {
    this.objects[row] = node;
    this.taints[row] = node.spec?.taints ?? NO_TAINTS;
    if (node.spec?.unschedulable) this.cordoned.set(row);
    else this.cordoned.clear(row);
    this.labels.set(row, node.metadata.labels ?? {});
    for (const column of this.allocatable) column[row] = 0;
    for (const [name, quantity] of Object.entries(node.status?.allocatable ?? {})) {
      const resource = this.resource(name);
      this.allocatable[resource]![row] = resource === CPU ? parseMilli(quantity) : parseValue(quantity);
    }
  }

  /** Forgets a node. Its pods must be gone from the row before. */
  remove(row: number): void {
    assert(this.nPods[row] === 0, `node ${this.names[row]} still has pods`);
    this.#rowOf.delete(this.names[row]!);
    this.exists.clear(row);
    this.cordoned.clear(row);
    this.labels.set(row, {});
    this.objects[row] = undefined;
    this.taints[row] = NO_TAINTS;
    for (const column of this.allocatable) column[row] = 0;
    this.nNodes--;
    this.#freeRows.push(row);
  }

  /** The number of a resource, with its columns made if it is new. */
  resource(name: string): number {
    const id = this.#resources.idOf(name);
    this.#addResourceColumns();
    return id;
  }

  /** Adds (sign 1) or takes away (sign -1) a pod's requests. */
  count(
    row: number,
    requests: ResourceVector,
    nonZeroCpuMilli: number,
    nonZeroMemoryBytes: number,
    sign: 1 | -1,
  ) {
    if (this.requested.length < this.#resources.size) this.#addResourceColumns();
    const { ids, amounts } = requests;
    for (let i = 0; i < ids.length; i++) this.requested[ids[i]!]![row]! += sign * amounts[i]!;
    this.requested[PODS]![row]! += sign;
    this.nonZeroCpuMilli[row]! += sign * nonZeroCpuMilli;
    this.nonZeroMemoryBytes[row]! += sign * nonZeroMemoryBytes;
    this.nPods[row]! += sign;
  }

  #addResourceColumns(): void {
    while (this.allocatable.length < this.#resources.size) {
      this.allocatable.push(new Float64Array(this.#capacity));
      this.requested.push(new Float64Array(this.#capacity));
    }
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    this.#capacity = capacity;
    for (const columns of [this.allocatable, this.requested]) {
      for (let i = 0; i < columns.length; i++) columns[i] = grown(columns[i]!, new Float64Array(capacity));
    }
    this.nonZeroCpuMilli = grown(this.nonZeroCpuMilli, new Float64Array(capacity));
    this.nonZeroMemoryBytes = grown(this.nonZeroMemoryBytes, new Float64Array(capacity));
    this.nPods = grown(this.nPods, new Int32Array(capacity));
    this.firstPod = grown(this.firstPod, new Int32Array(capacity).fill(-1));
    this.lastPod = grown(this.lastPod, new Int32Array(capacity).fill(-1));
    this.generation = grown(this.generation, new Int32Array(capacity));
    this.labels.grow(capacity);
  }
}

function grown<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
