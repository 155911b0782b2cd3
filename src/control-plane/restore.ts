// Puts the objects of a running cluster there before the run begins: as the cluster was, with the owners that things had.
// Uids are new; references by uid follow. A pod all of whose containers run goes on running, as ready as it was.
// Deviations: statuses that controllers work out are left to them; restarts count anew, and work that ends by itself
// begins again; other pods start their containers anew; the revisions of StatefulSets and DaemonSets are named as here,
// and all their pods are taken to be of the newest.

import { canonicalJson } from '../base/canonical-json.ts';
import type { Edit } from '../kube/api.ts';
import { podInit } from '../kube/pod-manifest.ts';
import type { PodInit, PodObject } from '../kube/pod-object.ts';
import type { PodShape } from '../kube/pod-shape.ts';
import type { Container, KubeObject, OwnerReference, Pod, PodSpec, PodTemplateSpec } from '../kube/types.ts';
import { hashOf, newRevision, REVISION_LABEL } from './controllers/revisions.ts';

/** Creates without time passing; answers the new uid, or why not. */
export interface Restorer {
  create(object: KubeObject): { readonly uid: string } | { readonly refusal: string };
  /** `edit` makes of the new pod what it is by now. */
  createPod(init: PodInit, edit: Edit<PodObject>): { readonly uid: string } | { readonly refusal: string };
}

export interface RestoreRefusal {
  readonly object: KubeObject;
  readonly reason: string;
}

type Loose = KubeObject & {
  readonly spec?: { readonly template?: PodTemplateSpec; readonly claimRef?: { readonly uid?: string } };
  readonly status?: unknown;
};

const WITH_REVISIONS = new Set(['StatefulSet', 'DaemonSet']);
/** Controllers work these out from what there is. */
const WITHOUT_STATUS = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', ...WITH_REVISIONS]);
/** Every pod has a volume of this kind under a name of its own; it bears on nothing here. */
const TOKEN_VOLUME = /^kube-api-access-/;

/** Answers what could not be restored. */
export function restore(objects: readonly KubeObject[], restorer: Restorer): RestoreRefusal[] {
  const restoration = new Restoration(restorer);
  const byUid = new Map(
    objects.flatMap((object) => (object.metadata.uid ? [[object.metadata.uid, object]] : [])),
  );
  const visit = (object: KubeObject) => {
    if (restoration.seen.has(object)) return;
    restoration.seen.add(object);
    for (const uid of referredUids(object)) {
      const other = byUid.get(uid);
      if (other) visit(other);
    }
    restoration.put(object);
  };
  for (const object of objects) visit(object);
  return restoration.refusals;
}

function referredUids(object: Loose): string[] {
  const { uid } = object.spec?.claimRef ?? {};
  return [...(object.metadata.ownerReferences ?? []).map((owner) => owner.uid), ...(uid ? [uid] : [])];
}

class Restoration {
  readonly seen = new Set<KubeObject>();
  readonly refusals: RestoreRefusal[] = [];
  readonly #restorer: Restorer;
  readonly #uids = new Map<string, string>();
  /** Of StatefulSets and DaemonSets, by their new uid. */
  readonly #revisions = new Map<string, string>();
  readonly #shapes = new Map<string, PodShape>();

  constructor(restorer: Restorer) {
    this.#restorer = restorer;
  }

  put(object: KubeObject): void {
    if (object.kind === 'ControllerRevision') return;
    const outcome =
      object.kind === 'Pod'
        ? this.#restorer.createPod(this.#pod(object as Pod), editOf(object as Pod))
        : this.#restorer.create(this.#mapped(object));
    if ('refusal' in outcome) {
      this.refusals.push({ object, reason: outcome.refusal });
      return;
    }
    if (object.metadata.uid) this.#uids.set(object.metadata.uid, outcome.uid);
    if (WITH_REVISIONS.has(object.kind)) this.#revise(object, outcome.uid);
  }

  #revise(owner: Loose, uid: string): void {
    const template = owner.spec?.template;
    if (!template) return;
    const revision = newRevision({ ...owner, metadata: { ...owner.metadata, uid } }, template, 1);
    this.#restorer.create(revision);
    this.#revisions.set(uid, hashOf(revision));
  }

  #mapped(object: Loose): KubeObject {
    const { status: _, ...bare } = object;
    const { claimRef } = object.spec ?? {};
    const claimUid = claimRef?.uid && this.#uids.get(claimRef.uid);
    return {
      ...(WITHOUT_STATUS.has(object.kind) ? bare : object),
      ...(claimUid && { spec: { ...object.spec, claimRef: { ...claimRef, uid: claimUid } } }),
      metadata: { ...object.metadata, ...this.#owners(object) },
    } as KubeObject;
  }

  #owners({ metadata: { ownerReferences } }: KubeObject): { ownerReferences?: OwnerReference[] } {
    if (!ownerReferences) return {};
    return {
      ownerReferences: ownerReferences.flatMap((owner) => {
        const uid = this.#uids.get(owner.uid);
        return uid === undefined ? [] : [{ ...owner, uid }];
      }),
    };
  }

  #pod(pod: Pod): PodInit {
    const owners = this.#owners(pod);
    const controller = owners.ownerReferences?.find((owner) => owner.controller);
    const revision = controller && this.#revisions.get(controller.uid);
    const labels = { ...pod.metadata.labels, ...(revision && { [REVISION_LABEL]: revision }) };
    const init = podInit({
      ...pod,
      metadata: { ...pod.metadata, labels, ...owners },
      spec: withoutToken(pod.spec),
    });
    return { ...init, shape: this.#shared(init.shape) };
  }

  /** Equal pods share one shape. */
  #shared(shape: PodShape): PodShape {
    const key = canonicalJson(shape);
    const known = this.#shapes.get(key);
    if (!known) this.#shapes.set(key, shape);
    return known ?? shape;
  }
}

function editOf({ spec, status }: Pod): Edit<PodObject> {
  const runs =
    spec.nodeName !== undefined &&
    status?.phase === 'Running' &&
    (status.containerStatuses ?? []).every(({ state }) => state?.running !== undefined);
  if (!runs) return (pod) => pod;
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'False' ? runningUnready : runningReady;
}

function runningUnready(pod: PodObject, nowUs: number): PodObject {
  const next = pod.draft();
  next.phase = 'Running';
  next.startUs = nowUs;
  next.scheduledUs = nowUs;
  next.readyChangedUs = nowUs;
  next.hasIp = true;
  return next;
}

function runningReady(pod: PodObject, nowUs: number): PodObject {
  return Object.assign(runningUnready(pod, nowUs), { ready: true });
}

function withoutToken(spec: PodSpec): PodSpec {
  const volumes = spec.volumes?.filter(({ name }) => !TOKEN_VOLUME.test(name));
  const plain = (container: Container): Container => {
    const { volumeMounts, ...rest } = container;
    const kept = volumeMounts?.filter(({ name }) => !TOKEN_VOLUME.test(name)) ?? [];
    return kept.length > 0 ? { ...rest, volumeMounts: kept } : rest;
  };
  return {
    ...spec,
    containers: spec.containers.map(plain),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(plain) }),
    ...(volumes && { volumes }),
  };
}
