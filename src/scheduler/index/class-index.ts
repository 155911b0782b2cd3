/**
 * The index for pods of one class: the states of the plugins that judge by domains over a partition of the nodes. All
 * nodes of a group are judged by asking one of them.
 */
import { type Cycle, MAX_NODE_SCORE } from '../framework/plugin.ts';
import type { AnyPlugin } from '../framework/profile.ts';
import { type Choice, CLOSED } from './choice.ts';
import type { ClassTerms } from './class-terms.ts';
import { DomainStates } from './domain-states.ts';
import type { GroupTree } from './group-tree.ts';
import type { Partition } from './partition.ts';
import type { SharedParts } from './shared-parts.ts';

const N_RENEWALS_MAX = 4;
const RENEWALS_PER_CYCLE = 1 / 8;

export class ClassIndex {
  readonly #cycle: Cycle;
  readonly #terms: ClassTerms;
  readonly #parts: SharedParts;
  readonly #states: DomainStates;
  #partition: Partition | undefined;
  #structureVersion = -1;
  #nClasses = -1;
  /** How often states may be made anew for changed nodes: it is worth it only if they serve some cycles. */
  #nRenewalsLeft = N_RENEWALS_MAX;
  /** Feasible nodes in the window by group. */
  #counts = new Int32Array(4);

  constructor(cycle: Cycle, terms: ClassTerms, parts: SharedParts) {
    this.#cycle = cycle;
    this.#terms = terms;
    this.#parts = parts;
    this.#states = new DomainStates(cycle, terms);
  }

  get tree(): GroupTree {
    return this.#partition!.tree;
  }

  /** Given up to make room. */
  get isDropped(): boolean {
    return this.#partition?.isDropped ?? false;
  }

  rowAt(position: number): number {
    return this.#parts.positions.rows[position]!;
  }

  positionOf(row: number): number {
    return this.#parts.positions.ofRow[row]!;
  }

  /** Whether pods on one node can make a difference to others' feasibility. */
  get filtersByDomains(): boolean {
    return this.#states.filters.length > 0;
  }

  /** Takes in what has happened since. Returns why the index cannot serve, or ''. */
  refresh(): string {
    const parts = this.#parts;
    parts.follow();
    const areOutdated = this.#states.areOutdated(parts.changes);
    if (areOutdated && this.#nRenewalsLeft < 1) {
      this.#nRenewalsLeft += RENEWALS_PER_CYCLE;
      return 'nodes keep changing';
    }
    if (areOutdated) this.#nRenewalsLeft--;
    else if (this.#nRenewalsLeft < N_RENEWALS_MAX) this.#nRenewalsLeft += RENEWALS_PER_CYCLE;
    if (this.#haveStatesChanged(areOutdated) || !this.#partition) {
      this.#partition = parts.partition(this.#terms.local, this.#states.divide(parts));
    }
    const partition = this.#partition;
    partition.lastUsedAt = parts.nCycles;
    partition.catchUp(parts.positions);
    return partition.obstacle;
  }

  /** True if nodes may have to be divided anew. */
  #haveStatesChanged(areOutdated: boolean): boolean {
    const { log, classes } = this.#cycle.cluster;
    const hasStructureChanged = this.#structureVersion !== log.structureVersion;
    if (!areOutdated && !hasStructureChanged && this.#nClasses === classes.all.length)
      return this.#states.catchUp();
    this.#structureVersion = log.structureVersion;
    this.#nClasses = classes.all.length;
    return this.#states.renew(this.#parts.changes);
  }

  /** Sets the offsets of the groups that fail as a whole to CLOSED, all others to 0; returns how many nodes are feasible. */
  close({ offsets }: Choice): number {
    const { tree } = this;
    if (this.#states.filters.length === 0) {
      offsets.fill(0, 0, tree.nGroups);
      return tree.nFeasible;
    }
    let nFeasible = 0;
    for (let group = 0; group < tree.nGroups; group++) {
      offsets[group] = CLOSED;
      if (tree.counts[group] === 0 || !this.#passes(this.rowAt(tree.memberOf(group)))) continue;
      offsets[group] = 0;
      nFeasible += tree.counts[group]!;
    }
    return nFeasible;
  }

  /**
   * Sets the offsets of open groups to their weighted scores within a window of so many positions.
   * @returns false if a plugin gave a score that is out of range
   */
  weigh(choice: Choice, length: number): boolean {
    const { rankedScores } = this.#terms.local;
    const { scores } = this.#states;
    const isRanked = rankedScores.length > 0 && this.#partition!.nRanks > 1;
    if (!isRanked && scores.every(({ state }) => state.isSilent)) return true;
    const counts = this.#countOpen(choice, length);
    const { tree } = this;
    const groups: number[] = [];
    for (let group = 0; group < tree.nGroups; group++) if (counts[group]! > 0) groups.push(group);
    if (groups.length === 1) return true;
    const nodes = Int32Array.from(groups, (group) => this.rowAt(tree.memberOf(group)));
    const totals = new Float64Array(groups.length);
    let isInRange = true;
    for (const { plugin, state, weight } of rankedScores) {
      isInRange &&= this.#add(totals, plugin, state, weight, nodes);
    }
    for (const { plugin, state, weight } of scores) {
      if (state.isSilent) continue;
      state.weigh?.(
        nodes,
        Int32Array.from(groups, (group) => counts[group]!),
      );
      isInRange &&= this.#add(totals, plugin, state, weight, nodes);
    }
    for (let i = 0; i < groups.length; i++) choice.offsets[groups[i]!] = totals[i]!;
    return isInRange;
  }

  #add(totals: Float64Array, plugin: AnyPlugin, state: unknown, weight: number, nodes: Int32Array): boolean {
    const scores = new Float64Array(nodes.length);
    for (let i = 0; i < nodes.length; i++) scores[i] = plugin.score!(state, nodes[i]!, this.#cycle);
    plugin.normalize!(state, scores, nodes, this.#cycle);
    for (let i = 0; i < nodes.length; i++) {
      const score = scores[i]!;
      if (!(score >= 0 && score <= MAX_NODE_SCORE && Number.isInteger(score))) return false;
      totals[i]! += score * weight;
    }
    return true;
  }

  #countOpen(choice: Choice, length: number): Int32Array {
    const { nGroups, size, counts: all } = this.tree;
    if (this.#counts.length < nGroups) this.#counts = new Int32Array(nGroups * 2);
    const counts = this.#counts;
    counts.fill(0, 0, nGroups);
    if (length < size) choice.countGroups(length, counts);
    for (let group = 0; group < nGroups; group++) {
      if (choice.offsets[group] === CLOSED) counts[group] = 0;
      else if (length === size) counts[group] = all[group]!;
    }
    return counts;
  }

  #passes(node: number): boolean {
    const { filters } = this.#states;
    for (let i = 0; i < filters.length; i++) {
      const state = filters[i]!;
      for (let key = 0; key < state.nKeys; key++) {
        if (!state.passes(key, state.domainOf(key, node))) return false;
      }
    }
    return true;
  }
}
