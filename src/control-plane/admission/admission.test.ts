import { describe, expect, it } from 'vitest';
import { EVENT_PRIORITIES } from '../../cluster/event-priorities.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import type { KubeObject, PodSpec } from '../../kube/types.ts';
import { Simulation } from '../../sim/simulation.ts';
import { ApiServer } from '../api-server.ts';

const C = { name: 'c', image: 'i' };

function setUp(...objects: object[]) {
  const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
  const server = new ApiServer({ simulation });
  const user = server.process('kubectl').client({ name: 'kubectl' });
  const refusals: string[] = [];
  for (const object of objects) {
    user.create(object as KubeObject, (error) => error && refusals.push(error.message));
  }
  simulation.advance(1e6, 0);
  expect(refusals).toEqual([]);
  return { simulation, server, user };
}

/** The spec that a pod gets, or why it is refused. */
function admit(spec: Partial<PodSpec>, objects: object[] = [], labels = {}): PodSpec | string {
  const { simulation, server, user } = setUp(...objects);
  const shape: PodShape = { namespace: 'default', labels, spec: { containers: [C], ...spec } };
  let refusal = '';
  user.createPod({ shape, name: 'a' }, (error) => {
    refusal = error ? `${error.code} ${error.message}` : '';
  });
  simulation.advance(1e6, 0);
  return refusal || server.state.pods.at(0)!.shape.spec;
}

const priorityClass = (name: string, value: number, more = {}) => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
  ...more,
});
const limitRange = (...limits: object[]) => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'l', namespace: 'default' },
  spec: { limits },
});
const runtimeClass = (more: object) => ({
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name: 'kata' },
  handler: 'kata',
  ...more,
});

describe('admission of pods', () => {
  it('takes limits for requests that are missing, in every container', () => {
    const limits = { cpu: '1', memory: '1Gi' };
    const containers = [{ ...C, resources: { limits, requests: { cpu: '500m' } } }];
    const initContainers = [{ ...C, name: 'init', resources: { limits: { cpu: '2' } } }];
    expect(admit({ containers, initContainers })).toMatchObject({
      containers: [{ resources: { requests: { cpu: '500m', memory: '1Gi' } } }],
      initContainers: [{ resources: { requests: { cpu: '2' } } }],
    });
  });

  it.each([
    ['the class named', { priorityClassName: 'high' }, { priority: 1000, preemptionPolicy: 'Never' }],
    ['a built-in class', { priorityClassName: 'system-node-critical' }, { priority: 2_000_001_000 }],
    [
      'the global default',
      {},
      { priority: 7, priorityClassName: 'usual', preemptionPolicy: 'PreemptLowerPriority' },
    ],
    ['the same number given by hand', { priority: 7 }, { priority: 7 }],
  ])('resolves the priority of %s', (_title, spec, expected) => {
    const classes = [
      priorityClass('high', 1000, { preemptionPolicy: 'Never' }),
      priorityClass('usual', 7, { globalDefault: true }),
    ];
    expect(admit(spec, classes)).toMatchObject(expected);
  });

  it.each([
    ['an unknown priority class', { priorityClassName: 'none' }, 'no PriorityClass with name none was found'],
    [
      'a number that is not the class’s',
      { priority: 5 },
      'the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    ],
    ['an unknown runtime class', { runtimeClassName: 'none' }, 'pod rejected: RuntimeClass "none" not found'],
  ])('refuses %s', (_title, spec, why) => {
    expect(admit(spec)).toBe(`403 pods "a" is forbidden: ${why}`);
  });

  it('names each refused pod, by the prefix where the name would have been generated', () => {
    const { simulation, user } = setUp();
    const spec = { containers: [C], runtimeClassName: 'none' };
    const shape: PodShape = { namespace: 'default', labels: {}, spec };
    const texts: string[] = [];
    for (const init of [{ name: 'a' }, { name: 'b' }, { generateName: 'web-' }])
      user.createPod({ shape, ...init }, (error) => texts.push(error?.message ?? ''));
    simulation.advance(1e6, 0);
    const why = 'pod rejected: RuntimeClass "none" not found';
    expect(texts).toEqual(['a', 'b', 'web-'].map((name) => `pods "${name}" is forbidden: ${why}`));
  });

  const notReady = 'node.kubernetes.io/not-ready';
  const unreachable = 'node.kubernetes.io/unreachable';
  it.each([
    ['both are added', [], [notReady, unreachable]],
    [
      'one that is there stays as it is',
      [{ key: notReady, effect: 'NoExecute', operator: 'Exists' }],
      [unreachable],
    ],
    ['any effect counts', [{ key: notReady, operator: 'Exists' }], [unreachable]],
    [
      'another effect does not',
      [{ key: notReady, operator: 'Exists', effect: 'NoSchedule' }],
      [notReady, unreachable],
    ],
    ['a toleration of everything is enough', [{ operator: 'Exists' }], []],
  ] as const)('gives 300 s to tolerate a lost node: %s', (_title, tolerations, added) => {
    const spec = admit({ tolerations }) as PodSpec;
    const timed = (spec.tolerations ?? []).filter(({ tolerationSeconds }) => tolerationSeconds === 300);
    expect(timed.map(({ key }) => key)).toEqual(added);
  });

  it('adds what a runtime class brings along', () => {
    const toleration = { key: 'kata', operator: 'Exists' };
    const cls = runtimeClass({
      overhead: { podFixed: { cpu: '250m' } },
      scheduling: { nodeSelector: { kata: 'true' }, tolerations: [toleration] },
    });
    const spec = admit({ runtimeClassName: 'kata', nodeSelector: { disk: 'ssd' } }, [cls]) as PodSpec;
    expect(spec).toMatchObject({ overhead: { cpu: '250m' }, nodeSelector: { disk: 'ssd', kata: 'true' } });
    expect(spec.tolerations).toContainEqual(toleration);
  });

  it('refuses overhead and selectors that contradict the runtime class', () => {
    const cls = runtimeClass({
      overhead: { podFixed: { cpu: '250m' } },
      scheduling: { nodeSelector: { kata: 'true' } },
    });
    expect(admit({ runtimeClassName: 'kata', overhead: { cpu: '1' } }, [cls])).toMatch(/^403 .*Overhead/);
    expect(admit({ runtimeClassName: 'kata', nodeSelector: { kata: 'no' } }, [cls])).toMatch(
      /^403 .*conflict/,
    );
  });

  it('merges the pod’s own label values into selectors with matchLabelKeys', () => {
    const labels = { app: 'web', 'pod-template-hash': 'abc' };
    const labelSelector = { matchLabels: { app: 'web' } };
    const term = {
      topologyKey: 'zone',
      labelSelector,
      matchLabelKeys: ['pod-template-hash', 'missing'],
      mismatchLabelKeys: ['app'],
    };
    const spec = admit(
      {
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'zone',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector,
            matchLabelKeys: ['pod-template-hash'],
          },
        ],
      },
      [],
      labels,
    ) as PodSpec;
    const same = { key: 'pod-template-hash', operator: 'In', values: ['abc'] };
    const other = { key: 'app', operator: 'NotIn', values: ['web'] };
    const [required] = spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    expect(required?.labelSelector?.matchExpressions).toEqual([same, other]);
    expect(spec.topologySpreadConstraints?.[0]?.labelSelector?.matchExpressions).toEqual([same]);
  });

  it('makes one shape of equal templates, and another one when a class changes', () => {
    const { server, user, simulation } = setUp();
    const shape: PodShape = { namespace: 'default', labels: {}, spec: { containers: [C] } };
    for (const name of ['a', 'b']) user.createPod({ shape, name });
    user.create(priorityClass('usual', 7, { globalDefault: true }) as KubeObject);
    user.createPod({ shape, name: 'c' });
    simulation.advance(1e6, 0);
    const [a, b, c] = [0, 1, 2].map((slot) => server.state.pods.at(slot)!.shape);
    expect(a).toBe(b);
    expect([a!.spec.priority, c!.spec.priority]).toEqual([0, 7]);
  });
});

describe('limit ranges', () => {
  const bounds = { type: 'Container', min: { cpu: '100m' }, max: { cpu: '1' } };

  it('fill in default limits and requests', () => {
    const range = limitRange({
      type: 'Container',
      default: { cpu: '500m', memory: '256Mi' },
      defaultRequest: { cpu: '250m' },
    });
    expect(admit({}, [range])).toMatchObject({
      containers: [
        {
          resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '250m', memory: '256Mi' } },
        },
      ],
    });
  });

  it.each([
    [
      'below the minimum',
      { requests: { cpu: '50m' }, limits: { cpu: '1' } },
      'minimum cpu usage per Container is 100m, but request is 50m',
    ],
    [
      'above the maximum',
      { requests: { cpu: '500m' }, limits: { cpu: '2' } },
      'maximum cpu usage per Container is 1, but limit is 2',
    ],
  ])('refuse what is %s', (_title, resources, why) => {
    expect(admit({ containers: [{ ...C, resources }] }, [limitRange(bounds)])).toBe(
      `403 pods "a" is forbidden: ${why}`,
    );
  });

  it('refuse limits far above requests', () => {
    const resources = { requests: { cpu: '100m' }, limits: { cpu: '400m' } };
    const range = limitRange({ type: 'Container', maxLimitRequestRatio: { cpu: '2' } });
    expect(admit({ containers: [{ ...C, resources }] }, [range])).toMatch(
      /cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000$/,
    );
  });

  it('judge pods as a whole', () => {
    const resources = { requests: { memory: '600Mi' }, limits: { memory: '600Mi' } };
    const containers = ['a', 'b'].map((name) => ({ ...C, name, resources }));
    expect(admit({ containers }, [limitRange({ type: 'Pod', max: { memory: '1Gi' } })])).toMatch(
      /^403 .*maximum memory usage per Pod is 1Gi, but limit is/,
    );
  });
});

describe('resource quotas', () => {
  const quota = (hard: object, more = {}) => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'default' },
    spec: { hard, ...more },
  });

  /** Creates pods one after the other under a quota whose status the controller has filled in. */
  function create(hard: Record<string, string>, specs: Partial<PodSpec>[], more = {}) {
    const { simulation, server, user } = setUp(quota(hard, more));
    const used = Object.fromEntries(Object.keys(hard).map((name) => [name, '0']));
    user.patchStatus(
      { kind: 'ResourceQuota', namespace: 'default', name: 'q' },
      (object: KubeObject) => ({ ...object, status: { hard, used } }),
      undefined,
    );
    const outcomes: string[] = [];
    for (const spec of specs) {
      const shape: PodShape = { namespace: 'default', labels: {}, spec: { containers: [C], ...spec } };
      user.createPod({ shape, name: `p${outcomes.length}${specs.indexOf(spec)}` }, (error) =>
        outcomes.push(error?.message ?? 'ok'),
      );
    }
    simulation.advance(1e6, 0);
    return {
      outcomes,
      used: (server.state.kind('ResourceQuota').get('default/q') as { status?: { used?: object } }).status
        ?.used,
    };
  }
  const asks = (cpu: string) => ({ containers: [{ ...C, resources: { requests: { cpu } } }] });

  it('charge pods until nothing is left, and say what was asked, used and limited', () => {
    const { outcomes, used } = create({ 'requests.cpu': '2', pods: '10' }, [
      asks('1500m'),
      asks('600m'),
      asks('500m'),
    ]);
    expect(outcomes).toEqual([
      'ok',
      'pods "p01" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=1500m, limited: requests.cpu=2',
      'ok',
    ]);
    expect(used).toEqual({ 'requests.cpu': '2', pods: '2' });
  });

  it('want every container to name a resource that they count', () => {
    const { outcomes } = create({ 'requests.cpu': '2', 'limits.memory': '1Gi' }, [{}]);
    expect(outcomes).toEqual([
      'pods "p00" is forbidden: failed quota: q: must specify requests.cpu for: c; limits.memory for: c',
    ]);
  });

  it('refuse pods while their usage is not known', () => {
    const { simulation, user } = setUp(quota({ pods: '1' }));
    let refusal = '';
    user.createPod(
      { shape: { namespace: 'default', labels: {}, spec: { containers: [C] } }, name: 'a' },
      (error) => (refusal = error?.message ?? ''),
    );
    simulation.advance(1e6, 0);
    expect(refusal).toBe('pods "a" is forbidden: status unknown for quota: q, resources: pods');
  });

  it.each([
    ['BestEffort', {}, '1'],
    ['BestEffort', asks('1'), '0'],
    ['NotBestEffort', asks('1'), '1'],
    ['Terminating', { activeDeadlineSeconds: 5 }, '1'],
    ['NotTerminating', { activeDeadlineSeconds: 5 }, '0'],
  ])('of scope %s count only such pods', (scope, spec, count) => {
    expect(create({ pods: '5' }, [spec], { scopes: [scope] }).used).toEqual({ pods: count });
  });
});
