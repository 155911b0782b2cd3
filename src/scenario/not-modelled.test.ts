import { describe, expect, it } from 'vitest';
import { loadScenario } from './load-scenario.ts';
import { memoryFiles } from './memory-files.ts';
import { notModelled } from './not-modelled.ts';

const HEAD = `
until: 1m
cluster: {nodeGroups: [{name: a, count: 1, allocatable: {cpu: 4, memory: 8Gi}}]}
workload:
  - manifests: [m.yaml]
`;
const SPEC = '{containers: [{name: c, image: i}], resourceClaims: [{name: gpu, resourceClaimName: gpu}]}';
const CLAIMED = ': their pods are scheduled as if they claimed nothing.';
const CLAIMS = 'resourceClaims (dynamic resource allocation) of ';
const pod = (name: string, spec = SPEC) => `
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec: ${spec}
`;
const PLAIN = pod('plain', '{containers: [{name: c, image: i}]}');

async function named(manifests: string, more = ''): Promise<string[]> {
  const files = memoryFiles({ 's.yaml': `${HEAD}${more}`, 'm.yaml': `${PLAIN}${manifests}` });
  return notModelled(await loadScenario('s.yaml', files));
}

describe('what is not modelled', () => {
  it('is not spoken of where nothing uses it', async () => {
    expect(await named('')).toEqual([]);
  });

  it.each([
    ['pods', pod('a'), 'Pod default/a'],
    ['several pods', pod('a') + pod('b'), 'Pod default/a and Pod default/b'],
    [
      'many pods, of which three are named',
      ['a', 'b', 'c', 'd', 'e'].map((name) => pod(name)).join(''),
      'Pod default/a, Pod default/b, Pod default/c and 2 more',
    ],
    [
      'the templates of workloads',
      `
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: night}
spec:
  schedule: "0 0 * * *"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, ${SPEC.slice(1)}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: ${SPEC}}
`,
      'CronJob night/nightly and Deployment default/web',
    ],
  ])('is named of %s', async (_, manifests, users) => {
    expect(await named(manifests)).toEqual([`${CLAIMS}${users}${CLAIMED}`]);
  });

  it('is named of generators and of what the timeline applies', async () => {
    const more = `
  - generator: jobs
    arrivals: {process: poisson, rate: 1/s}
    templates: [{name: t, duration: 1s, pod: {spec: {resourceClaims: [{name: gpu, resourceClaimName: gpu}]}}}]
timeline:
  - {at: 10s, apply: [{apiVersion: v1, kind: Pod, metadata: {name: late}, spec: ${SPEC}}]}
`;
    expect(await named('', more)).toEqual([`${CLAIMS}Pod default/late and the generator jobs${CLAIMED}`]);
  });

  it('is a limit of emptyDir volumes', async () => {
    const volumes = (dir: string) =>
      `{containers: [{name: c, image: i}], volumes: [{name: v, emptyDir: ${dir}}]}`;
    expect(await named(pod('a', volumes('{sizeLimit: 1Gi}')) + pod('b', volumes('{}')))).toEqual([
      'sizeLimit of emptyDir volumes of Pod default/a: nothing is written to them, so that no pod is evicted for exceeding it.',
    ]);
  });

  it('is readiness gates too, which nobody here opens', async () => {
    const gates = 'readinessGates: [{conditionType: example.com/load-balanced}]';
    expect(await named(pod('a', `{containers: [{name: c, image: i}], ${gates}}`))).toEqual([
      'readinessGates of Pod default/a: their pods are ready as soon as their containers are.',
    ]);
  });

  it('is named of the pods of a snapshot', async () => {
    const cluster = '{cluster: {snapshot: [m.yaml]}}';
    const node =
      '---\n{apiVersion: v1, kind: Node, metadata: {name: node-1}, status: {allocatable: {cpu: 4}}}\n';
    const files = memoryFiles({ 's.yaml': cluster, 'm.yaml': node + pod('a') });
    expect(notModelled(await loadScenario('s.yaml', files))).toEqual([`${CLAIMS}Pod default/a${CLAIMED}`]);
  });

  it.each([
    ['CrashLoopBackOff', ['Pod default/a']],
    ['ContainerCreating', []],
  ])('is why a container of a snapshot waits: %s', async (reason, pods) => {
    const status = `{phase: Running, containerStatuses: [{name: c, state: {waiting: {reason: ${reason}}}}]}`;
    const stuck = `${pod('a', '{nodeName: node-1, containers: [{name: c, image: i}]}')}status: ${status}\n`;
    const node =
      '---\n{apiVersion: v1, kind: Node, metadata: {name: node-1}, status: {allocatable: {cpu: 4}}}\n';
    const files = memoryFiles({ 's.yaml': '{cluster: {snapshot: [m.yaml]}}', 'm.yaml': node + stuck });
    const what = 'What keeps containers from running (CrashLoopBackOff, ImagePullBackOff, …) of ';
    expect(notModelled(await loadScenario('s.yaml', files))).toEqual(
      pods.map((name) => `${what}${name}: here they start like any others.`),
    );
  });

  it('is named of nodes', async () => {
    const node = `
---
apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {allocatable: {cpu: 4}, declaredFeatures: [GuaranteedQoSPodCPUResize]}
`;
    expect(await named(node)).toEqual([
      'declaredFeatures of Node node-1: pods are scheduled whether or not a node has the features that they need.',
    ]);
  });
});
