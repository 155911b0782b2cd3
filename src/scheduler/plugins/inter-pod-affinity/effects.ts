/**
 * What one pod of a class, wherever it runs, does to an incoming pod: worked out once per pair of classes. An effect
 * names topology keys by their position in `columns`, a list that only grows.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { LabelColumn } from '../../../cluster/label-columns.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import {
  type AffinityTerm,
  existingTermMatches,
  incomingTermMatches,
  NO_TERMS,
  type PodTerms,
} from './terms.ts';

export interface Effect {
  /** The pod matches all required affinity terms of the incoming pod. */
  readonly isWanted: boolean;
  /** Keys of the incoming pod's required anti-affinity terms that match the pod. */
  readonly avoided: readonly number[];
  /** Keys of the pod's required anti-affinity terms that match the incoming pod. */
  readonly avoiding: readonly number[];
  /** Keys and weights of terms that match in one direction or the other and count in the score. */
  readonly scoredKeys: readonly number[];
  readonly scoredWeights: readonly number[];
}

export class ClassEffects {
  /** The incoming pod's terms. */
  readonly terms: PodTerms;
  /** Keys of `terms.required`, by position in `columns`. */
  readonly requiredKeys: readonly number[];
  /** Whether the pod matches its own required affinity terms. */
  readonly matchesItself: boolean;
  readonly columns: LabelColumn[] = [];
  readonly #incoming: PodClass;
  readonly #cluster: Cluster;
  readonly #hardWeight: number;
  readonly #termsOf: (cls: PodClass) => PodTerms;
  /** By class id; null = no effect. */
  readonly #effects: (Effect | null)[] = [];
  readonly #namespacesVersion: number;
  #nFiltering = 0;
  #nScoring = 0;

  constructor(
    incoming: PodClass,
    cluster: Cluster,
    hardPodAffinityWeight: number,
    termsOf: (cls: PodClass) => PodTerms,
  ) {
    this.#incoming = incoming;
    this.#cluster = cluster;
    this.#hardWeight = hardPodAffinityWeight;
    this.#termsOf = termsOf;
    this.#namespacesVersion = cluster.objects.version('Namespace');
    this.terms = termsOf(incoming);
    this.requiredKeys = this.terms.required.map((term) => this.#keyOf(term));
    this.matchesItself = this.#isWanted(incoming);
  }

  /** False once namespaces have changed: selectors over their labels may match differently. */
  get isCurrent(): boolean {
    return this.#namespacesVersion === this.#cluster.objects.version('Namespace');
  }

  /** Whether pods of any class known so far could make a difference to Filter. */
  get hasFilterEffects(): boolean {
    this.#workOutAll();
    return this.#nFiltering > 0;
  }

  /** Whether pods of any class known so far could make a difference to Score. */
  get hasScoreEffects(): boolean {
    this.#workOutAll();
    return this.#nScoring > 0;
  }

  of(id: number): Effect | null {
    if (id >= this.#effects.length) this.#workOutAll();
    return this.#effects[id]!;
  }

  #workOutAll(): void {
    const { all } = this.#cluster.classes;
    for (let id = this.#effects.length; id < all.length; id++) this.#effects.push(this.#workOut(all[id]!));
  }

  #workOut(existing: PodClass): Effect | null {
    if (this.terms === NO_TERMS && !existing.spec.affinity) return null;
    const { objects } = this.#cluster;
    const theirs = this.#termsOf(existing);
    const matchedByUs = (term: AffinityTerm) => incomingTermMatches(term, existing, objects);
    const matchingUs = (term: AffinityTerm) => existingTermMatches(term, this.#incoming, objects);
    const keys = (terms: readonly AffinityTerm[]) => terms.map((term) => this.#keyOf(term));
    const isWanted = this.#isWanted(existing);
    const avoided = keys(this.terms.requiredAnti.filter(matchedByUs));
    const avoiding = keys(theirs.requiredAnti.filter(matchingUs));
    const hard = this.#hardWeight > 0 ? theirs.required.filter(matchingUs) : [];
    const preferred = [...this.terms.preferred.filter(matchedByUs), ...theirs.preferred.filter(matchingUs)];
    const scoredKeys = keys([...hard, ...preferred]);
    const scoredWeights = [...hard.map(() => this.#hardWeight), ...preferred.map(({ weight }) => weight)];
    const filters = isWanted || avoided.length > 0 || avoiding.length > 0;
    if (filters) this.#nFiltering++;
    if (scoredKeys.length > 0) this.#nScoring++;
    return filters || scoredKeys.length > 0
      ? { isWanted, avoided, avoiding, scoredKeys, scoredWeights }
      : null;
  }

  #isWanted(cls: PodClass): boolean {
    const { required } = this.terms;
    const { objects } = this.#cluster;
    return required.length > 0 && required.every((term) => incomingTermMatches(term, cls, objects));
  }

  #keyOf({ column }: AffinityTerm): number {
    const key = this.columns.indexOf(column);
    return key === -1 ? this.columns.push(column) - 1 : key;
  }
}
