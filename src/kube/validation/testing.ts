// Valid objects to spoil, for the tests of this folder.

import { jsonMergePatch } from '../apply-patch.ts';
import type { KubeObject } from '../types.ts';
import { formatPath, validateObject } from '../validate.ts';

const POD_SPEC = { containers: [{ name: 'c', image: 'x' }] };
const TEMPLATE = { metadata: { labels: { app: 'a' } }, spec: POD_SPEC };
const SELECTOR = { matchLabels: { app: 'a' } };
const CLAIM_SPEC = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const JOB_SPEC = { template: { spec: { ...POD_SPEC, restartPolicy: 'Never' } } };

/** A valid object of each kind, without apiVersion, kind and name. */
const VALID: Readonly<Record<string, [apiVersion: string, content: object]>> = {
  Pod: ['v1', { spec: POD_SPEC }],
  Deployment: ['apps/v1', { spec: { selector: SELECTOR, template: TEMPLATE } }],
  ReplicaSet: ['apps/v1', { spec: { selector: SELECTOR, template: TEMPLATE } }],
  StatefulSet: ['apps/v1', { spec: { selector: SELECTOR, template: TEMPLATE, serviceName: 'a' } }],
  DaemonSet: ['apps/v1', { spec: { selector: SELECTOR, template: TEMPLATE } }],
  ReplicationController: ['v1', { spec: { template: TEMPLATE } }],
  Job: ['batch/v1', { spec: JOB_SPEC }],
  CronJob: ['batch/v1', { spec: { schedule: '0 0 * * *', jobTemplate: { spec: JOB_SPEC } } }],
  Node: ['v1', { status: { allocatable: { cpu: '4', memory: '8Gi', pods: 110 } } }],
  RuntimeClass: ['node.k8s.io/v1', { handler: 'gvisor', overhead: { podFixed: { cpu: '10m' } } }],
  Lease: ['coordination.k8s.io/v1', { spec: { leaseDurationSeconds: 40 } }],
  Service: ['v1', { spec: { selector: { app: 'a' }, ports: [{ port: 80, targetPort: 'http' }] } }],
  EndpointSlice: ['discovery.k8s.io/v1', { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }] }],
  ConfigMap: ['v1', { data: { 'a.txt': 'b' } }],
  Namespace: ['v1', {}],
  PersistentVolumeClaim: ['v1', { spec: CLAIM_SPEC }],
  PersistentVolume: [
    'v1',
    { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } } },
  ],
  StorageClass: ['storage.k8s.io/v1', { provisioner: 'example.com/disk' }],
  CSINode: [
    'storage.k8s.io/v1',
    { spec: { drivers: [{ name: 'd', nodeID: 'n', allocatable: { count: 2 } }] } },
  ],
  CSIDriver: ['storage.k8s.io/v1', { spec: { volumeLifecycleModes: ['Persistent'] } }],
  CSIStorageCapacity: ['storage.k8s.io/v1', { storageClassName: 'fast', capacity: '1Gi' }],
  VolumeAttachment: [
    'storage.k8s.io/v1',
    { spec: { attacher: 'd', nodeName: 'n', source: { persistentVolumeName: 'v' } } },
  ],
  PriorityClass: ['scheduling.k8s.io/v1', { value: 1000 }],
  PodDisruptionBudget: ['policy/v1', { spec: { selector: SELECTOR, minAvailable: 1 } }],
  ResourceQuota: ['v1', { spec: { hard: { pods: '10', 'requests.cpu': '4' } } }],
  LimitRange: ['v1', { spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] } }],
  HorizontalPodAutoscaler: [
    'autoscaling/v2',
    { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }, maxReplicas: 3 } },
  ],
};

export const VALID_KINDS: readonly string[] = Object.keys(VALID);

/** A valid object of the kind, spoiled by a JSON merge patch (null takes a field away). */
export function made(kind: string, patch: object = {}): KubeObject {
  const [apiVersion, content] = VALID[kind]!;
  return jsonMergePatch({ apiVersion, kind, metadata: { name: 'a' }, ...content }, patch);
}

/** `path: message` of each problem. */
export function problemsOf(object: KubeObject): string[] {
  return validateObject(object).map(({ path, message }) => `${formatPath(path)}: ${message}`);
}

/** A row of a table: a sentence, the kind, what is spoiled, and how each problem begins (none: it is valid). */
export type Case = [sentence: string, kind: string, patch: object, ...problems: string[]];
