import { describe, expect, it } from 'vitest';
import type { KubeObject, Volume } from '../../../kube/types.ts';
import { hint, node, object, type PodFields, pod } from '../../testing/hint-fixtures.ts';
import type { EventKind, Subject } from '../cluster-event.ts';

type Row = readonly [
  string,
  string,
  keyof typeof EventKind,
  PodFields,
  Subject,
  Subject,
  boolean | undefined,
];

const volumes = (...list: Volume[]): PodFields => ({ spec: { volumes: list } });
const claims = (name: string) => volumes({ name: 'v', persistentVolumeClaim: { claimName: name } });
const disk = volumes({ name: 'v', gcePersistentDisk: { pdName: 'd' } });
const ephemeral = volumes({ name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: {} } } } as Volume);
const claim = (name: string, namespace = 'default') =>
  object('PersistentVolumeClaim', name, { metadata: { namespace } });
const csiNode = (count: number, annotations = {}) =>
  object('CSINode', 'n', {
    metadata: { annotations },
    spec: { drivers: [{ name: 'd', nodeID: 'n', allocatable: { count } }] },
  });
const storageClass = (fields: object = {}) => object('StorageClass', 's', { provisioner: 'p', ...fields });
const capacity = (size?: string) =>
  object('CSIStorageCapacity', 'c', { storageClassName: 's', ...(size && { capacity: size }) });
const driver = (storageCapacity: boolean) => object('CSIDriver', 'd', { spec: { storageCapacity } });
const volume = (zone: string) =>
  object('PersistentVolume', 'pv', { metadata: { labels: { 'topology.kubernetes.io/zone': zone } } });
const attachment = (attacher: string): KubeObject =>
  object('VolumeAttachment', 'a', { spec: { attacher, nodeName: 'n', source: {} } });
const MIGRATED = { 'storage.alpha.kubernetes.io/migrated-plugins': 'x' };

const ROWS: readonly Row[] = [
  [
    'VolumeRestrictions',
    'a pod with the same disk went',
    'AssignedPodDelete',
    disk,
    undefined,
    pod(disk),
    true,
  ],
  [
    'VolumeRestrictions',
    'a pod with the same claim went',
    'AssignedPodDelete',
    claims('a'),
    undefined,
    pod(claims('a')),
    true,
  ],
  [
    'VolumeRestrictions',
    'a pod with another claim went',
    'AssignedPodDelete',
    claims('a'),
    undefined,
    pod(claims('b')),
    false,
  ],
  [
    'VolumeRestrictions',
    'a pod of another namespace went',
    'AssignedPodDelete',
    claims('a'),
    undefined,
    pod({ ...claims('a'), namespace: 'o' }),
    false,
  ],
  [
    'VolumeRestrictions',
    'its claim was made',
    'PersistentVolumeClaimAdd',
    claims('a'),
    claim('a'),
    undefined,
    true,
  ],
  [
    'VolumeRestrictions',
    'another claim was made',
    'PersistentVolumeClaimAdd',
    claims('a'),
    claim('b'),
    undefined,
    false,
  ],
  ['VolumeRestrictions', 'any new node', 'NodeAdd', disk, node(), undefined, true],
  ['NodeVolumeLimits', 'any new CSINode', 'CSINodeAdd', claims('a'), csiNode(1), undefined, true],
  ['NodeVolumeLimits', 'a higher limit', 'CSINodeUpdate', claims('a'), csiNode(2), csiNode(1), true],
  ['NodeVolumeLimits', 'a lower limit', 'CSINodeUpdate', claims('a'), csiNode(1), csiNode(2), false],
  [
    'NodeVolumeLimits',
    'a pod with a claim went',
    'AssignedPodDelete',
    claims('a'),
    undefined,
    pod(claims('b')),
    true,
  ],
  [
    'NodeVolumeLimits',
    'a pod without volumes went',
    'AssignedPodDelete',
    claims('a'),
    undefined,
    pod(),
    false,
  ],
  [
    'NodeVolumeLimits',
    'a pod with a claim went that was on no node',
    'AssignedPodDelete',
    claims('a'),
    undefined,
    pod({ ...claims('b'), nodeName: '' }),
    false,
  ],
  [
    'NodeVolumeLimits',
    'its claim was made',
    'PersistentVolumeClaimAdd',
    claims('a'),
    claim('a'),
    undefined,
    true,
  ],
  [
    'NodeVolumeLimits',
    'a claim for an ephemeral volume was made',
    'PersistentVolumeClaimAdd',
    ephemeral,
    claim('pod-scratch'),
    undefined,
    true,
  ],
  [
    'NodeVolumeLimits',
    'something was detached',
    'VolumeAttachmentDelete',
    claims('a'),
    undefined,
    attachment('d'),
    true,
  ],
  [
    'NodeVolumeLimits',
    'something was detached, but the pod has no volume',
    'VolumeAttachmentDelete',
    {},
    undefined,
    attachment('d'),
    false,
  ],
  [
    'NodeVolumeLimits',
    'its disk has the driver that detached',
    'VolumeAttachmentDelete',
    disk,
    undefined,
    attachment('pd.csi.storage.gke.io'),
    true,
  ],
  ['VolumeBinding', 'any new class', 'StorageClassAdd', claims('a'), storageClass(), undefined, true],
  [
    'VolumeBinding',
    'a class for other topologies',
    'StorageClassUpdate',
    claims('a'),
    storageClass({ allowedTopologies: [{}] }),
    storageClass(),
    true,
  ],
  [
    'VolumeBinding',
    'a class with other parameters',
    'StorageClassUpdate',
    claims('a'),
    storageClass({ parameters: { a: 'b' } }),
    storageClass(),
    false,
  ],
  [
    'VolumeBinding',
    'its claim changed',
    'PersistentVolumeClaimUpdate',
    claims('a'),
    claim('a'),
    claim('a'),
    true,
  ],
  [
    'VolumeBinding',
    'its claim in another namespace changed',
    'PersistentVolumeClaimUpdate',
    claims('a'),
    claim('a', 'o'),
    claim('a', 'o'),
    false,
  ],
  ['VolumeBinding', 'any new volume', 'PersistentVolumeAdd', claims('a'), volume('a'), undefined, true],
  ['VolumeBinding', 'any new labels of nodes', 'NodeLabel', claims('a'), node(), node(), true],
  [
    'VolumeBinding',
    'a CSINode with another limit',
    'CSINodeUpdate',
    claims('a'),
    csiNode(2),
    csiNode(1),
    false,
  ],
  [
    'VolumeBinding',
    'a CSINode that migrates other plugins',
    'CSINodeUpdate',
    claims('a'),
    csiNode(1, MIGRATED),
    csiNode(1),
    true,
  ],
  [
    'VolumeBinding',
    'its driver does not track capacity any more',
    'CSIDriverUpdate',
    volumes({ name: 'v', csi: { driver: 'd' } }),
    driver(false),
    driver(true),
    true,
  ],
  [
    'VolumeBinding',
    'its driver begins to track capacity',
    'CSIDriverUpdate',
    volumes({ name: 'v', csi: { driver: 'd' } }),
    driver(true),
    driver(false),
    false,
  ],
  [
    'VolumeBinding',
    'more capacity',
    'CSIStorageCapacityUpdate',
    claims('a'),
    capacity('2Gi'),
    capacity('1Gi'),
    true,
  ],
  [
    'VolumeBinding',
    'less capacity',
    'CSIStorageCapacityUpdate',
    claims('a'),
    capacity('1Gi'),
    capacity('2Gi'),
    false,
  ],
  [
    'VolumeBinding',
    'capacity where none was known',
    'CSIStorageCapacityUpdate',
    claims('a'),
    capacity('0'),
    capacity(),
    true,
  ],
  [
    'VolumeZone',
    'a class that waits for the first consumer',
    'StorageClassAdd',
    claims('a'),
    storageClass({ volumeBindingMode: 'WaitForFirstConsumer' }),
    undefined,
    true,
  ],
  [
    'VolumeZone',
    'a class that binds at once',
    'StorageClassAdd',
    claims('a'),
    storageClass(),
    undefined,
    false,
  ],
  [
    'VolumeZone',
    'a volume in another zone than before',
    'PersistentVolumeUpdate',
    claims('a'),
    volume('a'),
    volume('b'),
    true,
  ],
  [
    'VolumeZone',
    'a volume in the same zones, told in another order',
    'PersistentVolumeUpdate',
    claims('a'),
    volume('a__b'),
    volume('b__a'),
    false,
  ],
  ['VolumeZone', 'its claim was made', 'PersistentVolumeClaimAdd', claims('a'), claim('a'), undefined, true],
];

describe('a pod that waits because of', () => {
  it.each(ROWS)('%s: %s', (plugin, _, kind, waiting, now, before, expected) => {
    expect(hint(plugin, kind, waiting, now, before)).toBe(expected);
  });
});
