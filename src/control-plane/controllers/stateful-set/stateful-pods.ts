// The pods of a StatefulSet: names, shapes and claims by ordinal.
// Source: pkg/controller/statefulset/stateful_set_utils.go, 1.37.

import type { PodObject } from '../../../kube/pod-object.ts';
import type { PodShape } from '../../../kube/pod-shape.ts';
import type {
  OwnerReference,
  PersistentVolumeClaim,
  PodTemplateSpec,
  StatefulSet,
  Volume,
} from '../../../kube/types.ts';
import { podUid } from '../../../kube/uid.ts';
import type { WallClock } from '../../../kube/wall-clock.ts';
import { isAvailable } from '../pod-state.ts';
import { type ControllerRevision, hashOf, REVISION_LABEL } from '../revisions.ts';

const POD_NAME = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX = 'apps.kubernetes.io/pod-index';

export const startOf = (set: StatefulSet): number => set.spec.ordinals?.start ?? 0;
export const replicasOf = (set: StatefulSet): number => set.spec.replicas ?? 1;
export const partitionOf = (set: StatefulSet): number =>
  set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;

export function podName(set: StatefulSet, ordinal: number): string {
  return `${set.metadata.name}-${ordinal}`;
}

/** The ordinal in a pod's name; -1 when it is not a name of the set's pods. */
export function ordinalOf(set: StatefulSet, pod: PodObject): number {
  const match = /^(.*)-(\d+)$/.exec(pod.name);
  return match && match[1] === set.metadata.name ? Number(match[2]) : -1;
}

export function claimName(
  set: StatefulSet,
  template: Partial<PersistentVolumeClaim>,
  ordinal: number,
): string {
  return `${template.metadata?.name}-${podName(set, ordinal)}`;
}

function volumes(set: StatefulSet, template: PodTemplateSpec, ordinal: number): readonly Volume[] {
  const claims = (set.spec.volumeClaimTemplates ?? []).map(
    (claim): Volume => ({
      name: claim.metadata?.name ?? '',
      persistentVolumeClaim: { claimName: claimName(set, claim, ordinal) },
    }),
  );
  const own = (template.spec.volumes ?? []).filter(
    ({ name }) => !claims.some((claim) => claim.name === name),
  );
  return [...own, ...claims];
}

const shapes = new WeakMap<PodTemplateSpec, Map<string, PodShape>>();

/** Every pod has its own name in its labels and claims, so every ordinal has a shape of its own; kept per template. */
export function shapeAt(set: StatefulSet, revision: ControllerRevision, ordinal: number): PodShape {
  const template = revision.data;
  let byName = shapes.get(template);
  if (!byName) shapes.set(template, (byName = new Map()));
  const name = podName(set, ordinal);
  const namespace = set.metadata.namespace ?? '';
  const key = `${namespace}/${name}/${hashOf(revision)}`;
  let shape = byName.get(key);
  if (!shape) {
    const { labels, annotations } = template.metadata ?? {};
    const identity = { [POD_NAME]: name, [POD_INDEX]: String(ordinal), [REVISION_LABEL]: hashOf(revision) };
    const all = volumes(set, template, ordinal);
    const { serviceName } = set.spec;
    shape = {
      namespace,
      labels: { ...labels, ...identity },
      ...(annotations && { annotations }),
      spec: {
        ...template.spec,
        hostname: name,
        ...(serviceName && { subdomain: serviceName }),
        ...(all.length > 0 && { volumes: all }),
      },
    };
    byName.set(key, shape);
  }
  return shape;
}

/** A claim of a pod as it is created; it belongs to the set when it goes with it. */
export function claimOf(
  set: StatefulSet,
  template: Partial<PersistentVolumeClaim>,
  ordinal: number,
): PersistentVolumeClaim {
  const isOwned = set.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete';
  return {
    ...template,
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...template.metadata,
      name: claimName(set, template, ordinal),
      namespace: set.metadata.namespace ?? '',
      labels: { ...template.metadata?.labels, ...set.spec.selector.matchLabels },
      ...(isOwned && { ownerReferences: [referenceTo(set)] }),
    },
  } as PersistentVolumeClaim;
}

export function referenceTo(set: StatefulSet): OwnerReference {
  const { apiVersion, kind, metadata } = set;
  return { apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '' };
}

export function referenceToPod(pod: PodObject): OwnerReference {
  return { apiVersion: 'v1', kind: 'Pod', name: pod.name, uid: podUid(pod.uid) };
}

export function isRunningAndReady(pod: PodObject): boolean {
  return pod.phase === 'Running' && pod.ready;
}

export function isRunningAndAvailable(
  pod: PodObject,
  minReadySeconds: number,
  nowUs: number,
  clock: WallClock,
): boolean {
  return isRunningAndReady(pod) && isAvailable(pod, minReadySeconds, nowUs, clock);
}
