/** The states of the plugins that judge a class's pods by topology domains, kept current through the change log. */
import { Change } from '../../cluster/change-log.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { LabelColumn } from '../../cluster/label-columns.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import type { Cycle, PodMove } from '../framework/plugin.ts';
import type { DomainFilter, DomainScore, DomainState } from '../plugins/domain-state.ts';
import type { AnyDomainPlugin, ClassTerms } from './class-terms.ts';
import type { NodeChanges } from './node-changes.ts';
import type { Division, StateKey } from './partition.ts';
import type { SharedParts } from './shared-parts.ts';

/** One plugin's state on one side. A state without keys says nothing about any node and is not kept current. */
class Slot<S extends DomainState> {
  readonly plugin: AnyDomainPlugin;
  readonly weight: number;
  readonly #open: (cycle: Cycle) => S | undefined;
  #basis: object | undefined;
  state: S | undefined;
  /** Keys by which the nodes are divided. */
  nDivided = 0;

  constructor(plugin: AnyDomainPlugin, weight: number, open: (cycle: Cycle) => S | undefined) {
    this.plugin = plugin;
    this.weight = weight;
    this.#open = open;
  }

  /** True if the state is another one now. */
  renew(cycle: Cycle, isStale: boolean): boolean {
    const basis = this.plugin.basis(cycle);
    if (!isStale && basis === this.#basis && this.state) return false;
    const had = this.state;
    this.#basis = basis;
    const opened = this.#open(cycle);
    this.state = opened && opened.nKeys > 0 ? opened : undefined;
    return this.state !== had;
  }
}

/** A pod that came or went for good, as states are told; one object serves all. */
class Move implements PodMove {
  cls!: PodClass;
  terminating = false;
  node = -1;
  sign: 1 | -1 = 1;
  readonly row = -1;
}

const move = new Move();

export class DomainStates {
  readonly #cycle: Cycle;
  readonly #filters: readonly Slot<DomainFilter>[];
  readonly #scores: readonly Slot<DomainScore>[];
  readonly #slots: readonly Slot<DomainState>[];
  /** The states that have something to say. */
  filters: DomainFilter[] = [];
  scores: { readonly plugin: AnyDomainPlugin; readonly weight: number; readonly state: DomainScore }[] = [];
  #live: Slot<DomainState>[] = [];
  /** Entries of the log before this one are taken in. */
  #cursor = 0;
  #labelsVersion = -1;
  #taintsVersion = -1;

  constructor(cycle: Cycle, { domainFilters, domainScores }: ClassTerms) {
    this.#cycle = cycle;
    this.#filters = domainFilters.map((plugin) => new Slot(plugin, 0, (at) => plugin.filterState(at)));
    this.#scores = domainScores.map(
      ({ plugin, weight }) => new Slot<DomainScore>(plugin, weight, (at) => plugin.scoreState(at)),
    );
    this.#slots = [...this.#filters, ...this.#scores];
  }

  /** Whether states must be made anew because of what has happened to nodes, or too much to pods. */
  areOutdated({ labelsVersion, taintsVersion }: NodeChanges): boolean {
    if (this.#live.length === 0) return false;
    if (this.#labelsVersion !== labelsVersion || !this.#cycle.cluster.log.reaches(this.#cursor)) return true;
    return this.#taintsVersion !== taintsVersion && this.#live.some(({ state }) => state!.mindsTaints);
  }

  /** After changes other than of pods, or new classes. True if nodes may have to be divided anew. */
  renew(changes: NodeChanges): boolean {
    const { cluster } = this.#cycle;
    const isStale = this.areOutdated(changes);
    if (!isStale && this.#live.length > 0) this.#tell(cluster);
    this.#cursor = cluster.log.head;
    this.#labelsVersion = changes.labelsVersion;
    this.#taintsVersion = changes.taintsVersion;
    let isNew = false;
    for (const slot of this.#slots) if (slot.renew(this.#cycle, isStale)) isNew = true;
    this.#live = this.#slots.filter(({ state }) => state !== undefined);
    this.filters = this.#filters.flatMap(({ state }) => state ?? []);
    this.scores = this.#scores.flatMap(({ plugin, weight, state }) =>
      state ? { plugin, weight, state } : [],
    );
    return isNew || this.#haveKeysGrown();
  }

  /** Takes in what has happened to pods since; states must not be outdated. True if nodes must be divided anew. */
  catchUp(): boolean {
    const { cluster } = this.#cycle;
    if (this.#live.length > 0) this.#tell(cluster);
    this.#cursor = cluster.log.head;
    return this.#haveKeysGrown();
  }

  /** By which keys nodes are told apart now. */
  divide(parts: SharedParts): Division {
    const columns: LabelColumn[] = [];
    const tallies: StateKey[] = [];
    for (const slot of this.#live) {
      const state = slot.state!;
      slot.nDivided = state.nKeys;
      for (let key = 0; key < state.nKeys; key++) {
        const column = state.columnOf(key);
        if (state.isByNode(key) || (state.canTally(key) && parts.isUnique(column))) {
          tallies.push({ state, key });
        } else if (!columns.includes(column)) columns.push(column);
      }
    }
    return { columns, tallies };
  }

  #haveKeysGrown(): boolean {
    for (let i = 0; i < this.#live.length; i++) {
      if (this.#live[i]!.state!.nKeys !== this.#live[i]!.nDivided) return true;
    }
    return false;
  }

  #tell({ log, classes }: Cluster): void {
    for (let i = this.#cursor; i < log.head; i++) {
      const kind = log.kindAt(i);
      if (kind > Change.TerminatingPodAdded) continue;
      move.cls = classes.all[log.classAt(i)]!;
      move.node = log.nodeAt(i);
      const isTerminating = kind >= Change.TerminatingPodRemoved;
      const isComing = kind === Change.PodAdded || kind === Change.TerminatingPodAdded;
      this.#tellOne(isTerminating, isComing ? 1 : -1);
      if (kind === Change.PodTerminating) this.#tellOne(true, 1);
    }
  }

  #tellOne(terminating: boolean, sign: 1 | -1): void {
    move.terminating = terminating;
    move.sign = sign;
    for (let i = 0; i < this.#live.length; i++) this.#live[i]!.state!.move(move);
  }
}
