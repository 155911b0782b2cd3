import { describe, expect, it } from 'vitest';
import { loadScenario } from './load-scenario.ts';
import { memoryFiles } from './memory-files.ts';

const CLUSTER =
  'cluster: {nodeGroups: [{name: a, count: 2, allocatable: {cpu: 4, memory: 8Gi}, zones: [x, y, z]}]}\n';

const load = (scenario: string, files: Record<string, string> = {}) =>
  loadScenario('dir/my.yaml', memoryFiles({ 'dir/my.yaml': scenario, ...files }));

const deployment = (name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: c, image: "i:1"}]}
`;

describe('the nodes of a scenario', () => {
  it('are those of its groups, one zone after the other', async () => {
    const { nodes, name } = await load(CLUSTER);
    expect(name).toBe('my');
    expect(
      nodes.map((node) => [node.metadata.name, node.metadata.labels?.['topology.kubernetes.io/zone']]),
    ).toEqual([
      ['a-0', 'x'],
      ['a-1', 'y'],
    ]);
    expect(nodes[0]?.status?.allocatable).toEqual({ cpu: 4, memory: '8Gi', pods: 110 });
  });

  it('take their sizes from the instance type, and what the group says besides', async () => {
    const { nodes } = await load(
      'cluster: {nodeGroups: [{name: a, count: 1, instanceType: g4dn.xlarge, allocatable: {pods: 20}, labels: {p: q}}]}',
    );
    expect(nodes[0]?.status?.allocatable).toMatchObject({ cpu: '3920m', pods: 20, 'nvidia.com/gpu': 1 });
    expect(nodes[0]?.status?.capacity).toMatchObject({ cpu: 4, memory: 16 * 2 ** 30 });
    expect(nodes[0]?.metadata.labels).toMatchObject({
      'node.kubernetes.io/instance-type': 'g4dn.xlarge',
      'wavetank.io/gpu-model': 'T4',
      p: 'q',
    });
    expect(nodes[0]?.metadata.annotations).toEqual({ 'wavetank.io/price-per-hour': '0.526' });
  });

  it('take their sizes from a catalogue of their own', async () => {
    const { nodes } = await load(
      'cluster: {catalog: t.csv, nodeGroups: [{name: a, count: 1, instanceType: big}]}',
      {
        't.csv': 'name,vcpu,memory_gib,usd_hour\nbig,64,256,\n',
      },
    );
    expect(nodes[0]?.status?.allocatable).toMatchObject({ cpu: '64000m', memory: 256 * 2 ** 30 });
    expect(nodes[0]?.metadata.annotations).toBeUndefined();
  });

  it('come from groups, traces and snapshots alike', async () => {
    const { nodes } = await load(
      'cluster: {nodeGroups: [{name: a, count: 1, allocatable: {cpu: 1, memory: 1Gi}}], snapshot: [s.json]}\nworkload: [{trace: openb, pods: p.csv, nodes: n.csv}]',
      {
        's.json':
          '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Node","metadata":{"name":"s"},"status":{"allocatable":{"cpu":"1"}}}]}',
        'p.csv': 'name\n',
        'n.csv': 'sn,cpu_milli,memory_mib,gpu,model\nt,64000,262144,2,T4\n',
      },
    );
    expect(nodes.map((node) => node.metadata.name)).toEqual(['a-0', 't', 's']);
  });
});

describe('a group that grows', () => {
  it('goes on counting, with nodes that are not Ready yet', async () => {
    const { groups } = await load(CLUSTER);
    const node = groups.get('a')!.newNode(2, '90s');
    expect(node.metadata.name).toBe('a-2');
    expect(node.metadata.labels?.['topology.kubernetes.io/zone']).toBe('z');
    expect(node.metadata.annotations).toEqual({ 'wavetank.io/ready-after': '90s' });
    expect(node.status?.conditions).toMatchObject([{ type: 'Ready', status: 'False' }]);
  });
});

describe('the objects of a scenario', () => {
  it('come in an order in which they can be created', async () => {
    const { objects } = await load(`${CLUSTER}workload: [{manifests: [b.yaml, a.yaml]}]`, {
      'b.yaml': `${deployment('web')}---${deployment('api')}`,
      'a.yaml':
        'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: p}\nvalue: 1\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ns}\n',
    });
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Namespace ns',
      'PriorityClass p',
      'Deployment web',
      'Deployment api',
    ]);
  });

  it('are read once, however many patterns name their file', async () => {
    const { objects } = await load(`${CLUSTER}workload: [{manifests: [w.yaml, "*.yaml"]}]`, {
      'w.yaml': deployment('web'),
    });
    expect(objects).toHaveLength(1);
  });

  it('are kept once when two files say the same', async () => {
    const { objects } = await load(`${CLUSTER}workload: [{manifests: [v.yaml, w.yaml]}]`, {
      'v.yaml': deployment('web'),
      'w.yaml': deployment('web'),
    });
    expect(objects).toHaveLength(1);
  });

  it('leave out what is not modelled and what is over, counted by kind', async () => {
    const pod = (name: string, phase: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: c, image: i}]}\nstatus: {phase: ${phase}}\n`;
    const { objects, ignored, nHooks } = await load(`${CLUSTER}workload: [{manifests: [w.yaml]}]`, {
      'w.yaml': [
        'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\n',
        'apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: s}\n',
        pod('done', 'Succeeded'),
        pod('live', 'Running'),
        'apiVersion: v1\nkind: Pod\nmetadata: {name: h, annotations: {helm.sh/hook: test}}\n',
      ].join('---\n'),
    });
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['live']);
    expect([...ignored]).toEqual([
      ['Role', 1],
      ['ServiceMonitor', 1],
      ['Pod of the past', 1],
    ]);
    expect(nHooks).toBe(1);
  });

  it('keep owners that are there and lose those that are not', async () => {
    const owned = (name: string, uid: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, uid: ${name}, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: o, uid: "${uid}"}]}\n`;
    const { objects } = await load(`${CLUSTER}workload: [{manifests: [w.yaml]}]`, {
      'w.yaml': `${owned('one', 'two')}---\n${owned('two', 'gone')}`,
    });
    expect(objects.map(({ metadata }) => metadata.ownerReferences?.length)).toEqual([1, undefined]);
  });

  it('know the pods of kubelets and DaemonSets, though these are not there', async () => {
    const pod = (name: string, metadata: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ns, ${metadata}}\nspec: {containers: [{name: c, image: i}]}\n`;
    const ownedBy = (apiVersion: string, kind: string) =>
      `ownerReferences: [{apiVersion: ${apiVersion}, kind: ${kind}, name: o, uid: gone, controller: true}]`;
    const { podsOfNodes } = await load(`${CLUSTER}workload: [{manifests: [w.yaml]}]`, {
      'w.yaml': [
        pod('static', ownedBy('v1', 'Node')),
        pod('mirror', 'annotations: {kubernetes.io/config.mirror: x}'),
        pod('agent', ownedBy('apps/v1', 'DaemonSet')),
        pod('web', ownedBy('apps/v1', 'ReplicaSet')),
        pod('bare', 'labels: {}'),
      ].join('---\n'),
    });
    expect([...podsOfNodes]).toEqual(['ns/static', 'ns/mirror', 'ns/agent']);
  });
});

describe('the timeline of a scenario', () => {
  it('is sorted by time, entries of one time as they were written', async () => {
    const { timeline } = await load(
      `${CLUSTER}timeline: [{at: 10m, cordon: a-1}, {at: 5m, cordon: a-0}, {at: 10m, uncordon: {group: a}}]`,
    );
    expect(timeline.map(({ atUs, name, args }) => [atUs / 60e6, name, args])).toEqual([
      [5, 'cordon', 'a-0'],
      [10, 'cordon', 'a-1'],
      [10, 'uncordon', { group: 'a' }],
    ]);
    expect(timeline[0]?.place).toMatchObject({ file: 'dir/my.yaml', line: 2, column: 45 });
  });

  it('brings the objects of apply, from files and written in place', async () => {
    const pod = '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}';
    const { timeline } = await load(
      `${CLUSTER}timeline: [{at: 1m, apply: [w.yaml, ${pod}]}, {at: 2m, scale: {kind: deploy, name: web, replicas: 2}}]`,
      {
        'w.yaml': deployment('web'),
      },
    );
    expect(timeline[0]?.objects.map(({ metadata }) => metadata.name)).toEqual(['web', 'p']);
  });
});

describe('the digest of a scenario', () => {
  const files = { 'w.yaml': deployment('web'), 'j.csv': 't\n1\n' };
  const workload = 'workload: [{manifests: [w.yaml]}, {trace: csv, file: j.csv, columns: {submit: t}}]';
  const digest = async (scenario: string, more: Record<string, string> = files) =>
    (await load(scenario, more)).digest;

  it('does not change with comments, the order of keys, or JSON instead of YAML', async () => {
    const expected = await digest(CLUSTER + workload);
    expect(await digest(`# a comment\n${workload}\n${CLUSTER}`)).toBe(expected);
    const json = {
      cluster: {
        nodeGroups: [{ zones: ['x', 'y', 'z'], allocatable: { memory: '8Gi', cpu: 4 }, count: 2, name: 'a' }],
      },
      workload: [{ manifests: ['w.yaml'] }, { trace: 'csv', file: 'j.csv', columns: { submit: 't' } }],
    };
    expect(await digest(JSON.stringify(json))).toBe(expected);
    expect(await digest(CLUSTER + workload, { ...files, 'w.yaml': `# other\n${files['w.yaml']}` })).toBe(
      expected,
    );
  });

  it.each([
    ['the scenario', `seed: 2\n${CLUSTER}${workload}`, files],
    ['a manifest', CLUSTER + workload, { ...files, 'w.yaml': files['w.yaml'].replace('i:1', 'i:2') }],
    ['a trace', CLUSTER + workload, { ...files, 'j.csv': 't\n2\n' }],
  ])('changes with %s', async (_, scenario, more) => {
    expect(await digest(scenario, more)).not.toBe(await digest(CLUSTER + workload));
  });
});

describe('what changes a scenario before it is checked', () => {
  it('counts as if it stood in the file', async () => {
    const files = memoryFiles({ 'a.yaml': `name: x\n${CLUSTER}` });
    const { spec } = await loadScenario('a.yaml', files, { edit: (data) => ({ ...data, seed: 'other' }) });
    expect(spec.seed).toBe('other');
    const wrong = loadScenario('a.yaml', files, { edit: (data) => ({ ...data, until: 5 }) });
    await expect(wrong).rejects.toThrow('a.yaml:1:1: until: 5 has no unit');
  });

  it.each([
    ['before an action that the file lets happen', '1h', undefined],
    ['before an action of a file without an end', '', undefined],
    ['later, but before an action still', '10m', 'a.yaml:2:15: timeline[0].at: the run ends before, at 20m'],
  ])('may end the run %s', async (_, until, problem) => {
    const end = until && `, until: ${until}`;
    const text = `{name: x${end},\n  timeline: [{at: 30m, cordon: a-0}], ${CLUSTER.trim()}}`;
    const files = memoryFiles({ 'a.yaml': text });
    const loaded = loadScenario('a.yaml', files, { edit: (data) => ({ ...data, until: '20m' }) });
    if (problem === undefined) await loaded;
    else await expect(loaded).rejects.toThrow(problem);
  });
});
