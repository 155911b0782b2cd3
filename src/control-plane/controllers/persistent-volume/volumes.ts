// Which persistent volume suits a claim.
// Source: pkg/controller/volume/persistentvolume/{index.go,pv_controller.go},
// component-helpers/storage/volume/pv_helpers.go, 1.37.

import { parseValue } from '../../../base/quantity.ts';
import { isEmptySelector, matchesLabelSelector } from '../../../kube/selector.ts';
import type {
  KubeObject,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from '../../../kube/types.ts';
import { annotationOf, classNameOf, isReservedFor, SELECTED_NODE } from '../../../kube/volume-claims.ts';

export const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

export function withAnnotation<T extends KubeObject>(object: T, key: string, value: string): T {
  const annotations = { ...object.metadata.annotations, [key]: value };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

export function requestedBytes(claim: PersistentVolumeClaim): number {
  return parseValue(claim.spec?.resources?.requests?.storage ?? 0);
}

export function isDelayed(claim: PersistentVolumeClaim, storageClass: StorageClass | undefined): boolean {
  return (
    storageClass?.volumeBindingMode === 'WaitForFirstConsumer' &&
    annotationOf(claim, SELECTED_NODE) === undefined
  );
}

function capacityBytes(volume: PersistentVolume): number {
  return parseValue(volume.spec?.capacity?.storage ?? 0);
}

function suits(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { accessModes = [], volumeMode = 'Filesystem' } = claim.spec ?? {};
  const modes = volume.spec?.accessModes ?? [];
  if ((volume.spec?.volumeMode ?? 'Filesystem') !== volumeMode || volume.metadata.deletionTimestamp)
    return false;
  return capacityBytes(volume) >= requestedBytes(claim) && accessModes.every((mode) => modes.includes(mode));
}

/** A volume reserved for the claim, else the smallest free one that is large enough; the first of equal ones. */
export function findVolume(
  volumes: Iterable<PersistentVolume>,
  claim: PersistentVolumeClaim,
  delayed: boolean,
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined;
  const selector = claim.spec?.selector;
  for (const volume of volumes) {
    if (!suits(volume, claim)) continue;
    if (volume.spec?.claimRef) {
      if (isReservedFor(volume, claim)) return volume;
      continue;
    }
    const isFree =
      volume.status?.phase === 'Available' && classNameOf(volume) === classNameOf(claim) && !delayed;
    if (!isFree) continue;
    if (selector && !isEmptySelector(selector) && !matchesLabelSelector(selector, volume.metadata.labels))
      continue;
    if (!best || capacityBytes(volume) < capacityBytes(best)) best = volume;
  }
  return best;
}

/** The class that claims without one get: the newest default. */
export function defaultClass(classes: Iterable<StorageClass>): StorageClass | undefined {
  let found: StorageClass | undefined;
  for (const storageClass of classes) {
    if (annotationOf(storageClass, 'storageclass.kubernetes.io/is-default-class') !== 'true') continue;
    const isNewer =
      (storageClass.metadata.creationTimestamp ?? '') >= (found?.metadata.creationTimestamp ?? '');
    if (!found || isNewer) found = storageClass;
  }
  return found;
}
