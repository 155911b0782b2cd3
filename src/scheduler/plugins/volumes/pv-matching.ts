/**
 * Which existing volume a claim is bound to. What does not depend on the node is worked out once per cycle.
 * Source: component-helpers v0.37 storage/volume FindMatchingVolume. Deviation: of equally large volumes the one that
 * came first is taken (the original: any).
 */
import { parseQuantity } from '../../../base/quantity.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { matchesLabelSelector } from '../../../kube/selector.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../kube/types.ts';
import { classNameOf, isReservedFor } from '../../../kube/volume-claims.ts';
import { FreeVolumes } from './free-volumes.ts';
import { admitsNode } from './pv-affinity.ts';

/** The volumes that could serve a claim on some node. */
export interface VolumeChoice {
  /** Reserved for this very claim: one of these or none. */
  readonly reserved: readonly PersistentVolume[];
  /** Free ones, smallest first. */
  readonly free: FreeVolumes;
}

/** Amount of storage in billionths of a byte; 0 if nothing is said. */
export function requestedStorage(claim: PersistentVolumeClaim): bigint {
  return parseQuantity(claim.spec?.resources?.requests?.storage ?? 0).nano;
}

function capacityOf(volume: PersistentVolume): bigint {
  return parseQuantity(volume.spec?.capacity?.storage ?? 0).nano;
}

/** @param volumes all volumes of the claim's class */
export function volumeChoice(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
): VolumeChoice {
  const wanted = requestedStorage(claim);
  const reserved: PersistentVolume[] = [];
  const free: { readonly volume: PersistentVolume; readonly size: bigint }[] = [];
  for (const volume of volumes) {
    const isTaken = !!volume.spec?.claimRef;
    if (isTaken && !isReservedFor(volume, claim)) continue;
    if (!isTaken && !isOffered(claim, volume)) continue;
    const size = capacityOf(volume);
    if (size < wanted || !isSameKind(claim, volume) || volume.metadata.deletionTimestamp) continue;
    if (isTaken) reserved.push(volume);
    else free.push({ volume, size });
  }
  free.sort((a, b) => Number(a.size - b.size));
  return { reserved, free: new FreeVolumes(free.map(({ volume }) => volume)) };
}

function isSameKind({ spec: claim }: PersistentVolumeClaim, { spec: volume }: PersistentVolume): boolean {
  const mode = claim?.volumeMode ?? 'Filesystem';
  if (mode !== (volume?.volumeMode ?? 'Filesystem')) return false;
  return (claim?.volumeAttributesClassName ?? '') === (volume?.volumeAttributesClassName ?? '');
}

function isOffered(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  if (volume.status?.phase !== 'Available' || classNameOf(volume) !== classNameOf(claim)) return false;
  const { selector, accessModes = [] } = claim.spec ?? {};
  if (selector && !matchesLabelSelector(selector, volume.metadata.labels ?? {})) return false;
  return accessModes.every((mode) => volume.spec?.accessModes?.includes(mode));
}

/** The claim's volume on a node, among those not yet `taken` by the pod's other claims. */
export function chooseVolume(
  { reserved, free }: VolumeChoice,
  taken: ReadonlySet<PersistentVolume>,
  node: number,
  cluster: Cluster,
): PersistentVolume | undefined {
  const own = reserved.find((volume) => !taken.has(volume));
  if (own) return admitsNode(own, node, cluster) ? own : undefined;
  return free.first(node, cluster, taken);
}
