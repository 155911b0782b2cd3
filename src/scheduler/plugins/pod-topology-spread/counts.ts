/**
 * How many pods each topology domain holds, per constraint of an incoming pod's class. Built by one pass over nodes
 * and pods, then kept current pod by pod: nothing in here depends on which nodes are feasible.
 *
 * A domain is the number of the node's label value in the key's column. With `byNode`, the key hostname makes every
 * node a domain of its own (numbered by its row) without any regard to policies, as scoring counts it.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import { PodFlag } from '../../../cluster/pod-table.ts';
import type { PodMove } from '../../framework/plugin.ts';
import { Reach } from '../domain-state.ts';
import { HOSTNAME_KEY, type SpreadConstraint } from './constraints.ts';
import { DomainCounts } from './domain-counts.ts';

export interface CountOptions {
  /** Only nodes with every constraint's key have a part. Otherwise a missing key is a domain, that of the value ''. */
  readonly needsAllKeys: boolean;
  /** The key hostname counts node by node. */
  readonly byNode: boolean;
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
      if (options.byNode && topologyKey === HOSTNAME_KEY)
        return new DomainCounts(undefined, cluster.nodes.nRows, -1);
      const missing = options.needsAllKeys ? -1 : column.values.idOf('');
      return new DomainCounts(column, column.values.size, missing);
    });
    this.#countAll();
  }

  /** A pod came to or left a node for good. Terminating pods count nowhere. Minima matter to Filter alone. */
  move({ cls, terminating, node, sign }: PodMove, mindsMinima: boolean): Reach {
    if (terminating || !this.#takesPart(node)) return Reach.None;
    let reach: Reach = Reach.None;
    for (let i = 0; i < this.constraints.length; i++) {
      const constraint = this.constraints[i]!;
      if (constraint.isWithoutCondition || !constraint.selected.matches(cls)) continue;
      if (!this.#counts(i, node)) continue;
      const isNewMin = this.domains[i]!.move(node, sign);
      if (isNewMin && mindsMinima) reach = Reach.All;
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
      if (this.constraints[i]!.selected.matches(cls) && this.#counts(i, node))
        this.domains[i]!.move(node, sign);
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
    const { exists } = this.#cluster.nodes;
    const nPodsByConstraint = new Int32Array(this.constraints.length);
    for (let node = exists.nextSet(0); node !== -1; node = exists.nextSet(node + 1)) {
      if (!this.#takesPart(node)) continue;
      this.#countPods(node, nPodsByConstraint);
      for (let i = 0; i < this.domains.length; i++) {
        if (this.#counts(i, node)) this.domains[i]!.addNode(node, nPodsByConstraint[i]!);
      }
    }
    for (const domains of this.domains) domains.close();
  }

  #countPods(node: number, nPodsByConstraint: Int32Array): void {
    const { nodes, pods, classes } = this.#cluster;
    const { constraints } = this;
    nPodsByConstraint.fill(0);
    for (let pod = nodes.firstPod[node]!; pod !== -1; pod = pods.next[pod]!) {
      if (pods.has(pod, PodFlag.Terminating)) continue;
      const cls: PodClass = classes.all[pods.cls[pod]!]!;
      for (let i = 0; i < constraints.length; i++) {
        const constraint = constraints[i]!;
        if (!constraint.isWithoutCondition && constraint.selected.matches(cls)) nPodsByConstraint[i]!++;
      }
    }
  }
}
