// The eviction subresource: a deletion that asks the PodDisruptionBudgets first.
// Source: pkg/registry/core/pod/storage/eviction.go, 1.37. Two evictions that read a budget at the same time conflict:
// the second tries again half a second later (EvictionsRetry), with that budget and without another look at the pod.

import type { DeleteOptions } from '../kube/api.ts';
import type { PodDraft, PodObject } from '../kube/pod-object.ts';
import { matchesLabelSelector } from '../kube/selector.ts';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '../kube/types.ts';
import type { ApiState } from './api-state.ts';
import { Failure, forbidden, notFound } from './failure.ts';
import { objectKey } from './object-store.ts';
import type { PodRequests } from './pod-requests.ts';
import type { Outcome } from './request.ts';

const N_DISRUPTED_MAX = 2000;
const STALE_RETRY_US = 10_000_000;

function disrupted(pod: PodObject): PodObject {
  const next: PodDraft = pod.draft();
  next.disruption = 'EvictionByEvictionAPI';
  return next;
}

/** The budget was written between this eviction's reading and writing it. */
export class BudgetConflict extends Failure {
  readonly budget: PodDisruptionBudget;

  constructor(budget: PodDisruptionBudget) {
    super(409, 'Conflict', 'the budget has been modified');
    this.budget = budget;
  }
}

/** An unhealthy pod may, where its budget is kept without it. */
function goesForFree({ ready }: PodObject, { spec, status = {} }: PodDisruptionBudget): boolean {
  const { currentHealthy = 0, desiredHealthy = 0 } = status;
  if (ready) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

export class Eviction {
  readonly #state: ApiState;
  readonly #pods: PodRequests;
  /** From reading a budget to writing it. */
  readonly #chargeUs: number;
  /** When each budget was last charged. */
  readonly #chargedUs = new Map<string, number>();

  constructor(state: ApiState, pods: PodRequests, chargeUs: number) {
    this.#state = state;
    this.#pods = pods;
    this.#chargeUs = chargeUs;
  }

  evict(pod: PodObject, options: DeleteOptions): Outcome<PodObject> {
    const isFree = pod.phase === 'Pending' || pod.terminal || pod.deletionUs !== undefined;
    if (isFree) return this.#remove(pod, options);
    const budgets = this.#budgetsOf(pod);
    if (budgets.length > 1) {
      const message =
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
      return new Failure(500, 'InternalError', message);
    }
    const [budget] = budgets;
    if (!budget || goesForFree(pod, budget)) return this.#remove(pod, options);
    return this.#charge(pod, budget) ?? this.#remove(pod, options);
  }

  evictAgain(pod: PodObject, options: DeleteOptions, { budget }: BudgetConflict): Outcome<PodObject> {
    const now = this.#state.kind('PodDisruptionBudget').get(objectKey(budget));
    if (!now) return notFound('PodDisruptionBudget', budget.metadata.name ?? '');
    return this.#charge(pod, now as PodDisruptionBudget) ?? this.#remove(pod, options);
  }

  #remove(pod: PodObject, options: DeleteOptions): Outcome<PodObject> {
    const marked = this.#pods.patch(pod, disrupted, undefined);
    return marked instanceof Failure ? marked : this.#pods.delete(marked, options);
  }

  #budgetsOf(pod: PodObject): PodDisruptionBudget[] {
    const found: PodDisruptionBudget[] = [];
    for (const object of this.#state.kind('PodDisruptionBudget').values()) {
      const budget = object as PodDisruptionBudget;
      if (budget.metadata.namespace !== pod.namespace) continue;
      if (matchesLabelSelector(budget.spec?.selector, pod.shape.labels)) found.push(budget);
    }
    return found;
  }

  /** Takes one disruption from the budget. */
  #charge(pod: PodObject, budget: PodDisruptionBudget): Failure | undefined {
    const key = objectKey(budget);
    const { nowUs } = this.#state;
    if (nowUs < (this.#chargedUs.get(key) ?? Number.NEGATIVE_INFINITY) + this.#chargeUs)
      return new BudgetConflict(budget);
    const refusal = this.#refusal(pod, budget);
    if (refusal) return refusal;
    this.#chargedUs.set(key, nowUs);
    const status: PodDisruptionBudgetStatus = {
      ...budget.status,
      disruptionsAllowed: (budget.status?.disruptionsAllowed ?? 0) - 1,
      disruptedPods: {
        ...budget.status?.disruptedPods,
        [pod.name]: this.#state.clock.timestamp(nowUs),
      },
    };
    const metadata = { ...budget.metadata, resourceVersion: String(this.#state.nextRevision()) };
    this.#state.kind('PodDisruptionBudget').put(key, { ...budget, metadata, status } as typeof budget);
    return undefined;
  }

  #refusal(pod: PodObject, budget: PodDisruptionBudget): Failure | undefined {
    const { metadata, status = {} } = budget;
    const { disruptionsAllowed = 0, observedGeneration = 0, disruptedPods = {} } = status;
    if (observedGeneration < (metadata.generation ?? 0)) {
      const message = `The disruption budget ${metadata.name} is still being processed by the server.`;
      return new Failure(
        429,
        'TooManyRequests',
        `Cannot evict pod as it would violate the pod's disruption budget. ${message}`,
        STALE_RETRY_US,
      );
    }
    if (disruptionsAllowed < 0)
      return forbidden('PodDisruptionBudget', metadata.name ?? '', 'pdb disruptions allowed is negative');
    if (Object.keys(disruptedPods).length > N_DISRUPTED_MAX) {
      return forbidden(
        'PodDisruptionBudget',
        metadata.name ?? '',
        'DisruptedPods map too big - too many evictions not confirmed by PDB controller',
      );
    }
    if (disruptionsAllowed > 0) return undefined;
    const cause = `The disruption budget ${metadata.name} needs ${status.desiredHealthy ?? 0} healthy pods and has ${status.currentHealthy ?? 0} currently`;
    return new Failure(
      429,
      'TooManyRequests',
      `Cannot evict pod as it would violate the pod's disruption budget. ${cause} (${pod.name})`,
    );
  }
}
