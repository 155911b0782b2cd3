// What the API server does with requests about pods.
// Source: pkg/registry/core/pod/{strategy.go,storage/storage.go}, apiserver registry/rest/delete.go, 1.37.

import type { DeleteOptions, Edit } from '../kube/api.ts';
import type { PodDraft, PodInit, PodObject } from '../kube/pod-object.ts';
import { podUid } from '../kube/uid.ts';
import type { Admission } from './admission/admission.ts';
import type { ApiState } from './api-state.ts';
import { BudgetConflict, Eviction } from './eviction.ts';
import { alreadyExists, conflict, Failure, notFound } from './failure.ts';
import { OP, type Outcome, type Request } from './request.ts';

const DEFAULT_GRACE_SECONDS = 30;
export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

function isGone(pod: PodObject): boolean {
  return pod.deletionUs !== undefined && pod.graceSeconds === 0 && pod.finalizers.length === 0;
}

/** Grace period of a deletion: pods without a node and finished ones go at once. */
function graceOf(pod: PodObject, options: DeleteOptions): number {
  if (pod.nodeName === '' || pod.terminal) return 0;
  const seconds =
    options.graceSeconds ?? pod.shape.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
  return seconds < 0 ? 1 : seconds;
}

function withFinalizer(pod: PodObject, options: DeleteOptions): readonly string[] {
  const { propagation } = options;
  if (propagation !== 'Foreground' && propagation !== 'Orphan') return pod.finalizers;
  const finalizer = propagation === 'Foreground' ? FOREGROUND : ORPHAN;
  return pod.finalizers.includes(finalizer) ? pod.finalizers : [...pod.finalizers, finalizer];
}

export class PodRequests {
  readonly #state: ApiState;
  readonly #admission: Admission;
  readonly #eviction: Eviction;

  /** `chargeUs`: how long an eviction takes from reading a budget to writing it. */
  constructor(state: ApiState, admission: Admission, chargeUs: number) {
    this.#state = state;
    this.#admission = admission;
    this.#eviction = new Eviction(state, this, chargeUs);
  }

  perform(request: Request): Outcome<PodObject> {
    if (request.op === OP.createPod) return this.create(request.target as PodInit);
    const asked = request.target as PodObject;
    const pod = this.#state.pods.current(asked);
    if (!pod) return notFound('Pod', asked.name);
    switch (request.op) {
      case OP.bindPod:
        return this.#bind(pod, request.what as string);
      case OP.deletePod:
        return this.delete(pod, request.what as DeleteOptions);
      case OP.evictPod:
        return request.result instanceof BudgetConflict
          ? this.#eviction.evictAgain(pod, request.what as DeleteOptions, request.result)
          : this.#eviction.evict(pod, request.what as DeleteOptions);
      default:
        return this.patch(pod, request.what as Edit<PodObject>, request.arg);
    }
  }

  create(init: PodInit): Outcome<PodObject> {
    const shape = this.#admission.pod(init);
    if (shape instanceof Failure) return shape;
    const { pods, nowUs } = this.#state;
    if (init.name !== undefined && pods.hasName(shape.namespace, init.name))
      return alreadyExists('Pod', init.name.toString());
    return pods.add(init, shape, this.#state.nextRevision(), nowUs);
  }

  patch(pod: PodObject, edit: Edit<PodObject>, arg: unknown): Outcome<PodObject> {
    const next = edit(pod, this.#state.nowUs, arg);
    return next === pod ? pod : this.#commit(pod, next);
  }

  delete(pod: PodObject, options: DeleteOptions): Outcome<PodObject> {
    if (options.uid !== undefined && options.uid !== podUid(pod.uid)) {
      return conflict('Pod', pod.name, `the UID in the precondition (${options.uid}) does not match`);
    }
    const graceSeconds = graceOf(pod, options);
    const finalizers = withFinalizer(pod, options);
    const isShorter = pod.deletionUs === undefined || graceSeconds < pod.graceSeconds;
    if (!isShorter && finalizers === pod.finalizers) return pod;
    const next = pod.draft();
    next.finalizers = finalizers;
    if (isShorter) {
      next.deletionUs = this.#state.nowUs;
      next.graceSeconds = graceSeconds;
    }
    return isGone(next) ? this.#remove(pod, next) : this.#commit(pod, next);
  }

  /**
   * Deletion without grace is two writes: the timestamp, then the removal. Watchers see the first one only if it is news
   * (the pod was not terminating before).
   */
  #remove(pod: PodObject, next: PodDraft): PodObject {
    next.resourceVersion = this.#state.nextRevision();
    if (!pod.terminating) this.#state.pods.replace(pod, next);
    const last = next.draft();
    return this.#commit(next, last);
  }

  #bind(pod: PodObject, nodeName: string): Outcome<PodObject> {
    if (pod.deletionUs !== undefined) {
      return conflict('Pod', pod.name, `pod ${pod.name} is being deleted, cannot be assigned to a host`);
    }
    if (pod.nodeName !== '') {
      return conflict('Pod', pod.name, `pod ${pod.name} is already assigned to node "${pod.nodeName}"`);
    }
    const next = pod.draft();
    next.nodeName = nodeName;
    next.nodeNumber = this.#state.pods.nodeNumber(nodeName);
    next.nominatedNodeName = '';
    next.scheduledUs = this.#state.nowUs;
    next.scheduledReason = '';
    next.scheduledMessage = '';
    return this.#commit(pod, next);
  }

  #commit(old: PodObject, next: PodObject): PodObject {
    (next as PodDraft).resourceVersion = this.#state.nextRevision();
    if (isGone(next)) this.#state.pods.remove(old, next);
    else this.#state.pods.replace(old, next);
    return next;
  }
}
