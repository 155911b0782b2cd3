/**
 * The score side: the pods counted per domain, and the weights, which alone depend on the feasible nodes.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/podtopologyspread/scoring.go.
 */
import { MAX_NODE_SCORE } from '../../framework/plugin.ts';
import type { SpreadCounts } from './counts.ts';

/** What a constraint's count is multiplied by; `size` = its domains with a feasible node, by host the feasible nodes. */
export function domainWeight(size: number): number {
  return Math.log(size + 2);
}

export class SpreadScore {
  readonly counts: SpreadCounts;
  /** Nodes without all keys are not scored. */
  readonly needsAllKeys: boolean;
  /** Parallel to the constraints. */
  readonly weights: Float64Array;

  constructor(counts: SpreadCounts, needsAllKeys: boolean) {
    this.counts = counts;
    this.needsAllKeys = needsAllKeys;
    this.weights = new Float64Array(counts.constraints.length);
  }

  /** True for nodes that end with 0, whatever the others have. */
  isIgnored(node: number): boolean {
    return this.needsAllKeys && !this.counts.hasKeys(node);
  }

  /** Sets the weights from the feasible nodes. */
  weigh(feasible: Int32Array): void {
    const { domains } = this.counts;
    for (let i = 0; i < domains.length; i++) {
      const counted = domains[i]!;
      const seen = new Uint8Array(counted.counts.length);
      let size = 0;
      for (let k = 0; k < feasible.length; k++) {
        const node = feasible[k]!;
        if (this.isIgnored(node)) continue;
        const domain = counted.domainOf(node);
        if (seen[domain]) continue;
        seen[domain] = 1;
        size++;
      }
      this.weights[i] = domainWeight(size);
    }
  }

  /**
   * A node's score before normalization: a function of its domains' counts (its own count by host) and the weights.
   * The order of summation is that of the constraints, and rounding comes once, at the end.
   */
  raw(node: number): number {
    if (this.isIgnored(node)) return 0;
    const { constraints, domains } = this.counts;
    let sum = 0;
    for (let i = 0; i < constraints.length; i++) {
      const { column, maxSkew } = constraints[i]!;
      if (column.data[node] === -1) continue;
      const counted = domains[i]!;
      sum += counted.counts[counted.domainOf(node)]! * this.weights[i]! + (maxSkew - 1);
    }
    return Math.round(sum);
  }
}

/** Fewer matching pods are better: the lowest raw score gets 100. */
export function normalizeSpread(raw: number, min: number, max: number): number {
  return max === 0 ? MAX_NODE_SCORE : Math.trunc((MAX_NODE_SCORE * (max + min - raw)) / max);
}
