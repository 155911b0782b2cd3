// Rules of claims, volumes and classes. Source: pkg/apis/core/validation, pkg/apis/storage/validation, 1.37.

import { parseQuantity } from '../../base/quantity.ts';
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  Quantity,
  StorageClass,
  VolumeAttachment,
} from '../types.ts';
import { checkNodeSelector } from './affinity.ts';
import type { Field } from './field.ts';
import { checkLabelSelector } from './metadata.ts';
import { dnsSubdomain, qualifiedName } from './names.ts';
import { checkAmounts } from './resource-rules.ts';
import { PERSISTENT_SOURCES } from './shapes/volume.ts';

const ACCESS_MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

function checkAccessModes(modes: readonly string[] | null | undefined, at: Field): void {
  if (!modes?.length) at.required('at least 1 access mode is required');
  for (const [i, mode] of (modes ?? []).entries()) at.at(i).oneOf(mode, ACCESS_MODES);
  if (modes?.includes('ReadWriteOncePod') && modes.length > 1) {
    at.forbidden('may not use ReadWriteOncePod with other access modes');
  }
}

function checkSize(size: Quantity | null | undefined, at: Field): void {
  if (size === undefined || size === null) at.required();
  else if (parseQuantity(size).nano <= 0n) at.invalid(String(size), 'must be greater than zero');
}

export function checkClaimSpec(spec: PersistentVolumeClaimSpec | null | undefined, at: Field): void {
  checkAccessModes(spec?.accessModes, at.at('accessModes'));
  checkSize(spec?.resources?.requests?.storage, at.at('resources', 'requests', 'storage'));
  checkLabelSelector(spec?.selector, at.at('selector'));
  at.at('volumeMode').oneOf(spec?.volumeMode, ['Block', 'Filesystem']);
  const name = spec?.storageClassName;
  if (name) at.at('storageClassName').all(name, dnsSubdomain(name));
}

function checkPersistentVolume(volume: PersistentVolume, root: Field): void {
  const at = root.at('spec');
  const spec = volume.spec ?? {};
  checkAmounts(spec.capacity, at.at('capacity'));
  checkSize(spec.capacity?.storage, at.at('capacity', 'storage'));
  checkAccessModes(spec.accessModes, at.at('accessModes'));
  const sources = PERSISTENT_SOURCES.filter((name) => (spec as Record<string, unknown>)[name]);
  if (sources.length === 0) at.required('must specify a volume type');
  for (const name of sources.slice(1)) at.at(name).forbidden('may not specify more than 1 volume type');
  at.at('persistentVolumeReclaimPolicy').oneOf(spec.persistentVolumeReclaimPolicy, [
    'Delete',
    'Recycle',
    'Retain',
  ]);
  at.at('volumeMode').oneOf(spec.volumeMode, ['Block', 'Filesystem']);
  const required = spec.nodeAffinity?.required;
  if (required) checkNodeSelector(required, at.at('nodeAffinity', 'required'));
  else if (spec.local) at.at('nodeAffinity').required('Local volume requires node affinity');
  for (const field of ['driver', 'volumeHandle'] as const) {
    if (spec.csi && !spec.csi[field]) at.at('csi', field).required();
  }
}

function checkStorageClass(storageClass: StorageClass, at: Field): void {
  if (!storageClass.provisioner) at.at('provisioner').required();
  else
    at.at('provisioner').all(storageClass.provisioner, qualifiedName(storageClass.provisioner.toLowerCase()));
  at.at('reclaimPolicy').oneOf(storageClass.reclaimPolicy, ['Delete', 'Retain']);
  at.at('volumeBindingMode').oneOf(storageClass.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']);
  for (const [i, term] of (storageClass.allowedTopologies ?? []).entries()) {
    for (const [j, { key, values }] of (term.matchLabelExpressions ?? []).entries()) {
      const here = at.at('allowedTopologies', i, 'matchLabelExpressions', j);
      here.at('key').all(key ?? '', qualifiedName(key ?? ''));
      if (!values?.length) here.at('values').required();
    }
  }
}

function checkCSINode({ spec }: CSINode, at: Field): void {
  const drivers = spec?.drivers ?? [];
  at.at('spec', 'drivers').distinct(
    drivers.map(({ name }) => name),
    'name',
  );
  for (const [i, driver] of drivers.entries()) {
    const here = at.at('spec', 'drivers', i);
    if (!driver.name) here.at('name').required();
    if (!driver.nodeID) here.at('nodeID').required();
    here.at('allocatable', 'count').nonNegative(driver.allocatable?.count);
  }
}

export const storageRules = {
  PersistentVolumeClaim: ({ spec }: PersistentVolumeClaim, at: Field) => checkClaimSpec(spec, at.at('spec')),
  PersistentVolume: checkPersistentVolume,
  StorageClass: checkStorageClass,
  CSINode: checkCSINode,
  CSIDriver: ({ spec }: CSIDriver, at: Field) => {
    for (const [i, mode] of (spec?.volumeLifecycleModes ?? []).entries()) {
      at.at('spec', 'volumeLifecycleModes', i).oneOf(mode, ['Ephemeral', 'Persistent']);
    }
  },
  CSIStorageCapacity: (capacity: CSIStorageCapacity, at: Field) => {
    if (!capacity.storageClassName) at.at('storageClassName').required();
    checkLabelSelector(capacity.nodeTopology, at.at('nodeTopology'));
    for (const field of ['capacity', 'maximumVolumeSize'] as const) {
      const size = capacity[field];
      if (size && parseQuantity(size).nano < 0n)
        at.at(field).invalid(String(size), 'must be greater than or equal to 0');
    }
  },
  VolumeAttachment: ({ spec }: VolumeAttachment, at: Field) => {
    if (!spec?.attacher) at.at('spec', 'attacher').required();
    if (!spec?.nodeName) at.at('spec', 'nodeName').required();
    const { persistentVolumeName, inlineVolumeSpec } = spec?.source ?? {};
    if (!persistentVolumeName && !inlineVolumeSpec)
      at.at('spec', 'source').required(
        'must specify exactly one of inlineVolumeSpec and persistentVolumeName',
      );
  },
};
