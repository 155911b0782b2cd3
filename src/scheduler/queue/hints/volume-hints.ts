/**
 * Queueing hints of the plugins that look at volumes.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/{volumerestrictions,nodevolumelimits,volumebinding,
 * volumezone}. Deviation: pods of one class are asked together, so a claim made for a generic ephemeral volume counts
 * for every pod of the class, whichever pod it was made for.
 */
import { parseValue } from '../../../base/quantity.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from '../../../kube/types.ts';
import { conflictsWithClass } from '../../plugins/volume-restrictions.ts';
import { topologiesOf } from '../../plugins/volume-zone.ts';
import { claimVolumes } from '../../plugins/volumes/claims.ts';
import { inTreeVolume } from '../../plugins/volumes/csi-migration.ts';
import { differ } from '../cluster-event.ts';
import { always, type Hint, type HintTable } from '../queueing-hints.ts';
import { classOf, isOnNode } from './subjects.ts';

const MIGRATED_PLUGINS = 'storage.alpha.kubernetes.io/migrated-plugins';

/** Whether a pod of the class uses the claim. */
function usesClaim(cls: PodClass, { metadata }: PersistentVolumeClaim): boolean {
  if (metadata.namespace !== cls.namespace) return false;
  return claimVolumes(cls).some(({ volumeName, claimName }) =>
    claimName === undefined ? metadata.name!.endsWith(`-${volumeName}`) : claimName === metadata.name,
  );
}

const ownClaim: Hint = ({ cls }, now: PersistentVolumeClaim) => usesClaim(cls, now);

/** Claims that pods name; not those of generic ephemeral volumes. */
const namedClaims = (cls: PodClass): string[] =>
  claimVolumes(cls).flatMap(({ claimName }) => (claimName === undefined ? [] : [claimName]));

export const volumeRestrictions: HintTable = {
  AssignedPodDelete: ({ cls }, _, gone: PodObject, cluster) => {
    if (gone.namespace !== cls.namespace) return false;
    const other = classOf(gone, cluster);
    if (conflictsWithClass(cls.spec.volumes ?? [], other)) return true;
    const claims = namedClaims(cls);
    return namedClaims(other).some((claim) => claims.includes(claim));
  },
  NodeAdd: always,
  PersistentVolumeClaimAdd: ({ cls }, { metadata }: PersistentVolumeClaim) =>
    metadata.namespace === cls.namespace && namedClaims(cls).includes(metadata.name!),
};

const limitOf = (node: CSINode, driver: string): number =>
  node.spec?.drivers?.find(({ name }) => name === driver)?.allocatable?.count ?? 0;

export const nodeVolumeLimits: HintTable = {
  CSINodeAdd: always,
  CSINodeUpdate: (_, now: CSINode, before: CSINode) =>
    now.spec?.drivers?.some(({ name }) => limitOf(now, name) > limitOf(before, name)) ?? false,
  AssignedPodDelete: (_, __, gone: PodObject) =>
    isOnNode(gone) &&
    (gone.shape.spec.volumes?.some(
      (volume) => volume.persistentVolumeClaim || volume.ephemeral || inTreeVolume(volume),
    ) ??
      false),
  PersistentVolumeClaimAdd: ownClaim,
  VolumeAttachmentDelete: ({ cls }, _, gone: { readonly spec: { readonly attacher: string } }) =>
    cls.spec.volumes?.some(
      (volume) => volume.persistentVolumeClaim || inTreeVolume(volume)?.plugin.driver === gone.spec.attacher,
    ) ?? false,
};

const storageOf = ({ maximumVolumeSize, capacity }: CSIStorageCapacity): number =>
  parseValue(maximumVolumeSize ?? capacity ?? -1);

export const volumeBinding: HintTable = {
  StorageClassAdd: always,
  StorageClassUpdate: (_, now: StorageClass, before: StorageClass) =>
    differ(now.allowedTopologies, before.allowedTopologies),
  PersistentVolumeClaimAdd: ownClaim,
  PersistentVolumeClaimUpdate: ownClaim,
  PersistentVolumeAdd: always,
  PersistentVolumeUpdate: always,
  NodeAdd: always,
  NodeLabel: always,
  CSINodeAdd: always,
  CSINodeUpdate: (_, now: CSINode, before: CSINode) =>
    now.metadata.annotations?.[MIGRATED_PLUGINS] !== before.metadata.annotations?.[MIGRATED_PLUGINS],
  CSIDriverUpdate: ({ cls }, now: CSIDriver, before: CSIDriver) =>
    before.spec?.storageCapacity === true &&
    now.spec?.storageCapacity !== true &&
    (cls.spec.volumes?.some(({ csi }) => csi?.driver === now.metadata.name) ?? false),
  CSIStorageCapacityAdd: always,
  CSIStorageCapacityUpdate: (_, now: CSIStorageCapacity, before: CSIStorageCapacity) =>
    storageOf(now) > storageOf(before),
};

export const volumeZone: HintTable = {
  StorageClassAdd: (_, { volumeBindingMode }: StorageClass) => volumeBindingMode === 'WaitForFirstConsumer',
  NodeAdd: always,
  NodeLabel: always,
  PersistentVolumeClaimAdd: ownClaim,
  PersistentVolumeClaimUpdate: ownClaim,
  PersistentVolumeAdd: always,
  PersistentVolumeUpdate: (_, now: PersistentVolume, before: PersistentVolume) => {
    const topologies = (volume: PersistentVolume) =>
      topologiesOf(volume).map(({ key, values }) => [key, [...values].sort()]);
    return differ(topologies(now), topologies(before));
  },
};
