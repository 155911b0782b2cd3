import { describe, expect, test } from 'vitest';
import type { Volume } from '../../kube/types.ts';
import { FilterRun } from '../framework/filter-run.ts';
import { Profile } from '../framework/profile.ts';
import { tryBind, undoBind } from '../framework/schedule-pod.ts';
import { clusterOf, cycleOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import { claimOf, podWithClaims, verdict } from '../testing/volume-objects.ts';
import { disksConflict, volumeRestrictions } from './volume-restrictions.ts';

const IN_USE =
  'Unschedulable: node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod';
const plugin = volumeRestrictions();

describe('two volumes', () => {
  const gce = (pdName: string, readOnly?: boolean) => ({
    gcePersistentDisk: { pdName, ...(readOnly && { readOnly }) },
  });
  const ebs = (volumeID: string, readOnly = false) => ({ awsElasticBlockStore: { volumeID, readOnly } });
  const iscsi = (iqn: string, lun: number, readOnly = false) => ({
    iscsi: { iqn, lun, readOnly, targetPortal: '10.0.0.1:3260' },
  });
  const rbd = (monitors: string[], more: object = {}) => ({
    rbd: { monitors, image: 'img', pool: 'p', ...more },
  });
  const rows: [string, Omit<Volume, 'name'>, Omit<Volume, 'name'>, boolean][] = [
    ['are one GCE disk if their names agree', gce('d'), gce('d', true), true],
    ['may share a GCE disk for reading', gce('d', true), gce('d', true), false],
    ['are different GCE disks', gce('d'), gce('e'), false],
    ['may not share an EBS volume even for reading', ebs('v', true), ebs('v', true), true],
    ['are one iSCSI target whatever the lun', iscsi('iqn.a', 0), iscsi('iqn.a', 1), true],
    ['may share an iSCSI target for reading', iscsi('iqn.a', 0, true), iscsi('iqn.a', 0, true), false],
    ['are one RBD image if a monitor is common', rbd(['m1', 'm2']), rbd(['m2', 'm3']), true],
    ['are different RBD images without a common monitor', rbd(['m1']), rbd(['m2']), false],
    ['are different RBD images in different pools', rbd(['m1']), rbd(['m1'], { pool: 'q' }), false],
    [
      'may share an RBD image for reading',
      rbd(['m1'], { readOnly: true }),
      rbd(['m1'], { readOnly: true }),
      false,
    ],
    ['of different kinds do not conflict', gce('x'), ebs('x'), false],
  ];
  test.each(rows)('%s', (_, a, b, conflicts) => {
    expect(disksConflict({ name: 'a', ...a }, { name: 'b', ...b })).toBe(conflicts);
  });
});

test('a disk that is mounted on a node keeps the pod from that node only', () => {
  const volumes = [{ name: 'd', gcePersistentDisk: { pdName: 'd' } }];
  const cluster = clusterOf([nodeOf('a'), nodeOf('b')], [podOf({}, { nodeName: 'a', volumes })]);
  expect(verdict(plugin, cluster, podOf({}, { volumes }))).toEqual({
    a: 'Unschedulable: node(s) had no available disk',
  });
});

describe('a claim for one pod only', () => {
  const single = claimOf('single', { accessModes: ['ReadWriteOncePod'] });
  const nodes = [nodeOf('a'), nodeOf('b')];

  test('that is free is no matter for Filter', () => {
    expect(probe(plugin, clusterOf(nodes, [], [single]), podWithClaims(['single'])).skipsFilter).toBe(true);
  });

  test('that is in use anywhere keeps the pod from every node', () => {
    const cluster = clusterOf(nodes, [podWithClaims(['single'], 'a')], [single]);
    expect(verdict(plugin, cluster, podWithClaims(['single']))).toEqual({ a: IN_USE, b: IN_USE });
  });

  test('is free again once its user is gone', () => {
    const cluster = clusterOf(nodes, [podWithClaims(['single'], 'a')], [single]);
    const profile = new Profile({ schedulerName: 'test', plugins: [plugin] });
    const run = new FilterRun(profile, cycleOf(cluster, podWithClaims(['single'])));
    undoBind(run, 0);
    expect(run.filter(1)).toBeUndefined();
    tryBind(run, 0, 0);
    expect(run.filter(1)?.code).toBe('Unschedulable');
  });

  test('of the same name in another namespace is another claim', () => {
    const cluster = clusterOf(nodes, [podWithClaims(['single'], 'a', { namespace: 'other' })], [single]);
    expect(probe(plugin, cluster, podWithClaims(['single'])).skipsFilter).toBe(true);
  });

  test('that does not exist rejects the pod', () => {
    expect(verdict(plugin, clusterOf(nodes), podWithClaims(['gone']))).toEqual({
      all: 'UnschedulableAndUnresolvable: persistentvolumeclaim "gone" not found',
    });
  });
});
