// Disruption: keeps the counts of PodDisruptionBudgets that the eviction API goes by.
// Source: pkg/controller/disruption/disruption.go, 1.37. Deviation: a controller's scale is read from the informers of the
// known kinds, not from the scale subresource; stale DisruptionTarget conditions are reset by the same worker.

import { deepEqual } from '../../base/deep-equal.ts';
import type { ApiClient, Informer } from '../../kube/api.ts';
import { controllerOf } from '../../kube/controller-of.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import { matchesLabelSelector } from '../../kube/selector.ts';
import type {
  IntOrString,
  KubeObject,
  PodDisruptionBudget,
  PodDisruptionBudgetStatus,
  Timestamp,
} from '../../kube/types.ts';
import { call, type Sync } from '../sync.ts';
import type { WorkQueue } from '../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from './controller.ts';
import { scaled } from './deployment/replica-sets.ts';
import { SelectedPods } from './selected-pods.ts';

const NAME = 'disruption-controller';
const EVICTION_US = 120_000_000;

type Scalable = KubeObject & { readonly spec?: { readonly replicas?: number } };

export class DisruptionController {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #budgets: Informer<PodDisruptionBudget>;
  readonly #queue: WorkQueue;
  readonly #selected: SelectedPods;
  readonly #scales: ReadonlyMap<string, Informer<Scalable>>;

  constructor(host: ControllerHost) {
    this.#host = host;
    this.#client = host.client(NAME);
    this.#queue = host.queue({ name: NAME, nWorkers: 1 }, (key) => this.#sync(key));
    const kinds = ['ReplicaSet', 'Deployment', 'StatefulSet', 'ReplicationController'];
    this.#scales = new Map(kinds.map((kind) => [kind, host.informer<Scalable>(kind)]));
    this.#selected = new SelectedPods(host.pods, (key) => this.#queue.add(key));
    host.onStop(() => this.#selected.clear());
    this.#budgets = host.informer<PodDisruptionBudget>('PodDisruptionBudget');
    this.#budgets.handle({
      added: (budget) => this.#onBudget(budget, undefined),
      modified: (budget, old) => this.#onBudget(budget, old),
      deleted: (budget) => this.#selected.remove(keyOfObject(budget)),
    });
  }

  #onBudget(budget: PodDisruptionBudget, old: PodDisruptionBudget | undefined): void {
    const key = keyOfObject(budget);
    const selector = budget.spec?.selector;
    if (!old || !deepEqual(old.spec?.selector, selector)) {
      this.#selected.define(key, budget.metadata.namespace ?? '', (labels) =>
        matchesLabelSelector(selector, labels),
      );
    }
    this.#queue.add(key);
  }

  *#sync(key: string): Sync {
    const budget = this.#budgets.get(...splitKey(key));
    if (!budget) return true;
    const { status, recheckUs } = this.#evaluate(budget, [...this.#selected.of(key)]);
    if (recheckUs < Number.POSITIVE_INFINITY) this.#queue.addAfter(key, recheckUs);
    if (deepEqual(budget.status, status)) return true;
    const { error } = yield* call((reply) => this.#client.updateStatus({ ...budget, status }, reply));
    return !error || error.code === 404;
  }

  #evaluate(budget: PodDisruptionBudget, pods: readonly PodObject[]) {
    const live = pods.filter((pod) => !pod.terminal);
    const expected = this.#expected(budget, live);
    // Nobody may be evicted while it is not known how many there should be; the rest of the status stays as it was.
    if (expected === undefined) {
      return { status: { ...budget.status, disruptionsAllowed: 0 }, recheckUs: Number.POSITIVE_INFINITY };
    }
    const { disruptedPods, recheckUs } = this.#disrupted(budget, pods);
    const healthy = live.filter(
      (pod) => pod.ready && !pod.terminating && disruptedPods[pod.name] === undefined,
    ).length;
    const desired = this.#desired(budget, expected);
    const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
    const status: PodDisruptionBudgetStatus = {
      observedGeneration: budget.metadata.generation ?? 0,
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      ...(Object.keys(disruptedPods).length > 0 && { disruptedPods }),
    };
    return { status, recheckUs };
  }

  /** Evictions that were accepted a short while ago and are not visible yet; when the first of them runs out. */
  #disrupted(budget: PodDisruptionBudget, pods: readonly PodObject[]) {
    const { clock, nowUs } = this.#host;
    const disruptedPods: Record<string, Timestamp> = {};
    let recheckUs = Number.POSITIVE_INFINITY;
    const known = budget.status?.disruptedPods;
    if (!known) return { disruptedPods, recheckUs };
    for (const pod of pods) {
      const since = known[pod.name];
      if (since === undefined || pod.terminating) continue;
      const leftUs = clock.parse(since) + EVICTION_US - nowUs;
      if (leftUs <= 0) continue;
      disruptedPods[pod.name] = since;
      recheckUs = Math.min(recheckUs, leftUs);
    }
    return { disruptedPods, recheckUs };
  }

  /** How many pods there should be; undefined if a controller is not found, or is of a kind without a scale, as Job. */
  #expected(budget: PodDisruptionBudget, pods: readonly PodObject[]): number | undefined {
    const { minAvailable, maxUnavailable } = budget.spec ?? {};
    const isByCount = maxUnavailable === undefined && typeof minAvailable !== 'string';
    return isByCount ? pods.length : this.#expectedScale(pods);
  }

  #expectedScale(pods: readonly PodObject[]): number | undefined {
    const scales = new Map<string, number>();
    for (const pod of pods) {
      if (!pod.owner) continue;
      const scale = this.#scaleOf(pod.owner.kind, pod.owner.uid);
      if (!scale) return undefined;
      scales.set(scale.metadata.uid ?? '', scale.spec?.replicas ?? 1);
    }
    return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
  }

  /** The object whose scale counts: a ReplicaSet's Deployment rather than itself. */
  #scaleOf(kind: string, uid: string): Scalable | undefined {
    const found = this.#scales.get(kind)?.byUid(uid);
    const owner = kind === 'ReplicaSet' && found ? controllerOf(found) : undefined;
    return owner?.kind === 'Deployment' ? this.#scales.get('Deployment')?.byUid(owner.uid) : found;
  }

  #desired(budget: PodDisruptionBudget, expected: number): number {
    const { minAvailable, maxUnavailable } = budget.spec ?? {};
    const up = (value: IntOrString) => scaled(value, expected, 'up');
    if (maxUnavailable !== undefined) return Math.max(0, expected - up(maxUnavailable));
    return minAvailable === undefined ? 0 : up(minAvailable);
  }
}
