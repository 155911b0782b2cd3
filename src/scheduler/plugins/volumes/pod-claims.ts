/**
 * The claims of a pod, sorted by what the scheduler has to do about them.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/volumebinding (volume_binding.go podHasPVCs,
 * binder.go GetPodVolumeClaims).
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../kube/types.ts';
import { annotationOf, classNameOf, SELECTED_NODE } from '../../../kube/volume-claims.ts';
import { errorStatus, type Status, unresolvable } from '../../framework/status.ts';
import type { AssumedObjects } from './assumed-objects.ts';
import {
  type ClaimOwner,
  type ClaimVolume,
  claimNameOf,
  claimVolumes,
  findClaim,
  findStorageClass,
  isFullyBound,
  notFound,
  notOwnerText,
} from './claims.ts';
import { derivedFrom, grouped } from './derived.ts';
import { requestedStorage, type VolumeChoice, volumeChoice } from './pv-matching.ts';

/** A claim that waits for its first pod to be placed. */
export interface DelayedClaim {
  readonly claim: PersistentVolumeClaim;
  readonly storageClass: StorageClass;
  /** Where an earlier decision has sent it; undefined = nowhere yet. */
  readonly selectedNode: string | undefined;
  readonly choice: VolumeChoice;
}

export interface PodClaims {
  readonly bound: readonly PersistentVolumeClaim[];
  /** Those sent to a node already, then the others by growing size: the order in which they choose. */
  readonly delayed: readonly DelayedClaim[];
}

const UNBOUND_IMMEDIATE = 'pod has unbound immediate PersistentVolumeClaims';

const volumesByClass = derivedFrom<PersistentVolume, ReadonlyMap<string, readonly PersistentVolume[]>>(
  'PersistentVolume',
  (volumes) => grouped(volumes, classNameOf),
);

/** The pod's claims, or why it cannot be placed before something happens to them. `plugin` signs the statuses. */
export function podClaims(
  pod: ClaimOwner,
  cluster: Cluster,
  assumed: AssumedObjects,
  plugin: string,
): PodClaims | { readonly status: Status } {
  const claims: PersistentVolumeClaim[] = [];
  for (const volume of claimVolumes(pod.cls)) {
    const claim = usableClaim(volume, pod, cluster);
    if (typeof claim === 'string') return { status: unresolvable(plugin, claim) };
    claims.push(assumed.current(claim));
  }
  const delayed: DelayedClaim[] = [];
  let nImmediate = 0;
  for (const claim of claims) {
    if (isFullyBound(claim)) continue;
    const storageClass = findStorageClass(cluster.objects, classNameOf(claim));
    if (storageClass && !storageClass.volumeBindingMode) {
      const text = `VolumeBindingMode not set for StorageClass "${storageClass.metadata.name}"`;
      return { status: errorStatus(plugin, text) };
    }
    const isDelayed = storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && !claim.spec?.volumeName;
    if (isDelayed) delayed.push(delayedClaim(claim, storageClass, cluster, assumed));
    else nImmediate++;
  }
  if (nImmediate > 0) return { status: unresolvable(plugin, UNBOUND_IMMEDIATE) };
  delayed.sort(bySize);
  return { bound: claims.filter(isFullyBound), delayed };
}

/** Claims that an earlier decision has sent somewhere keep the order of the pod's volumes and come first. */
function bySize(a: DelayedClaim, b: DelayedClaim): number {
  if (a.selectedNode !== undefined || b.selectedNode !== undefined) {
    return Number(a.selectedNode === undefined) - Number(b.selectedNode === undefined);
  }
  return Number(requestedStorage(a.claim) - requestedStorage(b.claim));
}

/** The claim behind a volume, or the text that says why there is none to use. */
function usableClaim(
  volume: ClaimVolume,
  pod: ClaimOwner,
  { objects }: Cluster,
): PersistentVolumeClaim | string {
  const isEphemeral = volume.claimName === undefined;
  const name = claimNameOf(volume, pod.name);
  const claim = findClaim(objects, pod.cls.namespace, name);
  if (!claim) {
    return isEphemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
      : notFound.claim(name);
  }
  if (claim.status?.phase === 'Lost') {
    const { volumeName = '' } = claim.spec ?? {};
    return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${volumeName}"`;
  }
  if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`;
  return (isEphemeral ? notOwnerText(claim, pod) : undefined) ?? claim;
}

function delayedClaim(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  { objects }: Cluster,
  assumed: AssumedObjects,
): DelayedClaim {
  const selectedNode = annotationOf(claim, SELECTED_NODE);
  const volumes = volumesByClass(objects).get(storageClass.metadata.name!) ?? [];
  const current = volumes.map((volume) => assumed.current(volume));
  return { claim, storageClass, selectedNode, choice: volumeChoice(claim, current) };
}
