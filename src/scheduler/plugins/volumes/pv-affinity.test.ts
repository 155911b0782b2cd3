import { expect, test } from 'vitest';
import type { KubeObject, PersistentVolume } from '../../../kube/types.ts';
import { clusterOf, nodeOf } from '../../testing/plugin-probe.ts';
import { csiNodeOf, onlyWhere, volumeOf } from '../../testing/volume-objects.ts';
import { admitsMigratedNode, admitsNode } from './pv-affinity.ts';

const ZONE = 'topology.kubernetes.io/zone';
const BETA_ZONE = 'failure-domain.beta.kubernetes.io/zone';
const EBS_ZONE = 'topology.ebs.csi.aws.com/zone';
const migrated = { 'storage.alpha.kubernetes.io/migrated-plugins': 'kubernetes.io/aws-ebs' };

/** `plain` knows Kubernetes' zone labels, `csi` only the driver's and has the plugin migrated. */
const cluster = clusterOf(
  [nodeOf('plain', { [ZONE]: 'a', [BETA_ZONE]: 'a' }), nodeOf('csi', { [EBS_ZONE]: 'a' })],
  [],
  [csiNodeOf('csi', 1, migrated) as KubeObject],
);
const [PLAIN, CSI] = [0, 1];

const ebs = (nodeAffinity?: PersistentVolume['spec'], labels = {}, volumeID = 'vol-1'): PersistentVolume => ({
  ...volumeOf('pv', {}, labels),
  spec: { awsElasticBlockStore: { volumeID }, ...nodeAffinity },
});
const wanting = (key: string, ...zones: string[]) => ({ nodeAffinity: onlyWhere(key, ...zones) });

const rows: [string, PersistentVolume, { plain: boolean; csi: boolean }][] = [
  ['without any topology the volume is everywhere', ebs(), { plain: true, csi: true }],
  ['the zone key becomes the driver’s', ebs(wanting(ZONE, 'a')), { plain: true, csi: true }],
  ['the beta key does, too', ebs(wanting(BETA_ZONE, 'a')), { plain: true, csi: true }],
  ['other zones are out of reach', ebs(wanting(ZONE, 'b')), { plain: false, csi: false }],
  ['a zone label counts for the driver only', ebs({}, { [ZONE]: 'b' }), { plain: true, csi: false }],
  ['a beta zone label counts as well', ebs({}, { [BETA_ZONE]: 'b' }), { plain: true, csi: false }],
  ['a label with several zones admits each', ebs({}, { [ZONE]: 'b__a' }), { plain: true, csi: true }],
  [
    'the affinity goes before the label',
    ebs(wanting(ZONE, 'a'), { [ZONE]: 'b' }),
    { plain: true, csi: true },
  ],
  [
    'a label is added to other conditions',
    ebs(wanting('disk', 'ssd'), { [ZONE]: 'a' }),
    { plain: false, csi: false },
  ],
];

test.each(rows)('%s', (_, volume, { plain, csi }) => {
  expect(admitsMigratedNode(volume, PLAIN!, cluster)).toBe(plain);
  expect(admitsMigratedNode(volume, CSI!, cluster)).toBe(csi);
});

test('a source that the driver cannot understand is an error where the plugin is migrated', () => {
  const strange = ebs({}, {}, 'aws://a/disk');
  expect(admitsMigratedNode(strange, PLAIN!, cluster)).toBe(true);
  expect(admitsMigratedNode(strange, CSI!, cluster)).toBe('untranslatable');
});

test('a volume’s affinity does not see the name of the node', () => {
  const required = {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['plain'] }] }],
  };
  const volume = volumeOf('pv', { nodeAffinity: { required } } as PersistentVolume['spec']);
  expect(admitsNode(volume, PLAIN!, cluster)).toBe(false);
});
