import { describe, expect, it } from 'vitest';
import { loadScenario } from './load-scenario.ts';
import { memoryFiles } from './memory-files.ts';

const NODES = 'nodeGroups: [{name: a, count: 1, allocatable: {cpu: 4, memory: 8Gi}}]';
const SNAPSHOT = `cluster: {${NODES}, snapshot: [o.yaml]}`;
const MANIFESTS = `cluster: {${NODES}}\nworkload: [{manifests: [o.yaml]}]`;

const owned = (kind: string, name: string) =>
  `ownerReferences: [{apiVersion: apps/v1, kind: ${kind}, name: ${name}, uid: u-${name}, controller: true}]`;

const pod = (name: string, meta = '', spec = '') =>
  `---\n{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, ${meta}}, spec: {nodeName: a-0, ${spec} containers: [{name: c, image: i}]}}\n`;

const workload = (kind: string, name: string, more = '', spec = '') =>
  `---\n{apiVersion: apps/v1, kind: ${kind}, metadata: {name: ${name}, namespace: shop, uid: u-${name}}, spec: {selector: {matchLabels: {a: b}}, ${more} template: {metadata: {labels: {a: b}}, spec: {${spec} containers: [{name: c, image: i}]}}}}\n`;

const storageClass = (name: string, isDefault: boolean) =>
  `---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: ${name}, annotations: {storageclass.kubernetes.io/is-default-class: "${isDefault}"}}, provisioner: p}\n`;

const volume = (name: string, storageClassName: string) =>
  `---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: ${name}}, spec: {storageClassName: ${storageClassName}, capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /x}}}\n`;

const claimSpec = (more = '') =>
  `{${more} accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}`;
const claim = (name: string, more = '') =>
  `---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: ${name}, namespace: shop}, spec: ${claimSpec(more)}}\n`;
const templates = (more = '') =>
  `serviceName: s, volumeClaimTemplates: [{metadata: {name: d}, spec: ${claimSpec(more)}}],`;
const ofClaim = (name: string) => `volumes: [{name: d, persistentVolumeClaim: {claimName: ${name}}}],`;

const load = (scenario: string, objects: string) =>
  loadScenario('s.yaml', memoryFiles({ 's.yaml': scenario, 'o.yaml': objects }));

describe('what a snapshot lacks', () => {
  it.each([
    [
      'nothing, where everything is there',
      pod('p', owned('StatefulSet', 'db')) + workload('StatefulSet', 'db', 'serviceName: s,'),
      [],
    ],
    ['nothing that a pod without an owner needs', pod('p'), []],
    ['nothing that a static pod needs', pod('p', owned('Node', 'other')), []],
    [
      'the controllers of pods',
      pod('p', owned('StatefulSet', 'db')) +
        pod('q', owned('DaemonSet', 'log')) +
        pod('r', owned('DaemonSet', 'log')),
      [
        'The snapshot lacks StatefulSet shop/db (1 pod) and DaemonSet shop/log (2 pods): nothing replaces these pods when they go.',
      ],
    ],
    [
      'the claims of pods',
      pod('p', '', ofClaim('data')),
      ['The snapshot lacks the claims of Pod shop/p: moved, they wait for them.'],
    ],
    [
      'no claim that a StatefulSet makes anew',
      pod('p', owned('StatefulSet', 'db'), ofClaim('d-p')) + workload('StatefulSet', 'db', 'serviceName: s,'),
      [],
    ],
  ])('is %s', async (_, objects, expected) => {
    expect((await load(SNAPSHOT, objects)).missing).toEqual(expected);
  });

  it('are never the ReplicaSets between a Deployment and its pods: they must be there', async () => {
    const objects =
      pod('web-7d-x', owned('ReplicaSet', 'web-7d')) + pod('web-7d-y', owned('ReplicaSet', 'web-7d'));
    await expect(load(SNAPSHOT, objects + workload('Deployment', 'web'))).rejects.toThrow(
      /^o\.yaml:2:\d+: Pod "web-7d-x" metadata\.ownerReferences: the ReplicaSets by which Deployment shop\/web own pods are not there; take replicasets into the snapshot$/,
    );
    expect((await load(SNAPSHOT, objects)).missing[0]).toMatch('ReplicaSet shop/web-7d (2 pods)');
  });
});

describe('claims that nothing can fulfil', () => {
  const unbound = (of: string, why: string) => [
    `Claims of ${of} stay unbound: ${why}, and there is no volume for them.`,
  ];
  const noDefault = 'no StorageClass is the default';
  it.each([
    ['a claim without a class', claim('c'), unbound('PersistentVolumeClaim shop/c', noDefault)],
    [
      'claims of a StatefulSet',
      workload('StatefulSet', 'db', templates()),
      unbound('StatefulSet shop/db', noDefault),
    ],
    [
      'claims for the life of a pod',
      workload(
        'Deployment',
        'web',
        '',
        `volumes: [{name: d, ephemeral: {volumeClaimTemplate: {spec: ${claimSpec()}}}}],`,
      ),
      unbound('Deployment shop/web', noDefault),
    ],
    [
      'a class that is not the default',
      claim('c') + storageClass('slow', false),
      unbound('PersistentVolumeClaim shop/c', noDefault),
    ],
    [
      'a class that is not there',
      claim('c', 'storageClassName: gp3,') + storageClass('slow', true),
      unbound('PersistentVolumeClaim shop/c', 'there is no StorageClass "gp3"'),
    ],
    ['none where a class is the default', claim('c') + storageClass('slow', true), []],
    [
      'none where the class is there',
      claim('c', 'storageClassName: slow,') + storageClass('slow', false),
      [],
    ],
    ['none where a volume has the class', claim('c', 'storageClassName: hand,') + volume('v', 'hand'), []],
    ['none that has its volume', claim('c', 'volumeName: v,') + volume('v', 'hand'), []],
  ])('are told: %s', async (_, objects, expected) => {
    expect((await load(MANIFESTS, objects)).missing).toEqual(expected);
  });
});
