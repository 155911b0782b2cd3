// What claims and volumes say of each other, as scheduler and controllers read it.
// Source: component-helpers/storage/volume/{helpers,pv_helpers}.go, 1.37.

import type { KubeObject, PersistentVolume, PersistentVolumeClaim } from './types.ts';

export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
export const NO_PROVISIONER = 'kubernetes.io/no-provisioner';
const BETA_STORAGE_CLASS = 'volume.beta.kubernetes.io/storage-class';

export function annotationOf({ metadata }: KubeObject, key: string): string | undefined {
  return metadata.annotations?.[key];
}

/** '' = none. */
export function classNameOf(object: PersistentVolumeClaim | PersistentVolume): string {
  return annotationOf(object, BETA_STORAGE_CLASS) ?? object.spec?.storageClassName ?? '';
}

/** Whether the volume's claimRef is this claim; one without a uid stands for any claim of the name. */
export function isReservedFor(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { claimRef } = volume.spec ?? {};
  const { name, namespace, uid } = claim.metadata;
  return (
    claimRef?.name === name && claimRef?.namespace === namespace && (!claimRef?.uid || claimRef.uid === uid)
  );
}
