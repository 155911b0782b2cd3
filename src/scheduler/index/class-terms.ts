/**
 * What the plugins of a profile say about pods of a class, sorted by how far a change can reach: terms of a node alone
 * are kept per node and shared by classes that ask the same, terms of domains are kept per class. A class of which
 * some plugin must be asked node by node in every cycle is left to the plain scan, with the reason.
 */
import type { PodClass } from '../../cluster/pod-class.ts';
import { type Cycle, MAX_NODE_SCORE, type Scope } from '../framework/plugin.ts';
import type { AnyPlugin, Profile } from '../framework/profile.ts';
import type { DomainFilter, DomainPlugin, DomainScore } from '../plugins/domain-state.ts';

export interface LocalFilter {
  readonly plugin: AnyPlugin;
  readonly state: unknown;
}

export interface LocalScore extends LocalFilter {
  readonly weight: number;
}

export type AnyDomainPlugin = DomainPlugin<DomainFilter, DomainScore>;

export interface DomainScorer {
  readonly plugin: AnyDomainPlugin;
  readonly weight: number;
}

/** The terms of single nodes. */
export interface LocalTerms {
  /** Equal for classes that get the same from all these terms. */
  readonly key: string;
  /** Equal for classes that get the same from the static ones. */
  readonly staticKey: string;
  readonly cycle: Cycle;
  /** No sum of static scores is higher. */
  readonly staticScoreMax: number;
  readonly staticFilters: readonly LocalFilter[];
  readonly nodeFilters: readonly LocalFilter[];
  /** 0..100 as they are. */
  readonly staticScores: readonly LocalScore[];
  /** Static, but for a basis that other nodes can move. */
  readonly swayedScores: readonly LocalScore[];
  readonly nodeScores: readonly LocalScore[];
  /** Static, and normalized by the values among the feasible nodes. */
  readonly rankedScores: readonly LocalScore[];
}

export interface ClassTerms {
  readonly local: LocalTerms;
  readonly domainFilters: readonly AnyDomainPlugin[];
  readonly domainScores: readonly DomainScorer[];
}

const NO_NODES = new Int32Array(0);

/** @returns why the class cannot be indexed, if it cannot */
export function classTerms(profile: Profile, cycle: Cycle): ClassTerms | string {
  const compiler = new Compiler(cycle);
  for (const plugin of profile.preFilter) compiler.prefilter(plugin);
  for (const plugin of profile.filter) compiler.filter(plugin);
  for (const plugin of profile.preScore) compiler.prescore(plugin);
  for (const { plugin, weight } of profile.score) compiler.score(plugin, weight);
  return compiler.result;
}

export function isDomainPlugin(plugin: AnyPlugin): plugin is AnyDomainPlugin {
  return 'filterState' in plugin;
}

class Compiler {
  readonly #cycle: Cycle;
  readonly #states = new Map<AnyPlugin, unknown>();
  readonly #skipped = new Set<AnyPlugin>();
  readonly #keys: string[] = [];
  readonly #staticKeys: string[] = [];
  readonly #domainFilters: AnyDomainPlugin[] = [];
  readonly #domainScores: DomainScorer[] = [];
  readonly #staticFilters: LocalFilter[] = [];
  readonly #nodeFilters: LocalFilter[] = [];
  readonly #staticScores: LocalScore[] = [];
  readonly #swayedScores: LocalScore[] = [];
  readonly #nodeScores: LocalScore[] = [];
  readonly #rankedScores: LocalScore[] = [];
  #staticScoreMax = 0;
  #obstacle = '';

  constructor(cycle: Cycle) {
    this.#cycle = cycle;
  }

  get result(): ClassTerms | string {
    if (this.#obstacle !== '') return this.#obstacle;
    const local: LocalTerms = {
      key: JSON.stringify(this.#keys),
      staticKey: JSON.stringify(this.#staticKeys),
      cycle: this.#cycle,
      staticScoreMax: this.#staticScoreMax,
      staticFilters: this.#staticFilters,
      nodeFilters: this.#nodeFilters,
      staticScores: this.#staticScores,
      swayedScores: this.#swayedScores,
      nodeScores: this.#nodeScores,
      rankedScores: this.#rankedScores,
    };
    return { local, domainFilters: this.#domainFilters, domainScores: this.#domainScores };
  }

  prefilter(plugin: AnyPlugin): void {
    if (isDomainPlugin(plugin)) return;
    if (scopeOf(plugin, plugin.filterScope, this.#cycle.cls) === 'cluster') {
      if (plugin.filter) this.#refuse(plugin.name);
      else this.#refuse(`${plugin.name} decides in PreFilter`);
      return;
    }
    const prepared = plugin.preFilter!(this.#cycle);
    if ('status' in prepared) this.#refuse(`${plugin.name} rejects the pod in PreFilter`);
    else if (prepared.nodeNames) this.#refuse(`${plugin.name} names nodes`);
    else if ('skip' in prepared) this.#skipped.add(plugin);
    else this.#states.set(plugin, prepared.state);
  }

  filter(plugin: AnyPlugin): void {
    if (isDomainPlugin(plugin)) {
      this.#domainFilters.push(plugin);
      return;
    }
    const scope = scopeOf(plugin, plugin.filterScope, this.#cycle.cls);
    this.#addKey(plugin, scope);
    if (this.#skipped.has(plugin)) return;
    const filters = scope === 'static' ? this.#staticFilters : this.#nodeFilters;
    if (scope === 'cluster') this.#refuse(plugin.name);
    else filters.push({ plugin, state: this.#states.get(plugin) });
  }

  prescore(plugin: AnyPlugin): void {
    this.#states.delete(plugin);
    this.#skipped.delete(plugin);
    if (isDomainPlugin(plugin)) return;
    if (scopeOf(plugin, plugin.scoreScope, this.#cycle.cls) === 'cluster') {
      this.#refuse(plugin.name);
      return;
    }
    const prepared = plugin.preScore!(this.#cycle, NO_NODES);
    if ('status' in prepared) this.#refuse(`${plugin.name} fails in PreScore`);
    else if ('skip' in prepared) this.#skipped.add(plugin);
    else this.#states.set(plugin, prepared.state);
  }

  score(plugin: AnyPlugin, weight: number): void {
    if (isDomainPlugin(plugin)) {
      this.#domainScores.push({ plugin, weight });
      return;
    }
    const scope = scopeOf(plugin, plugin.scoreScope, this.#cycle.cls);
    this.#addKey(plugin, scope);
    if (this.#skipped.has(plugin) && plugin.preScore) return;
    const term = { plugin, weight, state: plugin.preScore && this.#states.get(plugin) };
    if (scope === 'cluster') this.#refuse(plugin.name);
    else if (!plugin.normalize) this.#addScore(term, scope);
    else if (plugin.normalizesByValue && scope === 'static') this.#rankedScores.push(term);
    else this.#refuse(`${plugin.name} normalizes in its own way`);
  }

  #addScore(term: LocalScore, scope: Scope): void {
    if (scope === 'node') {
      this.#nodeScores.push(term);
      return;
    }
    this.#staticScoreMax += term.weight * MAX_NODE_SCORE;
    (term.plugin.staticBasis ? this.#swayedScores : this.#staticScores).push(term);
  }

  #addKey(plugin: AnyPlugin, scope: Scope): void {
    const key = plugin.classKey?.(this.#cycle.cls) ?? `class ${this.#cycle.cls.id}`;
    this.#keys.push(key);
    if (scope === 'static') this.#staticKeys.push(key);
  }

  #refuse(reason: string): void {
    this.#obstacle ||= reason;
  }
}

/** A plugin that does not say how far its answers reach may look at anything. */
function scopeOf(plugin: AnyPlugin, scope: Scope | undefined, cls: PodClass): Scope {
  return plugin.scopeOf?.(cls) ?? scope ?? 'cluster';
}
