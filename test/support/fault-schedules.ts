/** Random schedules of faults and of what people do to a cluster, for a small cluster with every kind of workload. */
import fc from 'fast-check';

export const WORKLOADS = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 6
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      tolerations:
      - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 20}
      containers: [{name: c, image: "web:1", resources: {requests: {cpu: 500m, memory: 256Mi}}}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 4, selector: {matchLabels: {app: web}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 3
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: c, image: "db:1", resources: {requests: {cpu: 500m, memory: 256Mi}}}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: db}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: db}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: c, image: "agent:1", resources: {requests: {cpu: 100m, memory: 64Mi}}}]}
`;

const node = fc.integer({ min: 0, max: 3 }).map((i) => `a-${i}`);
const app = fc.constantFrom('web', 'db', 'agent');
const kindOf = { web: 'Deployment', db: 'StatefulSet', agent: 'DaemonSet' } as const;
const server = fc.integer({ min: 0, max: 1 });
const component = fc.constantFrom('kube-scheduler', 'kube-controller-manager', 'kubelet');

const action = fc.oneof(
  node.map((one) => `cordon: ${one}`),
  node.map((one) => `uncordon: ${one}`),
  node.map((one) => `drain: ${one}`),
  node.map((one) => `stopKubelet: ${one}`),
  node.map((one) => `startKubelet: ${one}`),
  node.map((one) => `failNodes: ${one}`),
  node.map((one) => `repairNodes: ${one}`),
  node.map((one) => `taint: {on: ${one}, taints: [{key: m, value: "1", effect: NoExecute}]}`),
  node.map((one) => `taint: {on: ${one}, taints: []}`),
  fc
    .tuple(fc.constantFrom('web', 'db'), fc.integer({ min: 0, max: 9 }))
    .map(([name, n]) => `scale: {kind: ${kindOf[name as 'web']}, name: ${name}, replicas: ${n}}`),
  fc
    .tuple(app, fc.integer({ min: 1, max: 3 }))
    .map(([name, n]) => `setImage: {kind: ${kindOf[name]}, name: ${name}, images: {c: "x:${n}"}}`),
  fc
    .tuple(app, fc.integer({ min: 1, max: 2 }))
    .map(([name, n]) => `failPods: {selector: {app: ${name}}, count: ${n}}`),
  app.map((name) => `delete: {kind: Pod, selector: {app: ${name}}}`),
  component.map((name) => `breakWatch: {component: ${name}}`),
  fc
    .tuple(component, fc.constantFrom('Pod', 'Node', 'ReplicaSet'))
    .map(([name, kind]) => `breakWatch: {component: ${name}, kind: ${kind}}`),
  fc
    .constantFrom('kube-scheduler', 'kube-controller-manager')
    .map((name) => `killLeader: {component: ${name}}`),
  fc.integer({ min: 1, max: 3 }).map((n) => `stopEtcdMembers: ${n}`),
  fc.integer({ min: 1, max: 3 }).map((n) => `startEtcdMembers: ${n}`),
  server.map((number) => `stopApiServer: ${number}`),
  server.map((number) => `startApiServer: ${number}`),
);

/** Entries of a timeline: ten minutes of trouble. */
export const troubles = fc
  .array(fc.tuple(fc.integer({ min: 5, max: 600 }), action), { minLength: 1, maxLength: 14 })
  .map((list) => list.sort(([a], [b]) => a - b).map(([at, what]) => `{at: ${at}s, ${what}}`));

/** What brings the cluster back to health afterwards. */
export const REMEDIES = [
  '{at: 690s, startEtcdMembers: 3}',
  '{at: 690s, startApiServer: 0}',
  '{at: 690s, startApiServer: 1}',
  ...[0, 1, 2, 3].flatMap((i) => nodeRemedies(i)),
];

function nodeRemedies(i: number): string[] {
  return [
    `{at: 700s, repairNodes: a-${i}}`,
    `{at: 701s, startKubelet: a-${i}}`,
    `{at: 702s, uncordon: a-${i}}`,
    `{at: 703s, taint: {on: a-${i}, taints: []}}`,
  ];
}

export function scenarioOf(timeline: readonly string[]): string {
  return `
until: 1h
model: {apiServers: {count: 2}, schedulers: 2, controllerManagers: 2}
cluster:
  nodeGroups: [{name: a, count: 4, allocatable: {cpu: 4, memory: 8Gi}, zones: [x, y]}]
workload: [{manifests: [workloads.yaml]}]
timeline:
${timeline.map((entry) => `- ${entry}`).join('\n')}
`;
}
