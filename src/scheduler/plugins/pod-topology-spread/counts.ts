/**
 * How many pods each topology domain holds, per constraint of an incoming pod's class. Built by one pass over the
 * pods it counts, then kept current pod by pod: nothing in here depends on which nodes are feasible.
 *
 * A domain is the number of the node's label value in the key's column. In scoring, the key hostname makes every
 * node a domain of its own (numbered by its row) without any regard to policies.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import { PodFlag } from '../../../cluster/pod-table.ts';
import type { PodMove } from '../../framework/plugin.ts';
import { Reach } from '../domain-state.ts';
import { HOSTNAME_KEY, type SpreadConstraint } from './constraints.ts';
import { DomainCounts } from './domain-counts.ts';

export interface CountOptions {
  /** Only nodes with every constraint's key have a part. Otherwise a missing key is a domain, that of the value ''. */
  readonly needsAllKeys: boolean;
  /** Domains without pods count too, as Filter asks for the emptiest. Else the key hostname counts node by node. */
  readonly findsMinima: boolean;
  /** The one node the pod's affinity allows, as PodInfo has it. */
  readonly pinnedNode: string | undefined;
}

export class SpreadCounts {
  readonly constraints: readonly SpreadConstraint[];
  /** Parallel to `constraints`. */
  readonly domains: readonly DomainCounts[];
  readonly #cluster: Cluster;
  readonly #options: CountOptions;

  constructor(cluster: Cluster, constraints: readonly SpreadConstraint[], options: CountOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.constraints = constraints;
    this.domains = constraints.map(({ topologyKey, column }) => {
      if (!options.findsMinima && topologyKey === HOSTNAME_KEY)
        return new DomainCounts(undefined, cluster.nodes.nRows, -1);
      const missing = options.needsAllKeys ? -1 : column.values.idOf('');
      return new DomainCounts(column, column.values.size, missing);
    });
    this.#countAll();
  }

  get mindsTaints(): boolean {
    return this.constraints.some(({ honorsTaints }) => honorsTaints);
  }

  /** A pod came to or left a node for good. Terminating pods count nowhere. */
  move({ cls, terminating, node, sign }: PodMove): Reach {
    if (terminating || !this.#takesPart(node)) return Reach.None;
    let reach: Reach = Reach.None;
    for (let i = 0; i < this.constraints.length; i++) {
      const constraint = this.constraints[i]!;
      if (constraint.isWithoutCondition || !constraint.selected.has(cls)) continue;
      if (!this.#counts(i, node)) continue;
      const isNewMin = this.domains[i]!.move(node, sign);
      if (isNewMin) reach = Reach.All;
      else if (reach === Reach.None) reach = Reach.Domains;
    }
    return reach;
  }

  /**
   * A pod is counted in or out for a trial, as kube-scheduler does it when it tries victims and nominated pods: here
   * terminating pods, and those of a selector without conditions, do count (updateWithPod in filtering.go).
   */
  tryMove({ cls, node, sign }: PodMove): void {
    if (!this.#takesPart(node)) return;
    for (let i = 0; i < this.constraints.length; i++) {
      if (this.constraints[i]!.selected.has(cls) && this.#counts(i, node)) this.domains[i]!.move(node, sign);
    }
  }

  /** Whether the node has all the keys it needs to be counted and scored. */
  hasKeys(node: number): boolean {
    const { constraints } = this;
    for (let i = 0; i < constraints.length; i++) if (constraints[i]!.column.data[node] === -1) return false;
    return true;
  }

  #takesPart(node: number): boolean {
    return !this.#options.needsAllKeys || this.hasKeys(node);
  }

  /** Whether pods on the node count for a constraint. */
  #counts(i: number, node: number): boolean {
    if (this.domains[i]!.isByNode) return true;
    const { includes, honorsAffinity } = this.constraints[i]!;
    const { pinnedNode } = this.#options;
    if (honorsAffinity && pinnedNode && this.#cluster.nodes.names[node] !== pinnedNode) return false;
    return includes === undefined || includes(node);
  }

  #countAll(): void {
    for (let i = 0; i < this.constraints.length; i++) {
      if (!this.constraints[i]!.isWithoutCondition) this.#countPods(i);
    }
    if (!this.#options.findsMinima) return;
    const { exists } = this.#cluster.nodes;
    for (let node = exists.nextSet(0); node !== -1; node = exists.nextSet(node + 1)) {
      if (!this.#takesPart(node)) continue;
      for (let i = 0; i < this.domains.length; i++) {
        if (this.#counts(i, node)) this.domains[i]!.include(node);
      }
    }
    for (const domains of this.domains) domains.findMinimum();
  }

  #countPods(i: number): void {
    const { pods } = this.#cluster;
    for (const id of this.constraints[i]!.selected.ids) {
      for (let pod = pods.firstOfClass(id); pod !== -1; pod = pods.nextOfClass[pod]!) {
        if (pods.has(pod, PodFlag.Terminating)) continue;
        const node = pods.node[pod]!;
        if (this.#takesPart(node) && this.#counts(i, node)) this.domains[i]!.add(node);
      }
    }
  }
}
