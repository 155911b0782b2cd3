// ControllerRevisions: the templates that a StatefulSet or DaemonSet has had, one object each.
// Source: pkg/controller/history/controller_history.go, 1.37.

import { compareStrings } from '../../base/orders.ts';
import type { ApiClient, Informer } from '../../kube/api.ts';
import type { KubeObject, PodTemplateSpec } from '../../kube/types.ts';
import { deepEqual } from '../deep-equal.ts';
import { call, type Steps } from '../sync.ts';
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

/** Oldest first. */
export function revisionsOf(informer: Informer<ControllerRevision>, owner: KubeObject): ControllerRevision[] {
  const all = [...informer.ownedBy(owner.metadata.uid ?? '')];
  return all.sort(
    (a, b) => a.revision - b.revision || compareStrings(a.metadata.name ?? '', b.metadata.name ?? ''),
  );
}

function isSame(revision: ControllerRevision, template: PodTemplateSpec): boolean {
  return revision.data === template || deepEqual(revision.data, template);
}

/** The revision of the owner's template: found, renumbered (a roll-back) or created. Undefined when a write failed. */
export function* ensureRevision(
  client: ApiClient,
  owner: KubeObject,
  template: PodTemplateSpec,
  known: readonly ControllerRevision[],
): Steps<ControllerRevision | undefined> {
  const last = known.at(-1);
  const found = known.findLast((revision) => isSame(revision, template));
  if (found && found === last) return found;
  const number = (last?.revision ?? 0) + 1;
  if (found) {
    const key = {
      kind: found.kind,
      namespace: found.metadata.namespace ?? '',
      name: found.metadata.name ?? '',
    };
    const renumber = (revision: ControllerRevision) => ({ ...revision, revision: number });
    return (yield* call<ControllerRevision>((reply) => client.patch(key, renumber, undefined, reply))).object;
  }
  const created = newRevision(owner, template, number);
  const { error, object } = yield* call<ControllerRevision>((reply) => client.create(created, reply));
  return error?.code === 409 ? created : object;
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

/** Deletes the oldest revisions that no pod has, beyond the limit. */
export function truncateRevisions(
  client: ApiClient,
  known: readonly ControllerRevision[],
  limit: number,
  isLive: (revision: ControllerRevision) => boolean,
): void {
  const idle = known.filter((revision) => !isLive(revision));
  for (const { kind, metadata } of idle.slice(0, Math.max(0, idle.length - limit))) {
    client.delete({ kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
  }
}
