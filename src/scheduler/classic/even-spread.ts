/**
 * Matching pods by topology domain, as EvenPodsSpread counts them: on nodes that the pod's node selector admits and
 * that have all the topology keys. Terminating pods count.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/predicates/metadata.go getEvenPodsSpreadMetadata,
 * pkg/scheduler/algorithm/priorities/even_pods_spread.go.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { LabelColumn } from '../../cluster/label-columns.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import { matchesLabelSelector, matchesNodeAffinity } from '../../kube/selector.ts';
import type { Cycle, PodMove } from '../framework/plugin.ts';
import { ClassMatcher } from '../plugins/class-matcher.ts';

export interface EvenConstraint {
  readonly column: LabelColumn;
  readonly maxSkew: number;
  readonly matcher: ClassMatcher;
  /** 1 if the pod counts in its own constraint. */
  readonly selfMatch: number;
}

export class EvenSpread {
  readonly constraints: readonly EvenConstraint[];
  /** By constraint, then by the number of the label value; constraints of one key share their counts. */
  readonly counts: readonly Map<number, number>[];
  readonly #cluster: Cluster;
  readonly #cls: PodClass;
  readonly #pinnedNode: string | undefined;
  #minima: readonly number[] | undefined;

  constructor(
    { cluster, cls, pod }: Cycle,
    whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway',
    isCounted: (other: PodClass) => boolean,
  ) {
    this.#cluster = cluster;
    this.#cls = cls;
    this.#pinnedNode = pod.pinnedNode;
    const asked = cls.spec.topologySpreadConstraints ?? [];
    this.constraints = asked
      .filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable)
      .map(({ topologyKey, maxSkew, labelSelector }) => ({
        column: cluster.nodes.labels.column(topologyKey),
        maxSkew,
        matcher: new ClassMatcher(
          (other) => isCounted(other) && matchesLabelSelector(labelSelector, other.labels),
        ),
        selfMatch: matchesLabelSelector(labelSelector, cls.labels) ? 1 : 0,
      }));
    const byColumn = new Map(this.constraints.map(({ column }) => [column, new Map<number, number>()]));
    this.counts = this.constraints.map(({ column }) => byColumn.get(column)!);
    if (this.constraints.length > 0) this.#countAll();
  }

  hasKeys(node: number): boolean {
    return this.constraints.every(({ column }) => column.data[node] !== -1);
  }

  /** Matching pods in the node's domain. */
  countAt(i: number, node: number): number {
    return this.counts[i]!.get(this.constraints[i]!.column.data[node]!) ?? 0;
  }

  /** The smallest counts of any domain, by constraint. */
  get minima(): readonly number[] {
    this.#minima ??= this.counts.map((counts) => Math.min(...counts.values()));
    return this.#minima;
  }

  move({ cls, node, sign }: PodMove): void {
    if (!this.#takesPart(node)) return;
    this.constraints.forEach(({ matcher }, i) => {
      if (matcher.matches(cls)) this.#add(i, node, sign);
    });
    this.#minima = undefined;
  }

  #takesPart(node: number): boolean {
    const { nodes } = this.#cluster;
    if (this.#pinnedNode && nodes.names[node] !== this.#pinnedNode) return false;
    return this.hasKeys(node) && matchesNodeAffinity(this.#cls.spec, nodes.objects[node]!);
  }

  #countAll(): void {
    const { nodes, pods, classes } = this.#cluster;
    for (let node = nodes.exists.nextSet(0); node !== -1; node = nodes.exists.nextSet(node + 1)) {
      if (!this.#takesPart(node)) continue;
      for (let i = 0; i < this.constraints.length; i++) {
        let n = 0;
        for (let pod = nodes.firstPod[node]!; pod !== -1; pod = pods.next[pod]!) {
          if (this.constraints[i]!.matcher.matches(classes.all[pods.cls[pod]!]!)) n++;
        }
        this.#add(i, node, n);
      }
    }
  }

  #add(i: number, node: number, n: number): void {
    const value = this.constraints[i]!.column.data[node]!;
    this.counts[i]!.set(value, (this.counts[i]!.get(value) ?? 0) + n);
  }
}
