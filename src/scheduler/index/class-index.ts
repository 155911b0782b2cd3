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
import type { LocalScores } from './local-scores.ts';
import type { Partition } from './partition.ts';
import type { Positions } from './positions.ts';
import type { SharedParts } from './shared-parts.ts';

const N_BUILDS_MAX = 4;
const BUILDS_PER_CYCLE = 1 / 8;

export class ClassIndex {
  readonly #cycle: Cycle;
  readonly #terms: ClassTerms;
  readonly #parts: SharedParts;
  readonly #states: DomainStates;
  #positions: Positions | undefined;
  #local!: LocalScores;
  #partition!: Partition;
  #structureVersion = -1;
  /** How often the index may be made anew for changed nodes: it is worth it only if it serves some cycles. */
  #nBuildsLeft = N_BUILDS_MAX;
  #nClasses = -1;
  /** Feasible nodes in the window by group. */
  #counts = new Int32Array(4);

  constructor(cycle: Cycle, terms: ClassTerms, parts: SharedParts) {
    this.#cycle = cycle;
    this.#terms = terms;
    this.#parts = parts;
    this.#states = new DomainStates(cycle, terms);
  }

  get tree(): GroupTree {
    return this.#partition.tree;
  }

  rowAt(position: number): number {
    return this.#positions!.rows[position]!;
  }

  positionOf(row: number): number {
    return this.#positions!.ofRow[row]!;
  }

  /** Whether pods on one node can make a difference to others' feasibility. */
  get filtersByDomains(): boolean {
    return this.#states.filters.length > 0;
  }

  /** Takes in what has happened since. Returns why the index cannot serve, or ''. */
  refresh(): string {
    const { log, classes } = this.#cycle.cluster;
    if (this.#positions?.nodesVersion !== log.nodesVersion) {
      if (this.#nBuildsLeft < 1) {
        this.#nBuildsLeft += BUILDS_PER_CYCLE;
        return 'nodes keep changing';
      }
      this.#nBuildsLeft--;
    } else if (this.#nBuildsLeft < N_BUILDS_MAX) this.#nBuildsLeft += BUILDS_PER_CYCLE;
    let mustDivide = false;
    if (this.#structureVersion !== log.structureVersion || this.#nClasses !== classes.all.length) {
      const positions = this.#parts.positions();
      const haveNodesChanged = positions !== this.#positions;
      this.#positions = positions;
      mustDivide = this.#states.renew(haveNodesChanged) || haveNodesChanged;
      this.#structureVersion = log.structureVersion;
      this.#nClasses = classes.all.length;
    } else mustDivide = this.#states.catchUp();
    if (mustDivide) {
      this.#local = this.#parts.local(this.#terms.local);
      this.#partition = this.#parts.partition(this.#terms.local, this.#states.divide(this.#positions!));
    }
    this.#partition.catchUp(log);
    return this.#local.static.obstacle || this.#partition.obstacle;
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
    const isRanked = rankedScores.length > 0 && this.#local.static.nRanks > 1;
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
