/**
 * The claims behind a pod's volumes, and what kube-scheduler's volume plugins read off claims, volumes and classes.
 * Source: kubernetes v1.37.2 component-helpers storage/volume (helpers.go, pv_helpers.go), storage/ephemeral.
 */
import type { ClusterObjects } from '../../../cluster/objects.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../kube/types.ts';
import { podUid } from '../../../kube/uid.ts';
import { annotationOf, BIND_COMPLETED } from '../../../kube/volume-claims.ts';

/** A volume of a pod that is backed by a claim. */
export interface ClaimVolume {
  readonly volumeName: string;
  /** Undefined for a generic ephemeral volume: its claim bears the names of pod and volume and belongs to the pod. */
  readonly claimName: string | undefined;
}

/** The pod whose volumes are looked at. */
export interface ClaimOwner {
  readonly cls: PodClass;
  readonly name: string;
  readonly uid: string | number;
}

const NONE: readonly ClaimVolume[] = [];
const volumesByClass = new WeakMap<PodClass, readonly ClaimVolume[]>();

export function claimVolumes(cls: PodClass): readonly ClaimVolume[] {
  if (!cls.spec.volumes) return NONE;
  let volumes = volumesByClass.get(cls);
  if (!volumes) {
    volumes = cls.spec.volumes
      .filter((volume) => volume.persistentVolumeClaim || volume.ephemeral)
      .map(({ name, persistentVolumeClaim: claim }) => ({ volumeName: name, claimName: claim?.claimName }));
    volumesByClass.set(cls, volumes);
  }
  return volumes;
}

export function claimNameOf({ volumeName, claimName }: ClaimVolume, podName: string): string {
  return claimName ?? `${podName}-${volumeName}`;
}

/** The claim of an ephemeral volume must be controlled by the pod; the text says that it is not. */
export function notOwnerText(claim: PersistentVolumeClaim, pod: ClaimOwner): string | undefined {
  const { namespace, name, ownerReferences = [] } = claim.metadata;
  const uid = typeof pod.uid === 'number' ? podUid(pod.uid) : pod.uid;
  if (ownerReferences.some((owner) => owner.controller && owner.uid === uid)) return undefined;
  return `PVC ${namespace}/${name} was not created for pod ${pod.cls.namespace}/${pod.name} (pod is not owner)`;
}

export function findClaim(
  objects: ClusterObjects,
  namespace: string,
  name: string,
): PersistentVolumeClaim | undefined {
  return objects.get<PersistentVolumeClaim>('PersistentVolumeClaim', namespace, name);
}

export function findVolume(objects: ClusterObjects, name: string): PersistentVolume | undefined {
  return objects.get<PersistentVolume>('PersistentVolume', undefined, name);
}

export function findStorageClass(objects: ClusterObjects, name: string): StorageClass | undefined {
  return objects.get<StorageClass>('StorageClass', undefined, name);
}

/** The texts of the API's "not found" errors, which reach users as reasons. */
export const notFound = {
  claim: (name: string) => `persistentvolumeclaim "${name}" not found`,
  volume: (name: string) => `persistentvolume "${name}" not found`,
  storageClass: (name: string) => `storageclass.storage.k8s.io "${name}" not found`,
} as const;

/** Bound, and the bind is complete: the claim names a volume and the PV controller has put its mark. */
export function isFullyBound(claim: PersistentVolumeClaim): boolean {
  return !!claim.spec?.volumeName && annotationOf(claim, BIND_COMPLETED) !== undefined;
}
