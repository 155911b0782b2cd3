/**
 * What the states of plugins that judge nodes by their topology domains have in common, so that an index can keep
 * them from cycle to cycle and answer for domains instead of scanning nodes.
 *
 * A key is a position in a list of topology keys, which may grow; a domain is a number per key: that of the node's
 * label value, or the node's row where `isByNode`; -1 = the node lacks the key. A state depends on pods and nodes only,
 * never on which nodes are feasible. It is valid as long as its basis is the same object, no node comes or
 * goes, and nodes keep their labels (and taints, if it minds them); pods are told through `move`.
 */
import type { LabelColumn } from '../../cluster/label-columns.ts';
import type { Cycle, Plugin, PodMove } from '../framework/plugin.ts';

/** Which nodes may be judged differently after a move. */
export const Reach = {
  None: 0,
  /** Nodes that share the domain of some key with the node of the move. */
  Domains: 1,
  All: 2,
} as const;
export type Reach = (typeof Reach)[keyof typeof Reach];

export interface DomainState {
  readonly nKeys: number;
  isByNode(key: number): boolean;
  domainOf(key: number, node: number): number;
  /** Whose values' numbers the domains are, unless `isByNode`. */
  columnOf(key: number): LabelColumn;
  /** Whether `tally` can stand for the domain where no two nodes share one; always so where `isByNode`. */
  canTally(key: number): boolean;
  /** Whether nodes' taints matter. */
  readonly mindsTaints: boolean;
  /** Nodes whose domains have equal tallies get equal answers. -1 for domain -1 and for no other. */
  tally(key: number, domain: number): number;
  /**
   * A pod came to or left a node for good, as the change log says. A pod that starts terminating leaves with
   * `terminating` false and comes back with `terminating` true.
   */
  move(move: PodMove): Reach;
}

/** A node passes Filter if its domains pass for all keys. */
export interface DomainFilter extends DomainState {
  passes(key: number, domain: number): boolean;
}

/** A node's raw score is `rawOf` the sum of its domains' parts, added up in the order of keys. */
export interface DomainScore extends DomainState {
  part(key: number, domain: number): number;
  rawOf(sum: number): number;
  /** A node that ends with 0, and has no part in the minimum and the maximum. */
  isIgnored(node: number): boolean;
  /** True while the plugin skips: all nodes end with 0. */
  readonly isSilent: boolean;
  /** Takes in the feasible nodes, of which each of `nodes` stands for so many with the same domains or tallies. */
  weigh?(nodes: Int32Array, nNodes: Int32Array): void;
  /** 0..100 from a raw score and the extremes over feasible nodes that are not ignored. */
  normalized(raw: number, min: number, max: number): number;
}

export interface DomainPlugin<F extends DomainFilter, S extends DomainScore> extends Plugin<F, S> {
  /** What states of the cycle's class rest upon besides pods and nodes. Pods with a pinnedNode need states of their own. */
  basis(cycle: Cycle): object;
  /** Undefined = Filter skips, as long as the basis is the same and no pod class comes to be. */
  filterState(cycle: Cycle): F | undefined;
  /** Undefined = Score skips, as long as the basis is the same and no pod class comes to be. A SpreadScore has yet to be told its weights. */
  scoreState(cycle: Cycle): S | undefined;
}
