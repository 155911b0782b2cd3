import { expect, test } from 'vitest';
import { clusterOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import { boundClaim, claimOf, classOf, podWithClaims, verdict, volumeOf } from '../testing/volume-objects.ts';
import { volumeZone } from './volume-zone.ts';

const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';
const BETA_ZONE = 'failure-domain.beta.kubernetes.io/zone';
const OUT = 'UnschedulableAndUnresolvable: node(s) had no available volume zone';
const NODES = [
  nodeOf('a', { [ZONE]: 'a', [REGION]: 'r' }),
  nodeOf('b', { [ZONE]: 'b', [REGION]: 'r' }),
  nodeOf('old', { [BETA_ZONE]: 'a' }),
  nodeOf('none', { disk: 'ssd' }),
];

const rows: [string, Record<string, string>, Record<string, string>][] = [
  [
    'a zone label keeps the pod in the zone; nodes without topology pass',
    { [ZONE]: 'a' },
    { b: OUT, old: OUT },
  ],
  ['several zones may be listed', { [ZONE]: 'b__ a' }, { old: OUT }],
  ['a beta label is met by a beta label or by the label that replaced it', { [BETA_ZONE]: 'a' }, { b: OUT }],
  ['zone and region must both agree', { [ZONE]: 'b', [REGION]: 'r' }, { a: OUT, old: OUT }],
  ['a label with an empty zone is ignored', { [ZONE]: 'a__', [REGION]: 'r' }, { old: OUT }],
  ['other labels say nothing', { disk: 'ssd' }, {}],
];

test.each(rows)('%s', (_, labels, failed) => {
  const cluster = clusterOf(NODES, [], [boundClaim('data', 'pv'), volumeOf('pv', {}, labels)]);
  expect(verdict(volumeZone(), cluster, podWithClaims(['data']))).toEqual(failed);
});

const UNRESOLVABLE = 'UnschedulableAndUnresolvable: ';
const broken: [string, Parameters<typeof clusterOf>[2], string][] = [
  ['a claim that is missing', [], 'persistentvolumeclaim "data" not found'],
  ['a volume that is missing', [boundClaim('data', 'pv')], 'persistentvolume "pv" not found'],
  [
    'a claim without volume and class',
    [claimOf('data', { storageClassName: '' })],
    'PersistentVolumeClaim had no pv name and storageClass name',
  ],
  ['a class that is missing', [claimOf('data')], 'storageclass.storage.k8s.io "late" not found'],
  [
    'a class that does not say when it binds',
    [claimOf('data'), { ...classOf('late'), volumeBindingMode: undefined } as never],
    'VolumeBindingMode not set for StorageClass "late"',
  ],
  [
    'a claim that should be bound by now',
    [claimOf('data'), classOf('late', { volumeBindingMode: 'Immediate' })],
    'PersistentVolume had no name',
  ],
];

test.each(broken)('%s rejects the pod', (_, objects, text) => {
  expect(verdict(volumeZone(), clusterOf(NODES, [], objects), podWithClaims(['data']))).toEqual({
    all: UNRESOLVABLE + text,
  });
});

test('a claim that waits for its first consumer has no zone yet', () => {
  const cluster = clusterOf(NODES, [], [claimOf('data'), classOf('late')]);
  expect(probe(volumeZone(), cluster, podWithClaims(['data'])).skipsFilter).toBe(true);
});

test('a pod without volumes is skipped', () => {
  expect(probe(volumeZone(), clusterOf(NODES), podOf({})).skipsFilter).toBe(true);
});
