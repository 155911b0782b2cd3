// ControllerRevisions: the templates that a StatefulSet or DaemonSet has had, one object each.
// Source: pkg/controller/history/controller_history.go, 1.37.

import { deepEqual } from '../../base/deep-equal.ts';
import { compareStrings } from '../../base/orders.ts';
import type { ApiClient, Informer } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { KubeObject, PodTemplateSpec } from '../../kube/types.ts';
import { call, type Steps } from '../sync.ts';
import type { ControllerHost } from './controller.ts';
import { templateHash } from './template-hash.ts';

/** Label of pods: the hash of the revision that they were made from. */
export const REVISION_LABEL = 'controller-revision-hash';

export interface ControllerRevision extends KubeObject {
  readonly data: PodTemplateSpec;
  readonly revision: number;
}

export function hashOf(revision: ControllerRevision): string {
  return revision.metadata.labels?.[REVISION_LABEL] ?? '';
}

/** Of the revision that a pod was made from; '' for none. */
export function revisionHashOf(pod: PodObject): string {
  return pod.shape.labels[REVISION_LABEL] ?? '';
}

/** What has such revisions: a StatefulSet or DaemonSet. */
interface Revised extends KubeObject {
  readonly spec: { readonly template: PodTemplateSpec; readonly revisionHistoryLimit?: number };
}

/** The revisions of all objects of one controller. */
export class Revisions {
  readonly #informer: Informer<ControllerRevision>;
  readonly #client: ApiClient;

  constructor(host: ControllerHost, client: ApiClient) {
    this.#informer = host.informer<ControllerRevision>('ControllerRevision');
    this.#client = client;
  }

  /** Oldest first. */
  of(owner: KubeObject): ControllerRevision[] {
    const all = [...this.#informer.ownedBy(owner.metadata.uid ?? '')];
    return all.sort(
      (a, b) => a.revision - b.revision || compareStrings(a.metadata.name ?? '', b.metadata.name ?? ''),
    );
  }

  /** The revision of the owner's template: found, renumbered (a roll-back) or created. Undefined when a write failed. */
  *newest(owner: Revised): Steps<ControllerRevision | undefined> {
    const { template } = owner.spec;
    const known = this.of(owner);
    const last = known.at(-1);
    const found = known.findLast((revision) => isSame(revision, template));
    if (found && found === last) return found;
    const number = (last?.revision ?? 0) + 1;
    if (found) return yield* this.#renumber(found, number);
    const created = newRevision(owner, template, number);
    const { error, object } = yield* call<ControllerRevision>((reply) => this.#client.create(created, reply));
    return error?.code === 409 ? created : object;
  }

  /** Deletes the oldest revisions beyond the limit that neither the owner nor a pod of it uses. */
  truncate(owner: Revised, used: readonly ControllerRevision[], pods: readonly PodObject[]): void {
    const live = new Set([...used.map(hashOf), ...pods.map(revisionHashOf)]);
    const idle = this.of(owner).filter((revision) => !live.has(hashOf(revision)));
    const nSurplus = Math.max(0, idle.length - (owner.spec.revisionHistoryLimit ?? 10));
    for (const revision of idle.slice(0, nSurplus)) this.#client.delete(keyOf(revision));
  }

  *#renumber(found: ControllerRevision, number: number): Steps<ControllerRevision | undefined> {
    const edit = (revision: ControllerRevision) => ({ ...revision, revision: number });
    const { object } = yield* call<ControllerRevision>((reply) =>
      this.#client.patch(keyOf(found), edit, undefined, reply),
    );
    return object;
  }
}

function keyOf({ kind, metadata }: ControllerRevision) {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

function isSame(revision: ControllerRevision, template: PodTemplateSpec): boolean {
  return revision.data === template || deepEqual(revision.data, template);
}

/** Not yet created. */
export function newRevision(
  owner: KubeObject,
  template: PodTemplateSpec,
  revision: number,
): ControllerRevision {
  const { apiVersion, kind } = owner;
  const { name = '', namespace = '', uid = '' } = owner.metadata;
  const hash = templateHash(template, 0);
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...template.metadata?.labels, [REVISION_LABEL]: hash },
      ownerReferences: [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }],
    },
    data: template,
    revision,
  };
}
