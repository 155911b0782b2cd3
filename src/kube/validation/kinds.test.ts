import { expect, test } from 'vitest';
import { type Case, made, problemsOf } from './testing.ts';

const spec = (content: object) => ({ spec: content });
const rolling = (rollingUpdate: object, type = 'RollingUpdate') =>
  spec({ strategy: { type, rollingUpdate } });
const daemon = (rollingUpdate: object) => spec({ updateStrategy: { rollingUpdate } });
const template = (content: object) => spec({ template: { spec: content } });

const workloads: Case[] = [
  ['no selector', 'Deployment', spec({ selector: null }), 'spec.selector: Required value'],
  [
    'an empty selector',
    'Deployment',
    spec({ selector: { matchLabels: null } }),
    'spec.selector: Invalid value: {}: empty selector is invalid for deployment',
  ],
  [
    'a selector of other pods',
    'ReplicaSet',
    spec({ selector: { matchLabels: { app: 'b' } } }),
    'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
  ],
  [
    'no template',
    'Deployment',
    spec({ template: null }),
    'spec.template.metadata.labels: Invalid',
    'spec.template: Required value',
  ],
  ['no spec', 'DaemonSet', { spec: null }, 'spec: Required value'],
  [
    'a negative number of replicas',
    'StatefulSet',
    spec({ replicas: -1 }),
    'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ],
  [
    'replicas in quotes',
    'Deployment',
    spec({ replicas: '3' }),
    'spec.replicas: expected an integer, found "3"',
  ],
  [
    'a mistake in the template',
    'Deployment',
    template({ containers: [] }),
    'spec.template.spec.containers: Required value',
  ],
  [
    'a template that ends',
    'ReplicaSet',
    template({ restartPolicy: 'Never' }),
    'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
  ],
  [
    'a template with a deadline',
    'Deployment',
    template({ activeDeadlineSeconds: 5 }),
    'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in Deployment is not Supported',
  ],
  [
    'neither surge nor unavailable',
    'Deployment',
    rolling({ maxSurge: 0, maxUnavailable: '0%' }),
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
  ],
  ['only unavailable is 0', 'Deployment', rolling({ maxUnavailable: 0 })],
  [
    'a percentage above 100',
    'Deployment',
    rolling({ maxUnavailable: '101%' }),
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
  ],
  ['surge above 100 %', 'Deployment', rolling({ maxSurge: '200%' })],
  [
    'a percentage without sign',
    'Deployment',
    rolling({ maxSurge: '25' }),
    'spec.strategy.rollingUpdate.maxSurge: Invalid value: "25": a valid percent string',
  ],
  [
    'Recreate with rolling parameters',
    'Deployment',
    rolling({ maxSurge: 1 }, 'Recreate'),
    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
  ],
  [
    'a deadline before pods count as ready',
    'Deployment',
    spec({ minReadySeconds: 600 }),
    'spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds',
  ],
  [
    'surge of a DaemonSet beside the default',
    'DaemonSet',
    daemon({ maxSurge: 1 }),
    'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
  ],
  ['surge of a DaemonSet instead of unavailable', 'DaemonSet', daemon({ maxSurge: 1, maxUnavailable: 0 })],
  [
    'nothing may move in a DaemonSet',
    'DaemonSet',
    daemon({ maxUnavailable: 0 }),
    'spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0',
  ],
  [
    'an unknown management policy',
    'StatefulSet',
    spec({ podManagementPolicy: 'Random' }),
    'spec.podManagementPolicy: Unsupported value: "Random"',
  ],
  [
    'a negative partition',
    'StatefulSet',
    spec({ updateStrategy: { rollingUpdate: { partition: -1 } } }),
    'spec.updateStrategy.rollingUpdate.partition: Invalid value: -1',
  ],
  [
    'OnDelete with rolling parameters',
    'StatefulSet',
    spec({ updateStrategy: { type: 'OnDelete', rollingUpdate: {} } }),
    'spec.updateStrategy.rollingUpdate: Invalid value: {}: only allowed',
  ],
  [
    'a claim without size',
    'StatefulSet',
    spec({ volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: { accessModes: ['ReadWriteOnce'] } }] }),
    'spec.volumeClaimTemplates[0].spec.resources.requests.storage: Required value',
  ],
  [
    'a controller without labels',
    'ReplicationController',
    spec({ template: { metadata: null } }),
    'spec.selector: Required value',
  ],
];

const indexed = { completionMode: 'Indexed', completions: 3 };
const jobs: Case[] = [
  [
    'a Job that restarts for ever',
    'Job',
    template({ restartPolicy: null }),
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ],
  [
    'indexes without number',
    'Job',
    spec({ completionMode: 'Indexed' }),
    'spec.completions: Required value: when completion mode is Indexed',
  ],
  [
    'a limit per index without indexes',
    'Job',
    spec({ backoffLimitPerIndex: 1 }),
    'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
  ],
  ['a limit per index', 'Job', spec({ ...indexed, backoffLimitPerIndex: 1, maxFailedIndexes: 2 })],
  [
    'a number of failed indexes alone',
    'Job',
    spec({ ...indexed, maxFailedIndexes: 2 }),
    'spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified',
  ],
  [
    'a failure policy with restarts',
    'Job',
    spec({ template: { spec: { restartPolicy: 'OnFailure' } }, podFailurePolicy: { rules: [] } }),
    'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported',
  ],
  [
    'a rule without condition',
    'Job',
    spec({ podFailurePolicy: { rules: [{ action: 'Ignore' }] } }),
    'spec.podFailurePolicy.rules[0]: Invalid value: "Ignore": specifying one of',
  ],
  [
    'exit code 0 as a failure',
    'Job',
    spec({
      podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [0] } }] },
    }),
    'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: 0: must not be 0',
  ],
  ['a negative back-off limit', 'Job', spec({ backoffLimit: -1 }), 'spec.backoffLimit: Invalid value: -1'],
  ['no schedule', 'CronJob', spec({ schedule: '' }), 'spec.schedule: Required value'],
  [
    'a schedule of four fields',
    'CronJob',
    spec({ schedule: '* * * *' }),
    'spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4',
  ],
  [
    'a zone in the schedule',
    'CronJob',
    spec({ schedule: 'TZ=UTC 0 0 * * *' }),
    'spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use TZ or CRON_TZ in schedule',
  ],
  [
    'an unknown zone',
    'CronJob',
    spec({ timeZone: 'Mars/Base' }),
    'spec.timeZone: Invalid value: "Mars/Base": unknown time zone',
  ],
  ['a known zone', 'CronJob', spec({ timeZone: 'Europe/Berlin' })],
  [
    'an unknown concurrency policy',
    'CronJob',
    spec({ concurrencyPolicy: 'Queue' }),
    'spec.concurrencyPolicy: Unsupported value: "Queue"',
  ],
  [
    'a mistake in the Job',
    'CronJob',
    spec({ jobTemplate: { spec: { parallelism: -1 } } }),
    'spec.jobTemplate.spec.parallelism: Invalid value: -1',
  ],
];

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

test.each([...workloads, ...jobs, ...cluster, ...policies])('%s (%s)', (_, kind, patch, ...expected) => {
  const found = problemsOf(made(kind, patch));
  expect(found.map((problem, i) => problem.slice(0, expected[i]?.length))).toEqual(expected);
});
