/**
 * The pods that matter to an incoming pod, summed by topology pair: one state for Filter, one for Score. Built by one
 * pass over all pods (infeasible nodes' too), then kept current pod by pod. Terminating pods count like others.
 * Keys are positions in the effects' columns; a domain is the number of a label value.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/interpodaffinity/filtering.go and scoring.go.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { LabelColumn } from '../../../cluster/label-columns.ts';
import { MAX_NODE_SCORE, type PodMove } from '../../framework/plugin.ts';
import { type DomainFilter, type DomainScore, Reach } from '../domain-state.ts';
import type { ClassEffects, Effect } from './effects.ts';
import { PairCounts } from './pair-counts.ts';

class AffinityState {
  readonly mindsTaints = false;
  readonly effects: ClassEffects;

  constructor(effects: ClassEffects) {
    this.effects = effects;
  }

  get nKeys(): number {
    return this.effects.columns.length;
  }

  isByNode(_key: number): boolean {
    return false;
  }

  domainOf(key: number, node: number): number {
    return this.effects.columns[key]!.data[node]!;
  }

  columnOf(key: number): LabelColumn {
    return this.effects.columns[key]!;
  }

  canTally(_key: number): boolean {
    return true;
  }
}

export class AffinityFilterState extends AffinityState implements DomainFilter {
  /** Pods that match all required affinity terms, counted once per term. */
  readonly wanted: PairCounts;
  /** Matches of required anti-affinity terms of the incoming pod, and of existing pods. */
  readonly avoided: PairCounts;
  readonly avoiding: PairCounts;

  constructor(effects: ClassEffects, cluster: Cluster) {
    super(effects);
    this.wanted = new PairCounts(effects.columns);
    this.avoided = new PairCounts(effects.columns);
    this.avoiding = new PairCounts(effects.columns);
    if (effects.hasFilterEffects)
      forEachEffect(effects, cluster, (effect, node) => this.#count(effect, node, 1));
  }

  /** True if the pod has no required terms and nobody keeps it off any domain: Filter then skips. */
  get isSilent(): boolean {
    const { required, requiredAnti } = this.effects.terms;
    return required.length === 0 && requiredAnti.length === 0 && this.avoiding.total === 0;
  }

  /** The first of a group that matches its own terms may go wherever the keys are. */
  get isFirst(): boolean {
    return this.effects.matchesItself && this.wanted.total === 0;
  }

  move({ cls, node, sign }: PodMove): Reach {
    const effect = this.effects.of(cls.id);
    if (!effect) return Reach.None;
    const wasFirst = this.isFirst;
    this.#count(effect, node, sign);
    return this.isFirst === wasFirst ? Reach.Domains : Reach.All;
  }

  /** Only whether there are matches matters. */
  tally(key: number, domain: number): number {
    if (domain === -1) return -1;
    const isWanted = this.wanted.of(key, domain) > 0 ? 1 : 0;
    const isAvoided = this.avoided.of(key, domain) > 0 ? 2 : 0;
    return isWanted + isAvoided + (this.avoiding.of(key, domain) > 0 ? 4 : 0);
  }

  passes(key: number, domain: number): boolean {
    if (domain === -1) return !this.effects.requiredKeys.includes(key);
    if (this.avoided.of(key, domain) > 0 || this.avoiding.of(key, domain) > 0) return false;
    return !this.effects.requiredKeys.includes(key) || this.isFirst || this.wanted.of(key, domain) > 0;
  }

  /** Whether each required affinity term has a match in the node's domain. */
  satisfiesAffinity(node: number): boolean {
    const { requiredKeys } = this.effects;
    for (let i = 0; i < requiredKeys.length; i++) {
      const domain = this.domainOf(requiredKeys[i]!, node);
      if (domain === -1 || !(this.isFirst || this.wanted.of(requiredKeys[i]!, domain) > 0)) return false;
    }
    return true;
  }

  #count({ isWanted, avoided, avoiding }: Effect, node: number, sign: 1 | -1): void {
    const { requiredKeys } = this.effects;
    if (isWanted)
      for (let i = 0; i < requiredKeys.length; i++) this.wanted.move(requiredKeys[i]!, node, 1, sign);
    for (let i = 0; i < avoided.length; i++) this.avoided.move(avoided[i]!, node, 1, sign);
    for (let i = 0; i < avoiding.length; i++) this.avoiding.move(avoiding[i]!, node, 1, sign);
  }
}

export class AffinityScoreState extends AffinityState implements DomainScore {
  /** Sums of weights. */
  readonly weights: PairCounts;

  constructor(effects: ClassEffects, cluster: Cluster) {
    super(effects);
    this.weights = new PairCounts(effects.columns);
    if (effects.hasScoreEffects)
      forEachEffect(effects, cluster, (effect, node) => this.#count(effect, node, 1));
  }

  move({ cls, node, sign }: PodMove): Reach {
    const effect = this.effects.of(cls.id);
    if (!effect || effect.scoredKeys.length === 0) return Reach.None;
    this.#count(effect, node, sign);
    return Reach.Domains;
  }

  /** True while no term of anyone has met a pair. Weights that cancel out are a say. */
  get isSilent(): boolean {
    return this.weights.nTouches === 0;
  }

  isIgnored(_node: number): boolean {
    return false;
  }

  /** Sums may be -1 like the missing key; even numbers keep them apart. */
  tally(key: number, domain: number): number {
    return domain === -1 ? -1 : 2 * this.weights.of(key, domain);
  }

  part(key: number, domain: number): number {
    return domain === -1 ? 0 : this.weights.of(key, domain);
  }

  rawOf(sum: number): number {
    return sum;
  }

  /** A node's score before normalization; may be negative. */
  raw(node: number): number {
    let sum = 0;
    for (let key = 0; key < this.weights.counts.length; key++)
      sum += this.part(key, this.domainOf(key, node));
    return sum;
  }

  /** Stretches the range of raw scores to 0..100; all equal gives 0. */
  normalized(raw: number, min: number, max: number): number {
    return max > min ? Math.trunc(MAX_NODE_SCORE * ((raw - min) / (max - min))) : 0;
  }

  #count({ scoredKeys, scoredWeights }: Effect, node: number, sign: 1 | -1): void {
    for (let i = 0; i < scoredKeys.length; i++)
      this.weights.move(scoredKeys[i]!, node, scoredWeights[i]!, sign);
  }
}

function forEachEffect(
  effects: ClassEffects,
  cluster: Cluster,
  visit: (effect: Effect, node: number) => void,
): void {
  const { pods, classes } = cluster;
  for (let id = 0; id < classes.all.length; id++) {
    const effect = effects.of(id);
    if (!effect) continue;
    for (let pod = pods.firstOfClass(id); pod !== -1; pod = pods.nextOfClass[pod]!)
      visit(effect, pods.node[pod]!);
  }
}
