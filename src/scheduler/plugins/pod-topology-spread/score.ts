/**
 * The score side: the pods counted per domain, and the weights, which alone depend on the feasible nodes.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/podtopologyspread/scoring.go.
 */
import type { LabelColumn } from '../../../cluster/label-columns.ts';
import { MAX_NODE_SCORE, type PodMove } from '../../framework/plugin.ts';
import type { DomainScore, Reach } from '../domain-state.ts';
import type { SpreadCounts } from './counts.ts';

/** What a count is multiplied by. */
function domainWeight(size: number): number {
  return Math.log(size + 2);
}

export class SpreadScore implements DomainScore {
  readonly counts: SpreadCounts;
  /** Nodes without all keys are not scored. */
  readonly needsAllKeys: boolean;
  /** Parallel to the constraints, which are the keys. */
  readonly weights: Float64Array;
  readonly isSilent = false;

  constructor(counts: SpreadCounts, needsAllKeys: boolean) {
    this.counts = counts;
    this.needsAllKeys = needsAllKeys;
    this.weights = new Float64Array(counts.constraints.length);
  }

  get nKeys(): number {
    return this.weights.length;
  }

  get mindsTaints(): boolean {
    return this.counts.mindsTaints;
  }

  isByNode(key: number): boolean {
    return this.counts.domains[key]!.isByNode;
  }

  domainOf(key: number, node: number): number {
    if (this.counts.constraints[key]!.column.data[node] === -1) return -1;
    return this.counts.domains[key]!.domainOf(node);
  }

  columnOf(key: number): LabelColumn {
    return this.counts.constraints[key]!.column;
  }

  /** By other keys, domains themselves are counted for the weight. */
  canTally(key: number): boolean {
    return this.isByNode(key);
  }

  tally(key: number, domain: number): number {
    return domain === -1 ? -1 : this.counts.domains[key]!.counts[domain]!;
  }

  isIgnored(node: number): boolean {
    return this.needsAllKeys && !this.counts.hasKeys(node);
  }

  /** Sets the weights from the feasible nodes; with `nNodes`, each stands for so many. */
  weigh(feasible: Int32Array, nNodes?: Int32Array): void {
    for (let key = 0; key < this.nKeys; key++) {
      const counted = this.counts.domains[key]!;
      const seen = new Uint8Array(counted.counts.length);
      let size = 0;
      for (let i = 0; i < feasible.length; i++) {
        const node = feasible[i]!;
        if (this.isIgnored(node)) continue;
        if (nNodes && counted.isByNode) {
          size += nNodes[i]!;
          continue;
        }
        const domain = counted.domainOf(node);
        if (seen[domain]) continue;
        seen[domain] = 1;
        size++;
      }
      this.setSize(key, size);
    }
  }

  /**
   * Sets a key's weight: by node from the number of feasible nodes that are not ignored, else from the number of
   * domains that hold one, where nodes without the key (if any are scored) are in the domain of the value ''.
   */
  setSize(key: number, size: number): void {
    this.weights[key] = domainWeight(size);
  }

  part(key: number, domain: number): number {
    if (domain === -1) return 0;
    const { maxSkew } = this.counts.constraints[key]!;
    return this.counts.domains[key]!.counts[domain]! * this.weights[key]! + (maxSkew - 1);
  }

  /** Rounding comes once, after the parts are summed. */
  rawOf(sum: number): number {
    return Math.round(sum);
  }

  /** A node's score before normalization. */
  raw(node: number): number {
    if (this.isIgnored(node)) return 0;
    let sum = 0;
    for (let key = 0; key < this.weights.length; key++) sum += this.part(key, this.domainOf(key, node));
    return this.rawOf(sum);
  }

  /** Fewer matching pods are better: the lowest raw score gets 100. */
  normalized(raw: number, min: number, max: number): number {
    return max === 0 ? MAX_NODE_SCORE : Math.trunc((MAX_NODE_SCORE * (max + min - raw)) / max);
  }

  move(move: PodMove): Reach {
    return this.counts.move(move);
  }
}
