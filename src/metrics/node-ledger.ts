/**
 * Nodes and their pools over time: what is allocatable and requested of each resource, pods, idle time, cost. A node that
 * is gone keeps its row, so that late news of its pods find it; a new node of its name gets another row.
 * Requested is what pods bound to the node ask for until they are finished or gone, as the scheduler counts it.
 */
import type { Interner } from '../base/interner.ts';
import { parseMilli, parseValue } from '../base/quantity.ts';
import { CPU, MEMORY, newResourceInterner, PODS, type ResourceVector } from '../cluster/resources.ts';
import { poolOf, pricePerHour } from '../kube/node-names.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { Node } from '../kube/types.ts';
import { ResourceUse } from './resource-use.ts';

const ZONE_LABEL = 'topology.kubernetes.io/zone';
const TYPE_LABEL = 'node.kubernetes.io/instance-type';
const US_PER_HOUR = 3_600_000_000;
/** The first resources, CPU and memory, are those whose use is known. */
const N_USED = 2;

/** The pool that is all nodes together. */
export const WHOLE_CLUSTER = 0;

/** A node as the ledger knows it. What pods change as they come and go is side by side, as in `ResourceUse`. */
export interface NodeRow {
  removedUs: number | undefined;
  readonly pool: number;
  /** Pods that were ever on it; those that are there now count as a resource. */
  nPodsEver: number;
  /** Pods that no DaemonSet put there. */
  nWorking: number;
  /** No pods but those of DaemonSets since then; undefined while there are others. */
  idleSinceUs: number | undefined;
  idleUs: number;
  readonly name: string;
  readonly zone: string;
  readonly instanceType: string;
  readonly pricePerHour: number | undefined;
  readonly addedUs: number;
  isReady: boolean;
  /** By resource; of a node that is gone what it had. */
  readonly allocatable: Map<number, number>;
}

/** Nodes of one name in reports: a pool, or the whole cluster. */
export interface PoolRow {
  readonly name: string;
  nNodes: number;
  nNodesMax: number;
  nNodesReady: number;
  /** Of the nodes that are there now; undefined if no price is known. */
  costPerHour: number | undefined;
  /** Of the time up to `costSinceUs`. */
  cost: number;
  nodeUs: number;
  sinceUs: number;
}

function isReady(node: Node): boolean {
  return node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function newPool(name: string): PoolRow {
  const counts = { nNodes: 0, nNodesMax: 0, nNodesReady: 0 };
  return { name, ...counts, costPerHour: undefined, cost: 0, nodeUs: 0, sinceUs: 0 };
}

export class NodeLedger {
  readonly resources: Interner<string> = newResourceInterner();
  readonly ofNodes = new ResourceUse(this.resources.size);
  readonly ofPools = new ResourceUse(this.resources.size);
  /** CPU and memory in use, against what is allocatable. */
  readonly usedOfNodes = new ResourceUse(N_USED);
  readonly usedOfPools = new ResourceUse(N_USED);
  /** Did any node ever tell what it uses? */
  knowsUse = false;
  readonly rows: NodeRow[] = [];
  readonly pools: PoolRow[] = [newPool('')];
  /** Told before the node itself was: of what runs in a cluster that was there before the run. */
  readonly #usedBefore = new Map<string, readonly [cpuMilli: number, memoryBytes: number]>();
  readonly #rowOf = new Map<string, number>();
  /** By `PodObject.nodeNumber`: where its node was found last. */
  readonly #rowOfNumber: number[] = [];
  readonly #poolOf = new Map<string, number>();

  constructor() {
    this.#addPool(WHOLE_CLUSTER);
  }

  /** Row of the node of that name that is there, or -1. */
  find(name: string): number {
    return this.#rowOf.get(name) ?? -1;
  }

  /** Row of the node that a pod is bound to, or -1 if it is not there. */
  findOf({ nodeName, nodeNumber }: PodObject): number {
    const known = this.#rowOfNumber[nodeNumber];
    if (known !== undefined && this.rows[known]!.removedUs === undefined) return known;
    const row = this.find(nodeName);
    if (row !== -1 && nodeNumber >= 0) this.#rowOfNumber[nodeNumber] = row;
    return row;
  }

  /** The number of a resource. */
  resource(name: string): number {
    const id = this.resources.idOf(name);
    if (id >= this.ofNodes.nResources) {
      for (const use of [this.ofNodes, this.ofPools]) use.addResources(id + 1);
    }
    return id;
  }

  add(node: Node, nowUs: number): void {
    const row = this.rows.length;
    const { labels = {}, name = '' } = node.metadata;
    this.rows.push({
      removedUs: undefined,
      pool: this.#pool(poolOf(node)),
      nPodsEver: 0,
      nWorking: 0,
      idleSinceUs: nowUs,
      idleUs: 0,
      name,
      zone: labels[ZONE_LABEL] ?? '',
      instanceType: labels[TYPE_LABEL] ?? '',
      pricePerHour: pricePerHour(node),
      addedUs: nowUs,
      isReady: false,
      allocatable: new Map(),
    });
    this.#rowOf.set(name, row);
    for (const use of [this.ofNodes, this.usedOfNodes]) use.addRow(row, nowUs);
    this.#count(this.rows[row]!, 1, nowUs);
    this.update(node, nowUs);
    const before = this.#usedBefore.get(name);
    if (before) this.uses(name, ...before, nowUs);
    this.#usedBefore.delete(name);
  }

  /** Takes over allocatable and readiness; a node's pool, zone and price are for life. */
  update(node: Node, nowUs: number): void {
    const row = this.find(node.metadata.name!);
    const known = this.rows[row];
    if (!known) return;
    this.#setReady(known, isReady(node));
    const allocatable = node.status?.allocatable ?? {};
    for (const [name, quantity] of Object.entries(allocatable)) {
      const resource = this.resource(name);
      this.#allocate(row, resource, resource === CPU ? parseMilli(quantity) : parseValue(quantity), nowUs);
    }
    for (const resource of known.allocatable.keys()) {
      if (!(this.resources.name(resource) in allocatable)) this.#allocate(row, resource, 0, nowUs);
    }
  }

  remove(name: string, nowUs: number): void {
    const row = this.find(name);
    const known = this.rows[row];
    if (!known) return;
    this.#rowOf.delete(name);
    this.#setReady(known, false);
    // What lay on it goes first: no share of what was there is ever larger than it was.
    this.#clear(row, nowUs);
    for (const [resource, amount] of known.allocatable) {
      this.#allocate(row, resource, 0, nowUs);
      known.allocatable.set(resource, amount);
    }
    this.#count(known, -1, nowUs);
    if (known.idleSinceUs !== undefined) known.idleUs += nowUs - known.idleSinceUs;
    known.idleSinceUs = undefined;
    known.removedUs = nowUs;
  }

  /** A pod comes to a node (`sign` 1) or leaves it (-1). */
  place(row: number, requests: ResourceVector, isDaemon: boolean, sign: 1 | -1, nowUs: number): void {
    const node = this.rows[row]!;
    if (node.removedUs !== undefined) return;
    const { ids, amounts } = requests;
    for (let i = 0; i < ids.length; i++) this.#request(row, node.pool, ids[i]!, sign * amounts[i]!, nowUs);
    this.#request(row, node.pool, PODS, sign, nowUs);
    if (sign === 1) node.nPodsEver++;
    if (!isDaemon) this.#work(node, sign, nowUs);
  }

  /** What all containers on a node use from now on. */
  uses(name: string, cpuMilli: number, memoryBytes: number, nowUs: number): void {
    this.knowsUse = true;
    const row = this.find(name);
    if (row === -1) {
      this.#usedBefore.set(name, [cpuMilli, memoryBytes]);
      return;
    }
    this.#use(row, CPU, cpuMilli, nowUs);
    this.#use(row, MEMORY, memoryBytes, nowUs);
  }

  /** Brings costs and node hours up to `nowUs`. */
  settle(nowUs: number): void {
    for (const pool of this.pools) accrue(pool, nowUs);
  }

  #use(row: number, resource: typeof CPU | typeof MEMORY, amount: number, nowUs: number): void {
    const change = amount - this.usedOfNodes.requested(row, resource);
    this.usedOfNodes.request(row, resource, change, nowUs);
    this.usedOfPools.request(this.rows[row]!.pool, resource, change, nowUs);
    this.usedOfPools.request(WHOLE_CLUSTER, resource, change, nowUs);
  }

  #work(node: NodeRow, sign: 1 | -1, nowUs: number): void {
    node.nWorking += sign;
    if (node.nWorking === 0) node.idleSinceUs = nowUs;
    else if (node.idleSinceUs !== undefined) {
      node.idleUs += nowUs - node.idleSinceUs;
      node.idleSinceUs = undefined;
    }
  }

  /** What lay on a node that goes is not requested any more. */
  #clear(row: number, nowUs: number): void {
    const { pool } = this.rows[row]!;
    for (let resource = 0; resource < this.resources.size; resource++) {
      this.#request(row, pool, resource, -this.ofNodes.requested(row, resource), nowUs);
    }
    this.#use(row, CPU, 0, nowUs);
    this.#use(row, MEMORY, 0, nowUs);
  }

  #request(row: number, pool: number, resource: number, amount: number, nowUs: number): void {
    this.ofNodes.request(row, resource, amount, nowUs);
    this.ofPools.request(pool, resource, amount, nowUs);
    this.ofPools.request(WHOLE_CLUSTER, resource, amount, nowUs);
  }

  #allocate(row: number, resource: number, amount: number, nowUs: number): void {
    const node = this.rows[row]!;
    const change = amount - (node.allocatable.get(resource) ?? 0);
    if (change === 0) return;
    node.allocatable.set(resource, amount);
    this.ofNodes.allocate(row, resource, change, nowUs);
    this.ofPools.allocate(node.pool, resource, change, nowUs);
    this.ofPools.allocate(WHOLE_CLUSTER, resource, change, nowUs);
    if (resource >= N_USED) return;
    this.usedOfNodes.allocate(row, resource, change, nowUs);
    this.usedOfPools.allocate(node.pool, resource, change, nowUs);
    this.usedOfPools.allocate(WHOLE_CLUSTER, resource, change, nowUs);
  }

  #setReady(node: NodeRow, ready: boolean): void {
    if (node.isReady === ready) return;
    node.isReady = ready;
    for (const pool of [WHOLE_CLUSTER, node.pool]) this.pools[pool]!.nNodesReady += ready ? 1 : -1;
  }

  #count(node: NodeRow, sign: 1 | -1, nowUs: number): void {
    for (const pool of [this.pools[WHOLE_CLUSTER]!, this.pools[node.pool]!]) {
      accrue(pool, nowUs);
      pool.nNodes += sign;
      if (pool.nNodes > pool.nNodesMax) pool.nNodesMax = pool.nNodes;
      if (node.pricePerHour !== undefined) {
        pool.costPerHour = pool.nNodes === 0 ? 0 : (pool.costPerHour ?? 0) + sign * node.pricePerHour;
      }
    }
  }

  #pool(name: string): number {
    let pool = this.#poolOf.get(name);
    if (pool === undefined) {
      pool = this.pools.push(newPool(name)) - 1;
      this.#poolOf.set(name, pool);
      this.#addPool(pool);
    }
    return pool;
  }

  #addPool(pool: number): void {
    for (const use of [this.ofPools, this.usedOfPools]) use.addRow(pool, 0);
  }
}

function accrue(pool: PoolRow, nowUs: number): void {
  const spanUs = nowUs - pool.sinceUs;
  pool.nodeUs += pool.nNodes * spanUs;
  pool.cost += ((pool.costPerHour ?? 0) * spanUs) / US_PER_HOUR;
  pool.sinceUs = nowUs;
}
