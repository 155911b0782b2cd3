/**
 * Which pods cannot be removed without breaking a PodDisruptionBudget.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/preemption/util.go FilterVictimsWithPDBViolation.
 * Deviation: budgets are asked in order of arrival (the original: any order).
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import { isEmptySelector, matchesLabelSelector } from '../../kube/selector.ts';
import type { PodDisruptionBudget } from '../../kube/types.ts';

/** The budgets of one preemption attempt. */
export class DisruptionBudgets {
  readonly #cluster: Cluster;
  readonly #budgets: readonly PodDisruptionBudget[];
  readonly #byClass = new Map<PodClass, readonly number[]>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#budgets = cluster.objects.list<PodDisruptionBudget>('PodDisruptionBudget');
  }

  /**
   * Splits pods (rows, the most important first) into those whose removal breaks a budget and the others. Each pod
   * draws on its budgets in turn until one is overdrawn.
   */
  split(rows: readonly number[]): { readonly violating: number[]; readonly others: number[] } {
    const allowed = this.#budgets.map((budget) => budget.status?.disruptionsAllowed ?? 0);
    const violating: number[] = [];
    const others: number[] = [];
    for (const row of rows) (this.#overdraws(row, allowed) ? violating : others).push(row);
    return { violating, others };
  }

  #overdraws(row: number, allowed: number[]): boolean {
    for (const i of this.#of(this.#cluster.classOf(row))) {
      // The API server has counted the pod's end already.
      const { disruptedPods } = this.#budgets[i]!.status ?? {};
      if (disruptedPods && this.#cluster.pods.nameOf(row) in disruptedPods) continue;
      if (--allowed[i]! < 0) return true;
    }
    return false;
  }

  /** A budget with an empty selector, or none, matches nothing; a pod without labels is matched by none. */
  #of(cls: PodClass): readonly number[] {
    let indices = this.#byClass.get(cls);
    if (!indices) {
      const hasLabels = Object.keys(cls.labels).length > 0;
      indices = this.#budgets.flatMap(({ metadata, spec }, i) => {
        if (!hasLabels || metadata.namespace !== cls.namespace) return [];
        const { selector } = spec ?? {};
        return selector && !isEmptySelector(selector) && matchesLabelSelector(selector, cls.labels)
          ? [i]
          : [];
      });
      this.#byClass.set(cls, indices);
    }
    return indices;
  }
}
