/**
 * The pods that matter to an incoming pod, summed by topology pair: one state for Filter, one for Score. Built by one
 * pass over all pods (infeasible nodes' too), then kept current pod by pod. Terminating pods count like others.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/interpodaffinity/filtering.go and scoring.go.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PodMove } from '../../framework/plugin.ts';
import type { ClassEffects, Effect } from './effects.ts';
import { PairCounts } from './pair-counts.ts';

export class AffinityFilterState {
  readonly effects: ClassEffects;
  /** Pods that match all required affinity terms, counted once per term. */
  readonly wanted: PairCounts;
  /** Matches of required anti-affinity terms of the incoming pod, and of existing pods. */
  readonly avoided: PairCounts;
  readonly avoiding: PairCounts;

  constructor(effects: ClassEffects, cluster: Cluster) {
    this.effects = effects;
    this.wanted = new PairCounts(effects.columns);
    this.avoided = new PairCounts(effects.columns);
    this.avoiding = new PairCounts(effects.columns);
    if (effects.hasFilterEffects)
      forEachEffect(effects, cluster, (effect, node) => this.#count(effect, node, 1));
  }

  move({ cls, node, sign }: PodMove): void {
    const effect = this.effects.of(cls.id);
    if (effect) this.#count(effect, node, sign);
  }

  /** False where some required term has no match in the node's domain, unless nothing matches and the pod is the first. */
  satisfiesAffinity(node: number): boolean {
    const { requiredKeys, matchesItself } = this.effects;
    let isMatched = true;
    for (let i = 0; i < requiredKeys.length; i++) {
      const count = this.wanted.at(requiredKeys[i]!, node);
      if (count === undefined) return false;
      if (count <= 0) isMatched = false;
    }
    return isMatched || (matchesItself && this.wanted.total === 0);
  }

  #count({ isWanted, avoided, avoiding }: Effect, node: number, sign: 1 | -1): void {
    const { requiredKeys } = this.effects;
    if (isWanted)
      for (let i = 0; i < requiredKeys.length; i++) this.wanted.move(requiredKeys[i]!, node, 1, sign);
    for (let i = 0; i < avoided.length; i++) this.avoided.move(avoided[i]!, node, 1, sign);
    for (let i = 0; i < avoiding.length; i++) this.avoiding.move(avoiding[i]!, node, 1, sign);
  }
}

/** Whether any of the node's pairs has a match. */
export function isHit(pairs: PairCounts, node: number): boolean {
  if (pairs.total === 0) return false;
  for (let key = 0; key < pairs.counts.length; key++) if (pairs.at(key, node)! > 0) return true;
  return false;
}

export class AffinityScoreState {
  readonly effects: ClassEffects;
  /** Sums of weights. */
  readonly weights: PairCounts;

  constructor(effects: ClassEffects, cluster: Cluster) {
    this.effects = effects;
    this.weights = new PairCounts(effects.columns);
    if (effects.hasScoreEffects)
      forEachEffect(effects, cluster, (effect, node) => this.#count(effect, node, 1));
  }

  move({ cls, node, sign }: PodMove): void {
    const effect = this.effects.of(cls.id);
    if (effect) this.#count(effect, node, sign);
  }

  /** True while no term of anyone has met a pair: the plugin then says nothing. Weights that cancel out are a say. */
  get isSilent(): boolean {
    return this.weights.nTouches === 0;
  }

  /** A node's score before normalization: the sum over its pairs; may be negative. */
  raw(node: number): number {
    const { weights } = this;
    let sum = 0;
    for (let key = 0; key < weights.counts.length; key++) sum += weights.at(key, node) ?? 0;
    return sum;
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
  const { nodes, pods } = cluster;
  for (let node = nodes.exists.nextSet(0); node !== -1; node = nodes.exists.nextSet(node + 1)) {
    for (let pod = nodes.firstPod[node]!; pod !== -1; pod = pods.next[pod]!) {
      const effect = effects.of(pods.cls[pod]!);
      if (effect) visit(effect, node);
    }
  }
}
