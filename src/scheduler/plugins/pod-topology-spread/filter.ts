/**
 * The Filter side: a domain passes if one more pod would leave it no further above the emptiest than the skew allows.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/podtopologyspread/filtering.go.
 */
import type { LabelColumn } from '../../../cluster/label-columns.ts';
import type { PodMove } from '../../framework/plugin.ts';
import type { DomainFilter, Reach } from '../domain-state.ts';
import type { SpreadCounts } from './counts.ts';

/** Keys are the hard constraints. */
export class SpreadFilter implements DomainFilter {
  readonly counts: SpreadCounts;
  readonly nKeys: number;

  constructor(counts: SpreadCounts) {
    this.counts = counts;
    this.nKeys = counts.constraints.length;
  }

  get mindsTaints(): boolean {
    return this.counts.mindsTaints;
  }

  isByNode(_key: number): boolean {
    return false;
  }

  domainOf(key: number, node: number): number {
    return this.counts.domains[key]!.domainOf(node);
  }

  columnOf(key: number): LabelColumn {
    return this.counts.constraints[key]!.column;
  }

  canTally(_key: number): boolean {
    return true;
  }

  tally(key: number, domain: number): number {
    return domain === -1 ? -1 : this.counts.domains[key]!.counts[domain]!;
  }

  passes(key: number, domain: number): boolean {
    if (domain === -1) return false;
    const { maxSkew, minDomains, selfMatch } = this.counts.constraints[key]!;
    const { counts, nDomains, min } = this.counts.domains[key]!;
    return counts[domain]! + selfMatch - (nDomains < minDomains ? 0 : min) <= maxSkew;
  }

  move(move: PodMove): Reach {
    return this.counts.move(move);
  }

  /** A pod counted in or out for a trial. */
  tryMove(move: PodMove): void {
    this.counts.tryMove(move);
  }
}
