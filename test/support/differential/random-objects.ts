/** Random nodes, pod templates and other objects from a small vocabulary, so that selectors, keys and sizes often meet. */
import fc from 'fast-check';
import type { KubeObject, Node, Pod } from '../../../src/kube/types.ts';

export const NAMESPACES = ['default', 'team', 'ghost'];
const ZONE = 'topology.kubernetes.io/zone';
const KEYS = [ZONE, 'kubernetes.io/hostname', 'rack'];

type Fields<T> = { [K in keyof T]: fc.Arbitrary<T[K]> };

/** An object whose undefined fields are left out. */
function all<T>(fields: Fields<T>): fc.Arbitrary<T> {
  return fc
    .record(fields as Record<string, fc.Arbitrary<unknown>>)
    .map(
      (drawn) => Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)) as T,
    );
}

/** Present in so many percent of the cases; shrinks to absent. */
function chance<T>(percent: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 100 - percent, arbitrary: fc.constant(undefined) },
    { weight: percent, arbitrary },
  );
}

/** Each field is present in so many percent of the cases. */
function some<T>(percent: number, fields: Fields<T>): fc.Arbitrary<Partial<T>> {
  const optional = Object.entries(fields).map(([key, field]) => [
    key,
    chance(percent, field as fc.Arbitrary<unknown>),
  ]);
  return all(Object.fromEntries(optional)) as fc.Arbitrary<Partial<T>>;
}

const few = <T>(arbitrary: fc.Arbitrary<T>, maxLength = 2) => fc.array(arbitrary, { maxLength, size: 'max' });
const fewOf = <T>(...values: T[]) => fc.subarray(values);

const taint = all({
  key: fc.constantFrom('dedicated', 'spot'),
  value: fc.constantFrom('', 'x'),
  effect: fc.constantFrom('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
});

const image = all({
  names: fewOf('web:latest', 'db:15', 'registry.example:5000/train:v1').filter((names) => names.length > 0),
  sizeBytes: fc.constantFrom(30 * 2 ** 20, 500_000_000, 3_000_000_001),
});

/** A node but for its name; the label hostname is its name, absent, or shared with others. */
const nodeBody = all({
  labels: some(85, {
    [ZONE]: fc.constantFrom('a', 'b', 'c'),
    'topology.kubernetes.io/region': fc.constantFrom('r1', 'r2'),
    rack: fc.constantFrom('1', '2', ''),
    disk: fc.constantFrom('ssd', 'ssd', 'hdd'),
    generation: fc.constantFrom('1', '7', 'x'),
  }),
  hostname: fc.constantFrom('own', 'own', 'own', 'own', 'own', 'own', 'none', 'shared'),
  taints: chance(35, few(taint)),
  unschedulable: chance(8, fc.constant(true)),
  allocatable: some(95, {
    cpu: fc.constantFrom('1', '3920m', '8', '16'),
    memory: fc.constantFrom('1Gi', '4000M', '8Gi', '16Gi'),
    pods: fc.constantFrom('3', '110', '110', '110'),
    'example.com/gpu': fc.constantFrom('0', '1', '2'),
  }),
  images: few(image),
});

export type NodeBody = typeof nodeBody extends fc.Arbitrary<infer T> ? T : never;
export const nodeBodies: fc.Arbitrary<NodeBody> = nodeBody;

export function nodeFrom(name: string, body: NodeBody): Node {
  const { labels, hostname, taints, unschedulable, allocatable, images } = body;
  const own = { own: name, none: undefined, shared: 'shared' }[hostname];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { ...labels, ...(own && { 'kubernetes.io/hostname': own }) } },
    spec: { ...(taints && { taints }), ...(unschedulable && { unschedulable }) },
    status: { allocatable: { pods: '110', ...allocatable }, images },
  } as Node;
}

const podLabels = some(70, {
  app: fc.constantFrom('a', 'b'),
  tier: fc.constantFrom('front', 'back'),
  env: fc.constantFrom('prod', 'dev'),
});

const expression = (keys: readonly string[], values: readonly string[]) =>
  fc.oneof(
    all({
      key: fc.constantFrom(...keys),
      operator: fc.constantFrom('In', 'NotIn'),
      values: fc.subarray([...values], { minLength: 1 }),
    }),
    all({ key: fc.constantFrom(...keys), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
  );

const labelSelector = some(60, {
  matchLabels: some(40, { app: fc.constantFrom('a', 'b'), tier: fc.constantFrom('front', 'back') }),
  matchExpressions: few(expression(['app', 'tier'], ['a', 'b', 'front']), 1),
});

const nodeTerm = some(60, {
  matchExpressions: few(
    fc.oneof(
      expression(['disk', 'rack', ZONE], ['ssd', '1', '', 'a', 'b']),
      all({
        key: fc.constant('generation'),
        operator: fc.constantFrom('Gt', 'Lt'),
        values: fc.constantFrom(['5'], ['x']),
      }),
    ),
  ),
  matchFields: few(
    all({
      key: fc.constant('metadata.name'),
      operator: fc.constantFrom('In', 'In', 'NotIn'),
      values: fc.constantFrom(['n0'], ['n1'], ['n2'], ['no-such-node']),
    }),
    1,
  ),
});

const podTerm = all({ topologyKey: fc.constantFrom(...KEYS) }).chain((fixed) =>
  some(40, {
    labelSelector: labelSelector,
    namespaces: fewOf(...NAMESPACES),
    namespaceSelector: some(60, { matchLabels: some(70, { env: fc.constant('prod') }) }),
  }).map((rest) => ({ ...rest, ...fixed })),
);

const podAffinity = some(45, {
  requiredDuringSchedulingIgnoredDuringExecution: few(podTerm),
  preferredDuringSchedulingIgnoredDuringExecution: few(
    all({ weight: fc.constantFrom(1, 7, 100), podAffinityTerm: podTerm }),
  ),
});

const affinity = some(45, {
  nodeAffinity: some(40, {
    requiredDuringSchedulingIgnoredDuringExecution: all({
      nodeSelectorTerms: fc.array(nodeTerm, { minLength: 1, maxLength: 2 }),
    }),
    preferredDuringSchedulingIgnoredDuringExecution: few(
      all({ weight: fc.constantFrom(1, 50), preference: nodeTerm }),
    ),
  }),
  podAffinity,
  podAntiAffinity: podAffinity,
});

const spreadConstraint = all({
  maxSkew: fc.integer({ min: 1, max: 3 }),
  topologyKey: fc.constantFrom(...KEYS),
  whenUnsatisfiable: fc.constantFrom('DoNotSchedule', 'ScheduleAnyway'),
}).chain((fixed) =>
  some(60, {
    labelSelector,
    minDomains: fc.integer({ min: 1, max: 4 }),
    nodeAffinityPolicy: fc.constantFrom('Honor', 'Ignore'),
    nodeTaintsPolicy: fc.constantFrom('Honor', 'Ignore'),
    matchLabelKeys: fewOf('tier', 'env'),
  }).map(({ minDomains, ...rest }) => ({
    ...rest,
    ...fixed,
    ...(fixed.whenUnsatisfiable === 'DoNotSchedule' && minDomains && { minDomains }),
  })),
);

const requests = some(60, {
  cpu: fc.constantFrom('0', '100m', '250m', '1.5'),
  memory: fc.constantFrom('0', '100Mi', '0.5Gi', '1000000001'),
  'example.com/gpu': fc.constantFrom('0', '0', '0', '1'),
});

const container = all({
  image: fc.constantFrom('web', 'db:15', 'registry.example:5000/train:v1', 'registry.example:5000/web'),
  requests,
  hostPort: chance(8, fc.constantFrom(80, 443)),
  hostIP: fc.constantFrom('', '10.0.0.1', '10.0.0.2'),
}).map(({ requests, hostPort, hostIP, ...rest }) => ({
  ...rest,
  name: 'c',
  resources: { requests },
  ...(hostPort && { ports: [{ containerPort: hostPort, hostPort, hostIP }] }),
}));

const toleration = some(60, {
  key: fc.constantFrom('dedicated', 'spot', 'node.kubernetes.io/unschedulable'),
  operator: fc.constantFrom('Equal', 'Exists'),
  value: fc.constantFrom('x'),
  effect: fc.constantFrom('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
});

/** What most pods lack, so that enough of them fit somewhere. */
const rare = <T>(arbitrary: fc.Arbitrary<T>) => chance(15, arbitrary);

const podTemplate = all({
  namespace: fc.constantFrom('default', 'default', ...NAMESPACES),
  labels: podLabels,
  containers: fc.array(container, { minLength: 1, maxLength: 2 }),
  initContainers: rare(
    few(all({ container, isSidecar: fc.boolean() })).map((list) =>
      list.map((one) => ({ ...one.container, ...(one.isSidecar && { restartPolicy: 'Always' }) })),
    ),
  ),
  overhead: rare(some(70, { cpu: fc.constant('50m'), memory: fc.constant('64Mi') })),
  nodeSelector: chance(30, some(70, { disk: fc.constantFrom('ssd', 'ssd', 'hdd') })),
  tolerations: chance(40, few(toleration)),
  affinity: chance(60, affinity),
  topologySpreadConstraints: chance(55, few(spreadConstraint)),
  owner: chance(30, fc.constantFrom('ReplicaSet', 'StatefulSet')),
});

export type PodBody = typeof podTemplate extends fc.Arbitrary<infer T> ? T : never;
export const podBodies: fc.Arbitrary<PodBody> = podTemplate;

export function podFrom(name: string, { namespace, labels, owner, ...spec }: PodBody): Pod {
  const reference = { apiVersion: 'apps/v1', kind: owner ?? '', name: 'owner', uid: 'u', controller: true };
  const present = Object.entries(spec).filter(([, value]) => value !== undefined);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, uid: name, namespace, labels, ...(owner && { ownerReferences: [reference] }) },
    spec: Object.fromEntries(present) as unknown as Pod['spec'],
  };
}

/** Services, owners and the namespaces that have an object (`ghost` never has). */
export const otherObjects: fc.Arbitrary<KubeObject> = fc
  .oneof(
    all({
      kind: fc.constant('Service'),
      namespace: fc.constantFrom('default', 'team'),
      selector: some(45, { app: fc.constantFrom('a', 'b'), tier: fc.constantFrom('front', 'back') }),
    }),
    all({
      kind: fc.constantFrom('ReplicaSet', 'StatefulSet'),
      namespace: fc.constantFrom(...NAMESPACES),
      selector: all({ matchLabels: podLabels }),
    }),
    all({
      kind: fc.constant('Namespace'),
      name: fc.constantFrom('default', 'team'),
      labels: some(80, { env: fc.constantFrom('prod', 'dev') }),
    }),
  )
  .map((drawn) => {
    if ('labels' in drawn)
      return { apiVersion: 'v1', kind: drawn.kind, metadata: { name: drawn.name, labels: drawn.labels } };
    const { kind, namespace, selector } = drawn;
    const apiVersion = kind === 'Service' ? 'v1' : 'apps/v1';
    return { apiVersion, kind, metadata: { name: 'owner', namespace }, spec: { selector } } as KubeObject;
  });
