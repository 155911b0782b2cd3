import { expect, test } from 'vitest';
import { made, problemsOf } from './testing.ts';

/** A sentence, what the spec gets, and how each problem begins, below `spec.`. */
type PodCase = [sentence: string, spec: object, ...problems: string[]];

const c = (more: object, name = 'c') => ({ name, image: 'x', ...more });
const one = (more: object) => ({ containers: [c(more)] });
const resources = (requests: object, limits: object = {}) => one({ resources: { requests, limits } });
const exec = { exec: { command: ['true'] } };

const containers: PodCase[] = [
  ['no containers', { containers: [] }, 'containers: Required value'],
  [
    'a container without name and image',
    { containers: [{}] },
    'containers[0].name: Required value',
    'containers[0].image: Required value',
  ],
  [
    'a container name with dots',
    { containers: [c({}, 'a.b')] },
    'containers[0].name: Invalid value: "a.b": a lowercase RFC 1123 label',
  ],
  ['two containers of one name', { containers: [c({}), c({})] }, 'containers[1].name: Duplicate value: "c"'],
  [
    'an init container named like a container',
    { initContainers: [c({})] },
    'initContainers[0].name: Duplicate value: "c"',
  ],
  [
    'a space around the image',
    one({ image: ' x' }),
    'containers[0].image: Invalid value: " x": must not have leading',
  ],
  [
    'an unknown pull policy',
    one({ imagePullPolicy: 'Sometimes' }),
    'containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always"',
  ],
  [
    'an unknown field',
    one({ imagePullPolice: 'Always' }),
    'containers[0].imagePullPolice: unknown field "spec.containers[0].imagePullPolice": did you mean "imagePullPolicy"?',
  ],
  [
    'a port out of range',
    one({ ports: [{ containerPort: 65536 }] }),
    'containers[0].ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive',
  ],
  [
    'a port without number',
    one({ ports: [{ name: 'a' }] }),
    'containers[0].ports[0].containerPort: Required value',
  ],
  [
    'a port that is text',
    one({ ports: [{ containerPort: '80' }] }),
    'containers[0].ports[0].containerPort: expected an integer, found "80"',
  ],
  [
    'two ports of one name',
    one({
      ports: [
        { name: 'a', containerPort: 1 },
        { name: 'a', containerPort: 2 },
      ],
    }),
    'containers[0].ports[1].name: Duplicate value: "a"',
  ],
  [
    'a port name of 16 characters',
    one({ ports: [{ name: 'abcdefghijklmnop', containerPort: 1 }] }),
    'containers[0].ports[0].name: Invalid value: "abcdefghijklmnop": must be no more than 15',
  ],
  [
    'a protocol in small letters',
    one({ ports: [{ containerPort: 1, protocol: 'tcp' }] }),
    'containers[0].ports[0].protocol: Unsupported value: "tcp"',
  ],
  [
    'another host port on the host network',
    { hostNetwork: true, ...one({ ports: [{ containerPort: 1, hostPort: 2 }] }) },
    'containers[0].ports[0].containerPort: Invalid value: 1: must match `hostPort`',
  ],
  [
    'one host port twice',
    {
      containers: [
        c({ ports: [{ containerPort: 1, hostPort: 9 }] }),
        c({ ports: [{ containerPort: 2, hostPort: 9 }] }, 'd'),
      ],
    },
    'containers[1].ports[0].hostPort: Duplicate value',
  ],
  [
    'one host port for two protocols',
    one({
      ports: [
        { containerPort: 1, hostPort: 9 },
        { containerPort: 1, hostPort: 9, protocol: 'UDP' },
      ],
    }),
  ],
  [
    'a mount of an unknown volume',
    one({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
    'containers[0].volumeMounts[0].name: Not found: "v"',
  ],
  [
    'two volumes of one name',
    { volumes: [{ name: 'v' }, { name: 'v', emptyDir: {} }] },
    'volumes[1].name: Duplicate value: "v"',
  ],
  [
    'a volume of two sources',
    { volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/' } }] },
    'volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
  ],
  [
    'a claim without name',
    { volumes: [{ name: 'v', persistentVolumeClaim: {} }] },
    'volumes[0].persistentVolumeClaim.claimName: Required value',
  ],
  [
    'a restart policy of a pod',
    { restartPolicy: 'Sometimes' },
    'restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
  ],
  [
    'a deadline of 0',
    { activeDeadlineSeconds: 0 },
    'activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647',
  ],
];

const probes: PodCase[] = [
  [
    'a probe without handler',
    one({ livenessProbe: {} }),
    'containers[0].livenessProbe: Required value: must specify a handler type',
  ],
  [
    'a probe with two handlers',
    one({ livenessProbe: { ...exec, tcpSocket: { port: 1 } } }),
    'containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
  ],
  [
    'a liveness probe that must succeed twice',
    one({ livenessProbe: { ...exec, successThreshold: 2 } }),
    'containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
  ],
  ['a readiness probe that must succeed twice', one({ readinessProbe: { ...exec, successThreshold: 2 } })],
  [
    'a negative period',
    one({ startupProbe: { ...exec, periodSeconds: -1 } }),
    'containers[0].startupProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0',
  ],
  [
    'a grace period in a readiness probe',
    one({ readinessProbe: { ...exec, terminationGracePeriodSeconds: 5 } }),
    'containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set',
  ],
  [
    'an http probe without port',
    one({ livenessProbe: { httpGet: { path: '/' } } }),
    'containers[0].livenessProbe.httpGet.port: Required value',
  ],
  [
    'a hook that sleeps longer than the grace period',
    one({ lifecycle: { preStop: { sleep: { seconds: 31 } } } }),
    'containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative',
  ],
  [
    'a probe of an init container',
    { initContainers: [c({ livenessProbe: exec }, 'i')] },
    'initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
  ],
  ['a probe of a sidecar', { initContainers: [c({ restartPolicy: 'Always', livenessProbe: exec }, 'i')] }],
];

const amounts: PodCase[] = [
  [
    'a request above the limit',
    resources({ cpu: '2' }, { cpu: '1500m' }),
    'containers[0].resources.requests.cpu: Invalid value: "2": must be less than or equal to cpu limit of 1500m',
  ],
  ['a request equal to the limit in another notation', resources({ memory: '1024Mi' }, { memory: '1Gi' })],
  [
    'a negative request',
    resources({ cpu: '-1' }),
    'containers[0].resources.requests.cpu: Invalid value: "-1": must be greater than or equal to 0',
  ],
  [
    'a request that is no quantity',
    resources({ cpu: '1 core' }),
    'containers[0].resources.requests.cpu: Invalid value: "1 core" is not a quantity',
  ],
  [
    'a resource that containers do not have',
    resources({ pods: 1 }),
    'containers[0].resources.requests.pods: Invalid value: "pods": must be a standard resource for containers',
  ],
  [
    'an extended resource without limit',
    resources({ 'x.io/gpu': 1 }),
    'containers[0].resources.limits[x.io/gpu]: Required value: Limit must be set for non overcommitable resources',
  ],
  [
    'an extended resource limited otherwise',
    resources({ 'x.io/gpu': 1 }, { 'x.io/gpu': 2 }),
    'containers[0].resources.requests[x.io/gpu]: Invalid value: "1": must be equal to x.io/gpu limit of 2',
  ],
  [
    'a fraction of an extended resource',
    resources({}, { 'x.io/gpu': '500m' }),
    'containers[0].resources.limits[x.io/gpu]: Invalid value: "500m": must be an integer',
  ],
  [
    'huge pages alone',
    resources({}, { 'hugepages-2Mi': '4Mi' }),
    'containers[0].resources: Forbidden: HugePages require cpu or memory',
  ],
  ['huge pages beside memory', resources({}, { 'hugepages-2Mi': '4Mi', memory: '1Gi' })],
  [
    'a pod-level request below the sum',
    { ...resources({ cpu: '2' }), resources: { requests: { cpu: '1' } } },
    'resources.requests.cpu: Invalid value: "1": must be greater than or equal to aggregate container requests',
  ],
  [
    'a pod-level resource that is none',
    { resources: { limits: { 'ephemeral-storage': '1Gi' } } },
    'resources.limits[ephemeral-storage]: Unsupported value',
  ],
  [
    'a container limit above the pod’s',
    { ...resources({}, { cpu: '2' }), resources: { limits: { cpu: '1' } } },
    'resources.limits.cpu: Invalid value: "1": must be no less than the limit of container c, 2',
  ],
];

const required = (key: 'nodeAffinity' | 'podAffinity', content: unknown) => ({
  affinity: { [key]: { requiredDuringSchedulingIgnoredDuringExecution: content } },
});
const node = (expression: object) =>
  required('nodeAffinity', { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', ...expression }] }] });
const NODE = 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
const EXPRESSION = `${NODE}[0].matchExpressions[0]`;
const spread = (...constraints: object[]) => ({
  topologySpreadConstraints: constraints.map((more) => ({
    maxSkew: 1,
    topologyKey: 'zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: {},
    ...more,
  })),
});

const scheduling: PodCase[] = [
  [
    'In without values',
    node({ operator: 'In' }),
    `${EXPRESSION}.values: Required value: must be specified when`,
  ],
  [
    'Exists with values',
    node({ operator: 'Exists', values: ['a'] }),
    `${EXPRESSION}.values: Forbidden: may not be specified when`,
  ],
  [
    'Gt with two values',
    node({ operator: 'Gt', values: ['1', '2'] }),
    `${EXPRESSION}.values: Required value: must be specified single value`,
  ],
  [
    'Lt with a word',
    node({ operator: 'Lt', values: ['many'] }),
    `${EXPRESSION}.values[0]: Invalid value: "many": for 'Gt', 'Lt' operators, the value must be an integer`,
  ],
  [
    'an unknown operator',
    node({ operator: 'Is', values: ['a'] }),
    `${EXPRESSION}.operator: Invalid value: "Is": not a valid selector operator`,
  ],
  [
    'no terms',
    required('nodeAffinity', { nodeSelectorTerms: [] }),
    `${NODE}: Required value: must have at least one node selector term`,
  ],
  [
    'a field that cannot be selected',
    required('nodeAffinity', {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.uid', operator: 'In', values: ['a'] }] }],
    }),
    `${NODE}[0].matchFields[0].key: Invalid value: "metadata.uid": not a valid field selector key`,
  ],
  [
    'a weight of 0',
    {
      affinity: {
        nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: {} }] },
      },
    },
    'affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100',
  ],
  [
    'a pod term without topology',
    required('podAffinity', [{ labelSelector: {} }]),
    'affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty',
  ],
  [
    'label keys without selector',
    required('podAffinity', [{ topologyKey: 'zone', matchLabelKeys: ['a'] }]),
    'affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys: Forbidden',
  ],
  [
    'a toleration of everything by Equal',
    { tolerations: [{ value: 'a' }] },
    'tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty',
  ],
  ['a toleration of everything by Exists', { tolerations: [{ operator: 'Exists' }] }],
  [
    'Exists with a value',
    { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] },
    'tolerations[0].operator: Invalid value: "b": value must be empty',
  ],
  [
    'seconds without NoExecute',
    { tolerations: [{ key: 'a', operator: 'Exists', tolerationSeconds: 3 }] },
    'tolerations[0].effect: Invalid value: "": effect must be \'NoExecute\'',
  ],
  [
    'a comparing toleration',
    { tolerations: [{ key: 'a', operator: 'Gt', value: '3' }] },
    'tolerations[0].operator: Unsupported value: "Gt"',
  ],
  [
    'an unknown effect',
    { tolerations: [{ key: 'a', operator: 'Exists', effect: 'Never' }] },
    'tolerations[0].effect: Unsupported value: "Never"',
  ],
  [
    'a skew of 0',
    spread({ maxSkew: 0 }),
    'topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
  ],
  [
    'domains wanted but not required',
    spread({ whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2 }),
    'topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if',
  ],
  [
    'a constraint twice',
    spread({}, { maxSkew: 2 }),
    'topologySpreadConstraints[1]: Duplicate value: "{zone, DoNotSchedule}"',
  ],
  ['a constraint hard and soft', spread({}, { whenUnsatisfiable: 'ScheduleAnyway' })],
  ['a node selector value', { nodeSelector: { a: 'b c' } }, 'nodeSelector.a: Invalid value: "b c"'],
  [
    'a gate on a bound pod',
    { nodeName: 'n', schedulingGates: [{ name: 'a.b/c' }] },
    'nodeName: Forbidden: cannot be set until all schedulingGates have been cleared',
  ],
  [
    'a gate twice',
    { schedulingGates: [{ name: 'a' }, { name: 'a' }] },
    'schedulingGates[1]: Duplicate value: "a"',
  ],
];

test.each([...containers, ...probes, ...amounts, ...scheduling])('%s', (_, spec, ...expected) => {
  const found = problemsOf(made('Pod', { spec }));
  expect(found.map((problem, i) => problem.slice(0, `spec.${expected[i] ?? ''}`.length))).toEqual(
    expected.map((start) => `spec.${start}`),
  );
});
