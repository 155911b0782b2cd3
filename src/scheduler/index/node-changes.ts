/**
 * Which nodes have changed, read from the change log once for all classes: by their pods or by themselves. What only
 * a change of labels or taints can touch is told apart from the rest.
 */
import { Change } from '../../cluster/change-log.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Node, StringMap, Taint } from '../../kube/types.ts';
import { NodeCopies } from './node-copies.ts';
import { RecentRows } from './recent-rows.ts';

/** Whoever is further behind takes in all nodes. */
const N_COPIES = 2 ** 14;

const NO_LABELS: StringMap = {};

export class NodeChanges {
  /** Nodes whose pods have changed, and those of `updated`, as they were right after: a ring. */
  readonly copies = new NodeCopies(N_COPIES);
  /** How many copies were ever made; those that are overwritten included. */
  nCopies = 0;
  /** Nodes that joined, and those of which anything but their pods has changed. */
  readonly updated = new RecentRows();
  /** Moves when nodes come or go or change their labels. */
  labelsVersion = 0;
  /** Moves when nodes change their taints. */
  taintsVersion = 0;
  readonly #cluster: Cluster;
  /** By row, as last seen. */
  #objects: (Node | undefined)[] = [];
  #taints: (readonly Taint[])[] = [];
  #cursor = -1;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  follow(): void {
    const { log, nodes } = this.#cluster;
    this.copies.follow(nodes);
    const cursor = this.#cursor;
    if (cursor === log.head) return;
    this.#cursor = log.head;
    if (cursor === -1 || !log.reaches(cursor)) {
      this.#seeAll();
      // At first nobody has taken in anything that could be outdated.
      if (cursor !== -1) this.#touchAll();
      return;
    }
    for (let i = cursor; i < log.head; i++) {
      const kind = log.kindAt(i);
      if (kind < Change.NodeUpdated) this.#copy(log.nodeAt(i));
      else if (kind !== Change.ObjectsChanged) this.#updated(log.nodeAt(i), kind === Change.NodeSetChanged);
    }
  }

  #seeAll(): void {
    const { objects, taints } = this.#cluster.nodes;
    this.nCopies += N_COPIES + 1;
    this.labelsVersion++;
    // Copied as a whole: looking into each of 100,000 objects takes a tenth of the first cycles.
    this.#objects = objects.slice();
    this.#taints = taints.slice();
  }

  #touchAll(): void {
    const { exists } = this.#cluster.nodes;
    for (let row = exists.nextSet(0); row !== -1; row = exists.nextSet(row + 1)) this.updated.touch(row);
  }

  #copy(row: number): void {
    this.copies.copy(this.nCopies++ % N_COPIES, row, this.#cluster.nodes);
  }

  #updated(row: number, isNew: boolean): void {
    const { objects, taints } = this.#cluster.nodes;
    this.#copy(row);
    this.updated.touch(row);
    const node = objects[row];
    if (isNew || !isSameMap(labelsOf(node), labelsOf(this.#objects[row]))) this.labelsVersion++;
    if (!isNew && !isSameList(taints[row]!, this.#taints[row]!)) this.taintsVersion++;
    this.#objects[row] = node;
    this.#taints[row] = taints[row]!;
  }
}

function labelsOf(node: Node | undefined): StringMap {
  return node?.metadata.labels ?? NO_LABELS;
}

function isSameMap(a: StringMap, b: StringMap): boolean {
  if (a === b) return true;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function isSameList(a: readonly Taint[], b: readonly Taint[]): boolean {
  return a === b || (a.length === b.length && a.every((taint, i) => isSameTaint(taint, b[i]!)));
}

function isSameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.value === b.value && a.effect === b.effect;
}
