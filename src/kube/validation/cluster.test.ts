import { expect, test } from 'vitest';
import { type Case, made, problemsOf } from './testing.ts';

const spec = (content: object) => ({ spec: content });
const ports = (...list: object[]) => spec({ ports: list });
const taints = (...list: object[]) => spec({ taints: list });
const cluster: Case[] = [
  [
    'a negative allocatable',
    'Node',
    { status: { allocatable: { cpu: '-1' } } },
    'status.allocatable.cpu: Invalid value: "-1"',
  ],
  [
    'half a pod',
    'Node',
    { status: { allocatable: { pods: '0.5' } } },
    'status.allocatable.pods: Invalid value: "0.5": must be an integer',
  ],
  [
    'a taint twice',
    'Node',
    taints({ key: 'a', effect: 'NoSchedule' }, { key: 'a', value: 'b', effect: 'NoSchedule' }),
    'spec.taints[1]: Duplicate value: "a:NoSchedule"',
  ],
  [
    'a taint for two effects',
    'Node',
    taints({ key: 'a', effect: 'NoSchedule' }, { key: 'a', effect: 'NoExecute' }),
  ],
  ['a taint without effect', 'Node', taints({ key: 'a' }), 'spec.taints[0].effect: Required value'],
  [
    'an unknown effect',
    'Node',
    taints({ key: 'a', effect: 'Never' }),
    'spec.taints[0].effect: Unsupported value: "Never"',
  ],
  ['a service without ports', 'Service', ports(), 'spec.ports: Required value'],
  ['a headless service without ports', 'Service', spec({ clusterIP: 'None', ports: null })],
  [
    'two nameless ports',
    'Service',
    ports({ port: 1 }, { port: 2 }),
    'spec.ports[0].name: Required value',
    'spec.ports[1].name: Required value',
  ],
  [
    'one port twice',
    'Service',
    ports({ name: 'a', port: 1 }, { name: 'b', port: 1 }),
    'spec.ports[1]: Duplicate value: "TCP/1"',
  ],
  [
    'a node port out of range',
    'Service',
    spec({ type: 'NodePort', ports: [{ port: 1, nodePort: 80 }] }),
    'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range',
  ],
  [
    'a key with a slash',
    'ConfigMap',
    { data: { 'a/b': '' } },
    'data[a/b]: Invalid value: "a/b": a valid config key',
  ],
  [
    'a key twice',
    'ConfigMap',
    { binaryData: { 'a.txt': '' } },
    'binaryData[a.txt]: Invalid value: "a.txt": duplicate of key present in data',
  ],
  [
    'a claim without access mode',
    'PersistentVolumeClaim',
    spec({ accessModes: [] }),
    'spec.accessModes: Required value: at least 1 access mode is required',
  ],
  [
    'a claim of nothing',
    'PersistentVolumeClaim',
    spec({ resources: { requests: { storage: 0 } } }),
    'spec.resources.requests.storage: Invalid value: "0": must be greater than zero',
  ],
  [
    'one pod and others',
    'PersistentVolumeClaim',
    spec({ accessModes: ['ReadWriteOncePod', 'ReadOnlyMany'] }),
    'spec.accessModes: Forbidden: may not use ReadWriteOncePod',
  ],
  [
    'a volume of no type',
    'PersistentVolume',
    spec({ hostPath: null }),
    'spec: Required value: must specify a volume type',
  ],
  [
    'a local volume anywhere',
    'PersistentVolume',
    spec({ hostPath: null, local: { path: '/' } }),
    'spec.nodeAffinity: Required value: Local volume requires node affinity',
  ],
  [
    'an unknown binding mode',
    'StorageClass',
    { volumeBindingMode: 'Later' },
    'volumeBindingMode: Unsupported value: "Later"',
  ],
  [
    'a driver twice',
    'CSINode',
    spec({
      drivers: [
        { name: 'd', nodeID: 'n' },
        { name: 'd', nodeID: 'n' },
      ],
    }),
    'spec.drivers[1].name: Duplicate value: "d"',
  ],
  [
    'a driver with a negative limit',
    'CSINode',
    spec({ drivers: [{ name: 'd', nodeID: 'n', allocatable: { count: -1 } }] }),
    'spec.drivers[0].allocatable.count: Invalid value: -1',
  ],
];

const hpa = (content: object) =>
  spec({ metrics: [{ type: 'Resource', resource: { name: 'cpu', target: content } }] });
const policies: Case[] = [
  [
    'a priority of the system',
    'PriorityClass',
    { value: 1_000_000_001 },
    'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
  ],
  [
    'a name of the system',
    'PriorityClass',
    { metadata: { name: 'system-mine' } },
    'metadata.name: Forbidden: priority class names with',
  ],
  [
    'the system’s own class',
    'PriorityClass',
    { metadata: { name: 'system-node-critical' }, value: 2_000_001_000 },
  ],
  ['a budget with both bounds', 'PodDisruptionBudget', spec({ maxUnavailable: 0 }), 'spec: Invalid value: '],
  [
    'a budget above 100 %',
    'PodDisruptionBudget',
    spec({ minAvailable: '110%' }),
    'spec.minAvailable: Invalid value: "110%": must not be greater than 100%',
  ],
  [
    'a budget that is no percentage',
    'PodDisruptionBudget',
    spec({ minAvailable: 'half' }),
    'spec.minAvailable: Invalid value: "half": a valid percent string',
  ],
  [
    'an unknown scope',
    'ResourceQuota',
    spec({ scopes: ['Nothing'] }),
    'spec.scopes[0]: Unsupported value: "Nothing"',
  ],
  [
    'a default above the maximum',
    'LimitRange',
    spec({ limits: [{ type: 'Container', default: { cpu: 2 }, max: { cpu: 1 } }] }),
    'spec.limits[0].default.cpu: Invalid value: "2": default value 2 is greater than max value 1',
  ],
  [
    'defaults for whole pods',
    'LimitRange',
    spec({ limits: [{ type: 'Pod', default: { cpu: 1 } }] }),
    "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
  ],
  [
    'fewer replicas at most than at least',
    'HorizontalPodAutoscaler',
    spec({ minReplicas: 5 }),
    'spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`',
  ],
  [
    'no replicas at least',
    'HorizontalPodAutoscaler',
    spec({ minReplicas: 0 }),
    'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
  ],
  [
    'a metric without target',
    'HorizontalPodAutoscaler',
    hpa({ type: 'Utilization' }),
    'spec.metrics[0].resource.target: Required value',
  ],
  ['a metric of 50 %', 'HorizontalPodAutoscaler', hpa({ type: 'Utilization', averageUtilization: 50 })],
  [
    'a window of two hours',
    'HorizontalPodAutoscaler',
    spec({ behavior: { scaleDown: { stabilizationWindowSeconds: 7200 } } }),
    'spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 7200',
  ],
  [
    'a policy without period',
    'HorizontalPodAutoscaler',
    spec({ behavior: { scaleUp: { policies: [{ type: 'Pods', value: 1 }] } } }),
    'spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 0',
  ],
];

test.each([...cluster, ...policies])('%s (%s)', (_, kind, patch, ...expected) => {
  const found = problemsOf(made(kind, patch));
  expect(found.map((problem, i) => problem.slice(0, expected[i]?.length))).toEqual(expected);
});
