import { describe, expect, test } from 'vitest';
import { csiNodeOf } from '../../testing/volume-objects.ts';
import { csiHandle, inTreeVolume, isMigratedOn } from './csi-migration.ts';

const ZONE = 'topology.kubernetes.io/zone';
const BETA_ZONE = 'failure-domain.beta.kubernetes.io/zone';
const handle = (source: object, labels = {}) => csiHandle(inTreeVolume(source)!, labels);

describe('the driver’s handle', () => {
  const gce = { gcePersistentDisk: { pdName: 'd' } };
  const rows: [string, object, Record<string, string>, string | undefined][] = [
    ['of EBS is the id', { awsElasticBlockStore: { volumeID: 'vol-1' } }, {}, 'vol-1'],
    [
      'of EBS may stand behind its place',
      { awsElasticBlockStore: { volumeID: 'aws://us-1a/vol-1' } },
      {},
      'vol-1',
    ],
    ['of EBS must look like one', { awsElasticBlockStore: { volumeID: 'aws://us-1a/disk' } }, {}, undefined],
    ['of a GCE disk has its zone', gce, { [ZONE]: 'z' }, 'projects/UNSPECIFIED/zones/z/disks/d'],
    [
      'prefers the beta label',
      gce,
      { [ZONE]: 'z', [BETA_ZONE]: 'b' },
      'projects/UNSPECIFIED/zones/b/disks/d',
    ],
    ['without a zone says so', gce, {}, 'projects/UNSPECIFIED/zones/UNSPECIFIED/disks/d'],
    [
      'of a regional disk has its region',
      gce,
      { [ZONE]: 'eu-1-a__eu-1-b' },
      'projects/UNSPECIFIED/regions/eu-1/disks/d',
    ],
    ['over two regions makes no sense', gce, { [ZONE]: 'eu-1-a__eu-2-b' }, undefined],
    ['of an Azure disk is its URI', { azureDisk: { diskName: 'd', diskURI: '/uri' } }, {}, '/uri'],
    [
      'of an unmanaged Azure disk does not exist',
      { azureDisk: { diskURI: '/uri', kind: 'Dedicated' } },
      {},
      undefined,
    ],
    ['of Cinder is the id', { cinder: { volumeID: 'c' } }, {}, 'c'],
    ['of vSphere is none of the scheduler’s business', { vsphereVolume: { volumePath: 'p' } }, {}, undefined],
  ];
  test.each(rows)('%s', (_, source, labels, expected) => {
    expect(handle(source, labels)).toBe(expected);
  });
});

test('other volumes are not in-tree', () => {
  expect(inTreeVolume({ emptyDir: {} })).toBeUndefined();
});

test('a plugin is migrated where the node’s CSINode lists it', () => {
  const { plugin } = inTreeVolume({ cinder: { volumeID: 'c' } })!;
  const annotated = (names: string) =>
    csiNodeOf('n', 1, { 'storage.alpha.kubernetes.io/migrated-plugins': names });
  expect(isMigratedOn(plugin, annotated('kubernetes.io/aws-ebs,kubernetes.io/cinder'))).toBe(true);
  expect(isMigratedOn(plugin, annotated('kubernetes.io/aws-ebs'))).toBe(false);
  expect(isMigratedOn(plugin, undefined)).toBe(false);
});
