import { describe, expect, test } from 'vitest';
import type { CSIDriver, KubeObject, VolumeAttachment } from '../../kube/types.ts';
import { clusterOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import {
  boundClaim,
  claimOf,
  classOf,
  csiNodeOf,
  DRIVER,
  podWithClaims,
  verdict,
  volumeOf,
} from '../testing/volume-objects.ts';
import { nodeVolumeLimits } from './node-volume-limits.ts';

const FULL = 'Unschedulable: node(s) exceed max volume count';
const plugin = nodeVolumeLimits();
const claims = (...names: string[]) =>
  names.flatMap((name) => [boundClaim(name, `pv-${name}`), volumeOf(`pv-${name}`)]);
const NODE = [nodeOf('n')];

function attachment(volumeName: string): VolumeAttachment {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name: `attach-${volumeName}` },
    spec: { attacher: DRIVER, nodeName: 'n', source: { persistentVolumeName: volumeName } },
  };
}

describe('the limit', () => {
  const limited = (limit: number | undefined, ...more: KubeObject[]) =>
    clusterOf(NODE, [podWithClaims(['a'], 'n')], [csiNodeOf('n', limit), ...claims('a', 'b', 'c'), ...more]);
  const rows: [string, ReturnType<typeof clusterOf>, string[], Record<string, string>][] = [
    ['is met by the volumes that are there and the new ones', limited(2), ['b'], {}],
    ['is exceeded by one more', limited(2), ['b', 'c'], { n: FULL }],
    ['counts a volume that a pod there uses already once', limited(1), ['a'], {}],
    ['of 0 is a limit', limited(0), ['b'], { n: FULL }],
    ['that is not given is none', limited(undefined), ['b', 'c'], {}],
    [
      'counts attachments of volumes that no pod accounts for',
      limited(2, attachment('pv-c')),
      ['b'],
      { n: FULL },
    ],
    ['does not count an attachment twice', limited(2, attachment('pv-a')), ['b'], {}],
    [
      'counts a volume that is yet to be made',
      limited(1, claimOf('new'), classOf('late')),
      ['new'],
      { n: FULL },
    ],
  ];
  test.each(rows)('%s', (_, cluster, wanted, failed) => {
    expect(verdict(plugin, cluster, podWithClaims(wanted))).toEqual(failed);
  });
});

test('an in-tree volume counts as its driver’s where the node knows CSI', () => {
  const csiNode = csiNodeOf('n');
  const drivers = [{ name: 'ebs.csi.aws.com', nodeID: 'n', allocatable: { count: 0 } }];
  const pod = podOf({}, { volumes: [{ name: 'v', awsElasticBlockStore: { volumeID: 'aws://zone/vol-1' } }] });
  expect(
    verdict(plugin, clusterOf(NODE, [], [{ ...csiNode, spec: { drivers } } as KubeObject]), pod),
  ).toEqual({ n: FULL });
  expect(verdict(plugin, clusterOf(NODE), pod)).toEqual({});
});

test('a driver that must be there and is not keeps the pod away', () => {
  const driver: CSIDriver = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: DRIVER },
    spec: { preventPodSchedulingIfMissing: true },
  };
  const cluster = clusterOf([nodeOf('n'), nodeOf('with')], [], [driver, csiNodeOf('with'), ...claims('a')]);
  expect(verdict(plugin, cluster, podWithClaims(['a']))).toEqual({
    n: `Unschedulable: ${DRIVER} CSI driver is not installed on the node`,
  });
});

test('a missing claim of the new pod makes it wait, one of a pod on the node is not counted', () => {
  const cluster = clusterOf(NODE, [podWithClaims(['gone'], 'n')], [csiNodeOf('n', 1), ...claims('a')]);
  expect(verdict(plugin, cluster, podWithClaims(['a']))).toEqual({});
  expect(verdict(plugin, cluster, podWithClaims(['other']))).toEqual({
    n: 'UnschedulableAndUnresolvable: looking up PVC default/other: persistentvolumeclaim "other" not found',
  });
});

test('the claim of an ephemeral volume must belong to the pod', () => {
  const pod = podOf({}, { volumes: [{ name: 'scratch', ephemeral: {} }] }, { name: 'p', uid: 'uid-p' });
  const owned = (uid: string) =>
    claimOf(
      'p-scratch',
      {},
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid, controller: true }] },
    );
  const of = (uid: string) => clusterOf(NODE, [], [classOf('late'), csiNodeOf('n', 1), owned(uid)]);
  expect(verdict(plugin, of('uid-p'), pod)).toEqual({});
  expect(verdict(plugin, of('uid-q'), pod).n).toContain('Error: ');
});

test('a pod whose volumes no driver attaches is skipped', () => {
  const volumes = [{ name: 'tmp', emptyDir: {} }];
  expect(probe(plugin, clusterOf(NODE), podOf({}, { volumes })).skipsFilter).toBe(true);
});
