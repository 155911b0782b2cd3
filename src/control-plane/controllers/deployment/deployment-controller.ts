// Deployment: rolls pods from one template to the next through ReplicaSets.
// Source: pkg/controller/deployment/deployment_controller.go, 1.37.
// Deviation: the rollback annotation of old releases is not read.

import type { ApiClient, Informer } from '../../../kube/api.ts';
import { controllerOf } from '../../../kube/controller-of.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import type { Deployment, ReplicaSet } from '../../../kube/types.ts';
import type { Steps, Sync } from '../../sync.ts';
import type { WorkQueue } from '../../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from '../controller.ts';
import { conditionOf, hasDeadline, withCondition } from './conditions.ts';
import { DeploymentSync, SyncError } from './deployment-sync.ts';
import { isRolling } from './replica-sets.ts';
import { SetClaims } from './set-claims.ts';
import { isScalingEvent, recreate, rollingUpdate, scaleOnly } from './strategies.ts';

const NAME = 'deployment-controller';
const N_WORKERS = 5;
const N_RETRIES_MAX = 15;

export class DeploymentController {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #deployments: Informer<Deployment>;
  readonly #sets: Informer<ReplicaSet>;
  readonly #claims: SetClaims;
  readonly #queue: WorkQueue;

  constructor(host: ControllerHost) {
    this.#host = host;
    this.#client = host.client(NAME);
    this.#deployments = host.informer<Deployment>('Deployment');
    this.#sets = host.informer<ReplicaSet>('ReplicaSet');
    this.#queue = host.queue({ name: NAME, nWorkers: N_WORKERS }, (key) => this.#sync(key));
    const enqueue = (deployment: Deployment) => this.#queue.add(keyOfObject(deployment));
    this.#deployments.handle({ added: enqueue, modified: enqueue, deleted: enqueue });
    this.#claims = new SetClaims(this.#client, this.#deployments, this.#sets);
    host.onStop(() => this.#claims.clear());
    const heard = (set: ReplicaSet) => {
      for (const deployment of this.#claims.heard(set)) enqueue(deployment);
    };
    this.#sets.handle({
      added: heard,
      modified: (set, old) => {
        if (set.metadata.ownerReferences !== old.metadata.ownerReferences) this.#enqueueOwner(old);
        heard(set);
      },
      deleted: (set) => {
        this.#claims.gone(set);
        this.#enqueueOwner(set);
      },
    });
    host.pods.handle({ added: () => {}, modified: () => {}, deleted: (pod) => this.#onPodDeleted(pod) });
  }

  #enqueueOwner(set: ReplicaSet): void {
    const owner = controllerOf(set);
    const deployment = owner && this.#deployments.byUid(owner.uid);
    if (deployment) this.#queue.add(keyOfObject(deployment));
  }

  /** Recreate goes on when the last pod is gone. */
  #onPodDeleted(pod: PodObject): void {
    if (pod.owner?.kind !== 'ReplicaSet') return;
    const set = this.#sets.byUid(pod.owner.uid);
    const owner = set && controllerOf(set);
    const deployment = owner && this.#deployments.byUid(owner.uid);
    if (!deployment || isRolling(deployment)) return;
    const uid = deployment.metadata.uid ?? '';
    const nPods = [...this.#sets.ownedBy(uid)].reduce(
      (sum, own) => sum + this.#host.podsByOwner.count(own.metadata.uid ?? ''),
      0,
    );
    if (nPods === 0) this.#queue.add(keyOfObject(deployment));
  }

  *#sync(key: string): Sync {
    const deployment = this.#deployments.get(...splitKey(key));
    if (!deployment) return true;
    const sets = yield* this.#claims.claim(deployment);
    if (!sets) return this.#hasGivenUp(key);
    const host = this.#host;
    const syncHost = {
      client: this.#client,
      clock: host.clock,
      get nowUs() {
        return host.nowUs;
      },
      podsOf: (set: ReplicaSet) => host.podsByOwner.list(set.metadata.uid ?? ''),
      requeue: (afterUs: number) => this.#queue.addAfter(key, afterUs),
    };
    try {
      yield* this.#advance(new DeploymentSync(syncHost, deployment, sets));
      return true;
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      return this.#hasGivenUp(key);
    }
  }

  /** A key that fails too often is left until there is news. */
  #hasGivenUp(key: string): boolean {
    const isLast = this.#queue.nFailures(key) >= N_RETRIES_MAX;
    if (isLast) this.#queue.forget(key);
    return isLast;
  }

  *#advance(sync: DeploymentSync): Steps<void> {
    const { spec, metadata } = sync.deployment;
    if (metadata.deletionTimestamp) return yield* sync.plainStatus();
    yield* this.#showPause(sync);
    if (spec.paused) return yield* scaleOnly(sync);
    yield* sync.syncRevision(false);
    if (isScalingEvent(sync)) return yield* scaleOnly(sync);
    yield* isRolling(sync.deployment) ? rollingUpdate(sync) : recreate(sync);
  }

  /** A pause stops the deadline, and says so; resuming starts it again. */
  *#showPause(sync: DeploymentSync): Steps<void> {
    const { deployment } = sync;
    const known = conditionOf(deployment.status, 'Progressing');
    if (!hasDeadline(deployment) || known?.reason === 'ProgressDeadlineExceeded') return;
    const isShown = known?.reason === 'DeploymentPaused';
    if (!!deployment.spec.paused === isShown) return;
    const reason = isShown ? 'DeploymentResumed' : 'DeploymentPaused';
    yield* sync.writeStatus(
      withCondition(deployment.status ?? {}, sync.condition('Progressing', 'Unknown', reason)),
    );
  }
}
