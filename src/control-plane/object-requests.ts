// What the API server does with requests about objects of any kind (pods as manifests included).
// Source: apiserver pkg/registry/rest/{create,update,delete}.go, 1.37.
// Deviations: a namespace's finalizer is among metadata.finalizers, not in spec.finalizers; updates that change nothing
// are no writes, as in the real server.

import { deepEqual } from '../base/deep-equal.ts';
import type { DeleteOptions, Edit, ObjectKey } from '../kube/api.ts';
import { kindByName } from '../kube/kinds.ts';
import { podInit, podManifest } from '../kube/pod-manifest.ts';
import { nameSuffix, type PodIdentity, type PodObject } from '../kube/pod-object.ts';
import type { KubeObject, ObjectMeta, Pod } from '../kube/types.ts';
import { objectUid } from '../kube/uid.ts';
import { type FieldProblem, formatPath, validateObject, validateUpdate } from '../kube/validate.ts';
import type { Admission } from './admission/admission.ts';
import type { ApiState } from './api-state.ts';
import { alreadyExists, conflict, Failure, invalid, MODIFIED, notFound } from './failure.ts';
import type { Leases } from './leases.ts';
import { keyOf, objectKey } from './object-store.ts';
import { FOREGROUND, ORPHAN, type PodRequests } from './pod-requests.ts';
import { OP, type Outcome, type Request } from './request.ts';

type Any = KubeObject & { readonly spec?: unknown; readonly status?: unknown };

/** What a write may change, and whether it is checked: the cluster's own programs write what is valid by construction. */
type Mode = 'status' | 'checked' | 'trusted';

function refused({ kind, metadata }: KubeObject, problems: readonly FieldProblem[]): Failure {
  const texts = problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);
  return invalid(kind, metadata.name ?? '', texts);
}

/** Everything but metadata and status: a change of it makes a new generation. */
function isSameSpec(a: Any, b: Any): boolean {
  const { metadata: _a, status: _s, ...left } = a;
  const { metadata: _b, status: _t, ...right } = b;
  return deepEqual(left, right);
}

/** Status updates carry annotations too (a Deployment's revision is written so). */
function withAnnotations(stored: ObjectMeta, asked: ObjectMeta): ObjectMeta {
  const { annotations: _, ...rest } = stored;
  return asked.annotations ? { ...rest, annotations: asked.annotations } : rest;
}

export class ObjectRequests {
  readonly #state: ApiState;
  readonly #admission: Admission;
  readonly #pods: PodRequests;
  readonly #leases: Leases;

  constructor(state: ApiState, admission: Admission, pods: PodRequests, leases: Leases) {
    this.#leases = leases;
    this.#state = state;
    this.#admission = admission;
    this.#pods = pods;
  }

  perform(request: Request): Outcome<KubeObject | PodObject | undefined> {
    const { op, target, arg } = request;
    if (op === OP.deleteCollection)
      return this.#deleteAll(target as ObjectKey, request.what as DeleteOptions);
    if ((target as ObjectKey).kind === 'Pod') return this.#performOnPod(request);
    const checks = request.client.process.isTrusted ? 'trusted' : 'checked';
    switch (op) {
      case OP.create:
        return this.create(target as KubeObject, checks);
      case OP.update:
        return this.#update(target as Any, checks);
      case OP.updateStatus:
        return this.#update(target as Any, 'status');
      case OP.patch:
        return this.#patch(target as ObjectKey, request.edit<Any>(), arg, checks);
      case OP.patchStatus:
        return this.#patch(target as ObjectKey, request.edit<Any>(), arg, 'status');
      case OP.delete:
        return this.#delete(target as ObjectKey, request.what as DeleteOptions);
      default:
        return this.#find(target as ObjectKey);
    }
  }

  create(object: KubeObject, mode: Mode): Outcome<KubeObject> {
    const isNamespaced = kindByName(object.kind)?.isNamespaced ?? true;
    const { namespace: given, generateName, ...rest } = object.metadata;
    const uid = this.#state.nextUid();
    const name = rest.name ?? `${generateName ?? ''}${nameSuffix(uid)}`;
    const namespace = isNamespaced ? (given ?? 'default') : undefined;
    const named = { ...object, metadata: { ...rest, name, ...(namespace && { namespace }) } };
    const admitted = this.#admission.object(named);
    if (admitted instanceof Failure) return admitted;
    const problems = mode === 'checked' ? validateObject(admitted) : [];
    if (problems.length > 0) return refused(admitted, problems);
    const store = this.#state.kind(object.kind);
    const key = keyOf(namespace, name);
    if (store.get(key)) return alreadyExists(object.kind, name);
    const refusal = this.#admission.quota(admitted);
    if (refusal) return refusal;
    const metadata: ObjectMeta = {
      ...admitted.metadata,
      uid: objectUid(uid),
      resourceVersion: String(this.#state.nextRevision()),
      creationTimestamp: this.#state.clock.timestamp(this.#state.nowUs),
      generation: 1,
    };
    const created = { ...admitted, metadata };
    store.put(key, created);
    this.#admission.changed(created);
    return created;
  }

  #deleteAll(
    target: { readonly kind: string; readonly namespace?: string },
    options: DeleteOptions,
  ): undefined {
    const { kind, namespace = '' } = target;
    const pods: PodObject[] = [];
    this.#state.pods.forEach((pod) => {
      if (kind === 'Pod' && pod.namespace === namespace) pods.push(pod);
    });
    for (const pod of pods) this.#pods.delete(pod, options);
    for (const { metadata } of [...this.#state.kind(kind).values()]) {
      if (metadata.namespace === namespace)
        this.#delete({ kind, namespace, name: metadata.name ?? '' }, options);
    }
  }

  #find(target: ObjectKey): Outcome<KubeObject> {
    if (target.kind === 'Lease' && target.namespace === 'kube-node-lease') {
      return this.#leases.object(target.name, this.#state.clock) ?? notFound('Lease', target.name);
    }
    return (
      this.#state.kind(target.kind).get(keyOf(target.namespace, target.name)) ??
      notFound(target.kind, target.name)
    );
  }

  #update(object: Any, mode: Mode): Outcome<KubeObject> {
    const { name = '', resourceVersion } = object.metadata;
    const stored = this.#state.kind(object.kind).get(objectKey(object)) as Any | undefined;
    if (!stored) return notFound(object.kind, name);
    if (resourceVersion !== undefined && resourceVersion !== stored.metadata.resourceVersion) {
      return conflict(object.kind, name, MODIFIED);
    }
    return this.#write(stored, object, mode);
  }

  #patch(target: ObjectKey, edit: Edit<Any>, arg: unknown, mode: Mode): Outcome<KubeObject> {
    const stored = this.#find(target);
    if (stored instanceof Failure) return stored;
    const next = edit(stored, this.#state.nowUs, arg);
    return next === stored ? stored : this.#write(stored, next, mode);
  }

  /** Stores what of `asked` this request may change. */
  #write(stored: Any, asked: Any, mode: Mode): Outcome<KubeObject> {
    const isStatus = mode === 'status';
    const { uid, creationTimestamp, deletionTimestamp } = stored.metadata;
    const system = {
      ...(uid && { uid }),
      ...(creationTimestamp && { creationTimestamp }),
      ...(deletionTimestamp && { deletionTimestamp }),
    };
    const changed: Any = isStatus
      ? { ...stored, metadata: withAnnotations(stored.metadata, asked.metadata), status: asked.status }
      : {
          ...asked,
          metadata: { ...asked.metadata, ...system },
          ...('status' in stored && { status: stored.status }),
        };
    const admitted = isStatus ? changed : this.#admission.update(stored, changed);
    if (admitted instanceof Failure) return admitted;
    const generation = (stored.metadata.generation ?? 1) + (isStatus || isSameSpec(stored, admitted) ? 0 : 1);
    const same = { ...admitted.metadata, generation, resourceVersion: stored.metadata.resourceVersion };
    if (deepEqual(stored, { ...admitted, metadata: same })) return stored;
    const problems = mode === 'checked' ? validateUpdate(stored, admitted) : [];
    if (problems.length > 0) return refused(stored, problems);
    return this.#store(stored, admitted, generation);
  }

  #store(stored: Any, next: Any, generation: number): KubeObject {
    const metadata = { ...next.metadata, generation, resourceVersion: String(this.#state.nextRevision()) };
    const written = { ...next, metadata };
    const store = this.#state.kind(stored.kind);
    const isGone = metadata.deletionTimestamp !== undefined && !metadata.finalizers?.length;
    if (isGone) store.remove(objectKey(stored), written);
    else store.put(objectKey(stored), written);
    this.#admission.changed(written);
    return written;
  }

  #delete(target: ObjectKey, options: DeleteOptions): Outcome<KubeObject> {
    const stored = this.#find(target);
    if (stored instanceof Failure) return stored;
    const { name = '', uid, finalizers = [], deletionTimestamp, generation = 1 } = stored.metadata;
    if (options.uid !== undefined && options.uid !== uid) {
      return conflict(target.kind, name, `the UID in the precondition (${options.uid}) does not match`);
    }
    const refusal = this.#admission.deletion(stored);
    if (refusal) return refusal;
    const wanted =
      options.propagation === 'Foreground' ? FOREGROUND : options.propagation === 'Orphan' ? ORPHAN : '';
    const all = wanted && !finalizers.includes(wanted) ? [...finalizers, wanted] : finalizers;
    if (deletionTimestamp && all === finalizers) return stored;
    const metadata: ObjectMeta = {
      ...stored.metadata,
      finalizers: all,
      deletionTimestamp: deletionTimestamp ?? this.#state.clock.timestamp(this.#state.nowUs),
      deletionGracePeriodSeconds: 0,
    };
    return this.#store(stored, this.#admission.deleting({ ...stored, metadata }), generation + 1);
  }

  /** The same verbs on pods, by name and as manifests. */
  #performOnPod({ op, target, what, arg, client }: Request): Outcome<KubeObject | PodObject> {
    if (op === OP.create) {
      const problems = client.process.isTrusted ? [] : validateObject(target as Pod);
      if (problems.length > 0) return refused(target as Pod, problems);
      return this.#manifest(this.#pods.create(podInit(target as Pod)));
    }
    const { namespace = 'default', name } = target as ObjectKey;
    const pod = this.#state.pods.byName(namespace, name);
    if (!pod) return notFound('Pod', name);
    if (op === OP.delete) return this.#manifest(this.#pods.delete(pod, what as DeleteOptions));
    if (op === OP.patch) return this.#manifest(this.#patchPod(pod, what as Edit<Pod>, arg));
    if (op === OP.get) return this.#manifest(pod);
    return new Failure(405, 'MethodNotAllowed', 'pods are updated by patch');
  }

  #manifest(outcome: Outcome<PodObject>): Outcome<KubeObject> {
    return outcome instanceof Failure ? outcome : podManifest(outcome, this.#state.clock);
  }

  /** Labels, annotations, controller, finalizers and spec of the edited manifest make the new version. */
  #patchPod(pod: PodObject, edit: Edit<Pod>, arg: unknown): Outcome<PodObject> {
    const before = podManifest(pod, this.#state.clock);
    const after = edit(before, this.#state.nowUs, arg);
    if (deepEqual(before, after)) return pod;
    const problems = validateUpdate(before, after);
    if (problems.length > 0) return refused(before, problems);
    const { shape, owner, finalizers = [] } = podInit(after);
    const spec = deepEqual(before.spec, after.spec) ? pod.shape.spec : shape.spec;
    const identity: PodIdentity = pod.identity.changed({ shape: { ...shape, spec }, owner });
    return this.#pods.patch(
      pod,
      () => {
        const next = pod.draft(identity);
        next.finalizers = finalizers;
        return next;
      },
      undefined,
    );
  }
}
