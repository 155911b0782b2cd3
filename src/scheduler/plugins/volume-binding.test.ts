import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../cluster/cluster.ts';
import type {
  CSIDriver,
  CSIStorageCapacity,
  KubeObject,
  PersistentVolume,
  PersistentVolumeClaim,
} from '../../kube/types.ts';
import { clusterOf, cycleOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import {
  boundClaim,
  claimOf,
  classOf,
  csiNodeOf,
  DRIVER,
  onlyWhere,
  podWithClaims,
  verdict,
  volumeOf,
} from '../testing/volume-objects.ts';
import { volumeBindingArgs } from './volume-binding.schema.ts';
import { volumeBinding } from './volume-binding.ts';

const ZONE = 'topology.kubernetes.io/zone';
const UNRESOLVABLE = 'UnschedulableAndUnresolvable: ';
const NO_VOLUME = `${UNRESOLVABLE}node(s) didn't find available persistent volumes to bind`;
const OUT_OF_REACH = `${UNRESOLVABLE}node(s) didn't match PersistentVolume's node affinity`;
const NO_SPACE = `${UNRESOLVABLE}node(s) did not have enough free storage`;
const NODES = [nodeOf('a', { [ZONE]: 'a' }), nodeOf('b', { [ZONE]: 'b' })];
const NO_PROVISIONER = classOf('late', { provisioner: 'kubernetes.io/no-provisioner' });

const plugin = (args: unknown = {}) => volumeBinding(volumeBindingArgs.parse(args));
const withObjects = (...objects: KubeObject[]) => clusterOf(NODES, [], objects);
const inZone = (zone: string) => ({ nodeAffinity: onlyWhere(ZONE, zone) });
const sized = (storage: string) => ({ resources: { requests: { storage } } });

describe('before any node is looked at', () => {
  const pod = podWithClaims(['data']);
  const rows: [string, KubeObject[], string][] = [
    ['a claim must exist', [], `${UNRESOLVABLE}persistentvolumeclaim "data" not found`],
    [
      'a lost claim is hopeless',
      [{ ...claimOf('data', { volumeName: 'pv' }), status: { phase: 'Lost' } } as KubeObject],
      `${UNRESOLVABLE}persistentvolumeclaim "data" bound to non-existent persistentvolume "pv"`,
    ],
    [
      'a claim that is being deleted is no use',
      [claimOf('data', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' })],
      `${UNRESOLVABLE}persistentvolumeclaim "data" is being deleted`,
    ],
    [
      'a claim that binds at once must be bound',
      [claimOf('data'), classOf('late', { volumeBindingMode: 'Immediate' })],
      `${UNRESOLVABLE}pod has unbound immediate PersistentVolumeClaims`,
    ],
    [
      'a claim that names its volume must be bound too',
      [claimOf('data', { volumeName: 'pv' }), classOf('late'), volumeOf('pv')],
      `${UNRESOLVABLE}pod has unbound immediate PersistentVolumeClaims`,
    ],
    [
      'a class without a binding mode is an error',
      [claimOf('data'), { ...classOf('late'), volumeBindingMode: undefined } as never],
      'Error: VolumeBindingMode not set for StorageClass "late"',
    ],
  ];
  test.each(rows)('%s', (_, objects, text) => {
    expect(verdict(plugin(), withObjects(...objects), pod)).toEqual({ all: text });
  });

  test('the claim of an ephemeral volume is waited for', () => {
    const ephemeral = podOf({}, { volumes: [{ name: 'tmp', ephemeral: {} }] }, { name: 'p' });
    expect(verdict(plugin(), withObjects(), ephemeral)).toEqual({
      all: `${UNRESOLVABLE}waiting for ephemeral volume controller to create the persistentvolumeclaim "p-tmp"`,
    });
  });
});

describe('on a node', () => {
  const rows: [string, KubeObject[], string[], Record<string, string>][] = [
    [
      'a bound volume must be in reach',
      [boundClaim('data', 'pv'), volumeOf('pv', inZone('a'))],
      ['data'],
      { b: OUT_OF_REACH },
    ],
    [
      'a bound volume must exist',
      [boundClaim('data', 'pv')],
      ['data'],
      Object.fromEntries(
        ['a', 'b'].map((name) => [
          name,
          `${UNRESOLVABLE}node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)`,
        ]),
      ),
    ],
    [
      'a free volume must be in reach if none can be made',
      [claimOf('data'), NO_PROVISIONER, volumeOf('pv', inZone('b'))],
      ['data'],
      { a: NO_VOLUME },
    ],
    [
      'one volume cannot serve two claims',
      [claimOf('data'), claimOf('more'), NO_PROVISIONER, volumeOf('pv', inZone('a'))],
      ['data', 'more'],
      { a: NO_VOLUME, b: NO_VOLUME },
    ],
    [
      'the smaller claim leaves the larger volume to the larger claim',
      [
        claimOf('large', sized('8Gi')),
        claimOf('small', sized('2Gi')),
        NO_PROVISIONER,
        volumeOf('pv-10', inZone('a')),
        volumeOf('pv-3', { ...inZone('a'), capacity: { storage: '3Gi' } }),
      ],
      ['large', 'small'],
      { b: NO_VOLUME },
    ],
    [
      'the smaller claim chooses first, even what the larger one needs',
      [
        claimOf('large', { ...sized('3Gi'), selector: { matchLabels: { media: 'fast' } } }),
        claimOf('small', sized('2Gi')),
        NO_PROVISIONER,
        volumeOf('pv-10', inZone('a')),
        volumeOf('pv-3', { ...inZone('a'), capacity: { storage: '3Gi' } }, { media: 'fast' }),
      ],
      ['large', 'small'],
      { a: NO_VOLUME, b: NO_VOLUME },
    ],
    [
      'a volume that is reserved for the claim is the only choice',
      [
        claimOf('data'),
        NO_PROVISIONER,
        volumeOf('own', { ...inZone('a'), claimRef: { namespace: 'default', name: 'data' } }),
        volumeOf('free', inZone('b')),
      ],
      ['data'],
      { b: NO_VOLUME },
    ],
    [
      'a claim that was sent to a node stays there',
      [claimOf('data', {}, { annotations: { 'volume.kubernetes.io/selected-node': 'b' } }), classOf('late')],
      ['data'],
      { a: NO_VOLUME },
    ],
    [
      'a volume can be made only where its class allows',
      [
        claimOf('data'),
        classOf('late', { allowedTopologies: [{ matchLabelExpressions: [{ key: ZONE, values: ['a'] }] }] }),
      ],
      ['data'],
      { b: NO_VOLUME },
    ],
    [
      'an in-tree volume on a migrated node is judged by the driver’s zone label',
      [
        boundClaim('data', 'pv'),
        {
          ...volumeOf('pv', {}, { [ZONE]: 'a' }),
          spec: { awsElasticBlockStore: { volumeID: 'vol-1' } },
        } as KubeObject,
        csiNodeOf('a', 1, { 'storage.alpha.kubernetes.io/migrated-plugins': 'kubernetes.io/aws-ebs' }),
      ],
      ['data'],
      { a: OUT_OF_REACH },
    ],
  ];
  test.each(rows)('%s', (_, objects, claims, failed) => {
    expect(verdict(plugin(), withObjects(...objects), podWithClaims(claims))).toEqual(failed);
  });

  const unfit: [string, Partial<PersistentVolume>][] = [
    ['of another class', { spec: { ...volumeOf('pv').spec, storageClassName: 'other' } }],
    ['that is too small', { spec: { ...volumeOf('pv').spec, capacity: { storage: '1Mi' } } }],
    ['with another mode', { spec: { ...volumeOf('pv').spec, volumeMode: 'Block' } }],
    ['that lacks an access mode', { spec: { ...volumeOf('pv').spec, accessModes: ['ReadOnlyMany'] } }],
    ['that is not available yet', { status: { phase: 'Pending' } }],
    ['that is being deleted', { metadata: { name: 'pv', deletionTimestamp: '2026-01-01T00:00:00Z' } }],
    ['without the labels that the claim selects', { metadata: { name: 'pv', labels: { media: 'slow' } } }],
    ['that is reserved for another claim', { spec: { ...volumeOf('pv').spec, claimRef: { name: 'other' } } }],
  ];
  test.each(unfit)('a volume %s does not serve', (_, more) => {
    const fitting: PersistentVolume = volumeOf('pv', { accessModes: ['ReadWriteOnce'] }, { media: 'fast' });
    const claim = claimOf('data', {
      accessModes: ['ReadWriteOnce'],
      selector: { matchLabels: { media: 'fast' } },
    });
    const pod = podWithClaims(['data']);
    expect(verdict(plugin(), withObjects(claim, NO_PROVISIONER, fitting), pod)).toEqual({});
    expect(verdict(plugin(), withObjects(claim, NO_PROVISIONER, { ...fitting, ...more }), pod)).toEqual({
      a: NO_VOLUME,
      b: NO_VOLUME,
    });
  });
});

describe('storage capacity', () => {
  const driver = (storageCapacity: boolean): CSIDriver => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: DRIVER },
    spec: { storageCapacity },
  });
  const capacity = (zone: string, more: Partial<CSIStorageCapacity>): CSIStorageCapacity => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIStorageCapacity',
    metadata: { name: `in-${zone}`, namespace: 'kube-system' },
    storageClassName: 'late',
    nodeTopology: { matchLabels: { [ZONE]: zone } },
    ...more,
  });
  const claim = claimOf('data', sized('10Gi'));
  const pod = podWithClaims(['data']);
  const rows: [string, KubeObject[], Record<string, string>][] = [
    [
      'must suffice',
      [capacity('a', { capacity: '20Gi' }), capacity('b', { capacity: '5Gi' })],
      { b: NO_SPACE },
    ],
    ['must be published for the node', [capacity('a', { capacity: '20Gi' })], { b: NO_SPACE }],
    [
      'is limited by the largest volume',
      [
        capacity('a', { capacity: '20Gi', maximumVolumeSize: '5Gi' }),
        capacity('b', { maximumVolumeSize: '10Gi' }),
      ],
      { a: NO_SPACE },
    ],
  ];
  test.each(rows)('%s', (_, capacities, failed) => {
    const cluster = withObjects(claim, classOf('late'), driver(true), ...capacities);
    expect(verdict(plugin(), cluster, pod)).toEqual(failed);
  });

  test('does not matter for drivers that do not publish it', () => {
    expect(verdict(plugin(), withObjects(claim, classOf('late'), driver(false)), pod)).toEqual({});
  });

  test('is scored: less used is better, by the default shape', () => {
    const cluster = withObjects(
      claim,
      classOf('late'),
      driver(true),
      capacity('a', { capacity: '20Gi' }),
      capacity('b', { capacity: '100Gi' }),
    );
    expect(probe(plugin(), cluster, pod).raw).toEqual({ a: 50, b: 90 });
  });

  test('is scored by the given shape', () => {
    const shape = [
      { utilization: 0, score: 0 },
      { utilization: 100, score: 10 },
    ];
    const cluster = withObjects(claim, classOf('late'), driver(true), capacity('a', { capacity: '20Gi' }));
    expect(probe(plugin({ shape }), cluster, pod).raw).toEqual({ a: 50 });
  });
});

test('existing volumes are scored by how much of them is used', () => {
  const cluster = withObjects(
    claimOf('data', sized('2Gi')),
    NO_PROVISIONER,
    volumeOf('pv-a', { ...inZone('a'), capacity: { storage: '4Gi' } }),
    volumeOf('pv-b', { ...inZone('b'), capacity: { storage: '20Gi' } }),
  );
  expect(probe(plugin(), cluster, podWithClaims(['data'])).raw).toEqual({ a: 50, b: 90 });
});

test('a pod without claims gets 0 everywhere', () => {
  expect(probe(plugin(), withObjects(), podOf({})).raw).toEqual({ a: 0, b: 0 });
});

describe('the decision', () => {
  const nodeA = 0;
  const reserve = (objects: KubeObject[]) => {
    const cluster = withObjects(...objects);
    const binding = plugin({ bindTimeoutSeconds: 7 });
    const cycle = cycleOf(cluster, podWithClaims(['data']));
    expect(binding.reserve!(cycle, nodeA)).toBeUndefined();
    return { cluster, binding, cycle, work: binding.preBind!(cycle, nodeA)! };
  };
  const claimIn = (cluster: Cluster) =>
    cluster.objects.get<PersistentVolumeClaim>('PersistentVolumeClaim', 'default', 'data')!;
  const finish = (cluster: Cluster, volumeName: string) => {
    const claim = claimIn(cluster);
    const annotations = { ...claim.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' };
    cluster.upsertObject({
      ...claim,
      metadata: { ...claim.metadata, annotations },
      spec: { ...claim.spec, volumeName },
    } as KubeObject);
  };

  test('reserves the smallest volume for the claim and waits until the claim is bound', () => {
    const small = volumeOf('small', { capacity: { storage: '2Gi' } });
    const { cluster, work } = reserve([claimOf('data'), NO_PROVISIONER, volumeOf('large'), small]);
    expect(work.timeoutUs).toBe(7_000_000);
    expect(work.writes).toMatchObject([
      {
        metadata: { name: 'small', annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } },
        spec: {
          claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data', uid: 'uid-data' },
        },
      },
    ]);
    expect(work.progress()).toBe('waiting');
    cluster.upsertObject(work.writes[0]!);
    expect(work.progress()).toBe('waiting');
    finish(cluster, 'small');
    expect(work.progress()).toBe('done');
  });

  test('sends the claim to the node and waits for the volume made there', () => {
    const { cluster, work } = reserve([claimOf('data'), classOf('late')]);
    expect(work.writes).toMatchObject([
      { metadata: { name: 'data', annotations: { 'volume.kubernetes.io/selected-node': 'a' } } },
    ]);
    expect(work.progress()).toBe('waiting');
    cluster.upsertObject(work.writes[0]!);
    finish(cluster, 'made');
    expect(work.progress()).toBe('waiting');
    cluster.upsertObject(volumeOf('made', inZone('a')));
    expect(work.progress()).toBe('done');
  });

  test('fails when the provisioner gives up, or makes the volume out of reach', () => {
    const { cluster, work } = reserve([claimOf('data'), classOf('late')]);
    cluster.upsertObject(work.writes[0]!);
    finish(cluster, 'made');
    cluster.upsertObject(volumeOf('made', inZone('b')));
    expect(work.progress()).toEqual({ failure: 'pv "made" node affinity doesn\'t match node "a"' });
    cluster.upsertObject(claimOf('data'));
    expect(work.progress()).toEqual({ failure: 'provisioning failed for PVC "data"' });
  });

  test('is seen by the next pod at once, and forgotten when it is undone', () => {
    const { cluster, binding, cycle } = reserve([
      claimOf('data'),
      claimOf('other'),
      NO_PROVISIONER,
      volumeOf('pv', inZone('a')),
    ]);
    expect(verdict(binding, cluster, podWithClaims(['other']))).toEqual({ a: NO_VOLUME, b: NO_VOLUME });
    binding.unreserve!(cycle, nodeA);
    expect(verdict(binding, cluster, podWithClaims(['other']))).toEqual({ b: NO_VOLUME });
    expect(binding.preBind!(cycle, nodeA)).toBeUndefined();
  });

  test('is overridden by whatever the watch brings', () => {
    const volume = volumeOf('pv', inZone('a'));
    const { cluster, binding } = reserve([claimOf('data'), claimOf('other'), NO_PROVISIONER, volume]);
    cluster.upsertObject({ ...volume });
    expect(verdict(binding, cluster, podWithClaims(['other']))).toEqual({ b: NO_VOLUME });
  });

  test('is nothing for a pod whose claims are bound', () => {
    const { work } = reserve([boundClaim('data', 'pv'), volumeOf('pv')]);
    expect(work).toBeUndefined();
  });
});

describe('arguments', () => {
  test.each([
    [{ bindTimeoutSeconds: -1 }, 'bindTimeoutSeconds'],
    [
      {
        shape: [
          { utilization: 50, score: 1 },
          { utilization: 50, score: 2 },
        ],
      },
      'shape',
    ],
    [{ shape: [{ utilization: 0, score: 11 }] }, 'shape.0.score'],
    [{ timeout: 1 }, ''],
  ])('%j is refused', (args, path) => {
    const result = volumeBindingArgs.safeParse(args);
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});
