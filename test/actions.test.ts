// What the actions of a timeline do to a cluster, and how they fail.

import { describe, expect, it } from 'vitest';
import { loadScenario, memoryFiles } from '../src/index.ts';
import { pricePerHour } from '../src/kube/node-names.ts';
import type { Deployment, Node } from '../src/kube/types.ts';
import { Run } from '../src/simulator/run.ts';

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: "i:1", resources: {requests: {cpu: 500m, memory: 1Gi}}}]}
`;

async function run(...timeline: string[]): Promise<Run> {
  const scenario = `
until: 10m
cluster: {nodeGroups: [{name: a, count: 3, allocatable: {cpu: 4, memory: 8Gi}}]}
workload: [{manifests: [web.yaml]}]
timeline:
${timeline.map((entry) => `- ${entry}`).join('\n')}
`;
  const files = memoryFiles({ 's.yaml': scenario, 'web.yaml': WEB });
  const run = await Run.open(await loadScenario('s.yaml', files), files, { checks: true });
  while ((await run.advance()) === 'more');
  return run;
}

const web = ({ world }: Run) => world.server.state.kind('Deployment').get('default/web') as Deployment;
const node = ({ world }: Run, name: string) => world.server.state.kind('Node').get(name) as Node;
const reasons = ({ refusals }: Run) => refusals.list().map(({ reason }) => reason);

describe('apply', () => {
  const applied = (spec: string) =>
    `{at: 2m, apply: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: ${spec}}]}`;
  const template = (container: string) =>
    `selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [${container}]}}`;
  const specOf = (done: Run) => web(done).spec;

  it('takes away what the apply before had and this one has not, and keeps what others have set', async () => {
    const done = await run(
      '{at: 1m, patch: {kind: deploy, name: web, patch: {spec: {minReadySeconds: 7, template: {spec: {containers: [{name: side, image: s}]}}}}}}',
      applied(`{${template('{name: c, image: "i:1"}')}}`),
    );
    const { replicas, minReadySeconds, template: pods } = specOf(done);
    // The manifest's four replicas are gone: the default is one.
    expect([replicas, minReadySeconds]).toEqual([1, 7]);
    expect(pods.spec.containers.map(({ name, resources }) => [name, resources])).toEqual([
      ['c', undefined],
      ['side', undefined],
    ]);
  });

  it('lets a node that joins cost what the catalogue says, unless it says so itself', async () => {
    const joins = (name: string, annotations = '') =>
      `{apiVersion: v1, kind: Node, metadata: {name: ${name}, labels: {node.kubernetes.io/instance-type: m5.xlarge}${annotations}}, status: {allocatable: {cpu: 4, memory: 8Gi}}}`;
    const own = ', annotations: {wavetank.io/price-per-hour: "0.1"}';
    const done = await run(`{at: 1m, apply: [${joins('n')}, ${joins('own', own)}, ${joins('a-0')}]}`);
    expect(['n', 'own', 'a-0'].map((name) => pricePerHour(node(done, name)))).toEqual([
      0.192,
      0.1,
      undefined,
    ]);
    expect(node(done, 'a-0').metadata.labels).toHaveProperty(
      ['node.kubernetes.io/instance-type'],
      'm5.xlarge',
    );
  });

  it('replaces a container of the apply before', async () => {
    const done = await run(applied(`{replicas: 4, ${template('{name: d, image: "i:2"}')}}`));
    expect(specOf(done).template.spec.containers.map(({ name }) => name)).toEqual(['d']);
  });

  it('sets what others have changed back', async () => {
    const same = `{replicas: 4, ${template('{name: c, image: "i:1", resources: {requests: {cpu: 500m, memory: 1Gi}}}')}}`;
    const done = await run('{at: 1m, scale: {kind: deploy, name: web, replicas: 2}}', applied(same));
    expect(specOf(done).replicas).toBe(4);
  });
});

describe('rollout', () => {
  it('undo brings back the image before', async () => {
    const done = await run(
      '{at: 1m, setImage: {kind: deploy, name: web, images: {c: "i:2"}}}',
      '{at: 3m, rollout: {kind: deploy, name: web, action: undo}}',
    );
    expect(web(done).spec.template.spec.containers[0]!.image).toBe('i:1');
    expect(web(done).status).toMatchObject({ replicas: 4, updatedReplicas: 4, availableReplicas: 4 });
  });

  it('undo of a first revision is refused', async () => {
    const done = await run('{at: 1m, rollout: {kind: deploy, name: web, action: undo}}');
    expect(reasons(done)).toEqual(['no rollout history found for deployment "web"']);
  });

  it('pause holds changes of the template back until resume', async () => {
    const paused = ['{at: 1m, rollout: {kind: deploy, name: web, action: pause}}'];
    const changed = [...paused, '{at: 2m, setImage: {kind: deploy, name: web, images: {c: "i:2"}}}'];
    const resumed = [...changed, '{at: 4m, rollout: {kind: deploy, name: web, action: resume}}'];
    expect(web(await run(...changed)).status!.updatedReplicas ?? 0).toBe(0);
    expect(web(await run(...resumed)).status!.updatedReplicas).toBe(4);
  });

  it('restart replaces all pods', async () => {
    const done = await run('{at: 1m, rollout: {kind: deploy, name: web, action: restart}}');
    const births: number[] = [];
    done.world.server.state.pods.forEach((pod) => {
      births.push(pod.createdUs);
    });
    expect(births.filter((atUs) => atUs < 60e6)).toEqual([]);
  });
});

describe('pods', () => {
  it.each([
    ['failPods', 'default', 4],
    ['failPods', 'other', 0],
    ['completePods', 'other', 0],
    ['unreadyPods', 'default', 4],
    ['unreadyPods', 'other', 0],
  ])('of one namespace alone: %s in %s strikes %d', async (action, namespace, nStruck) => {
    const done = await run(`{at: 595s, ${action}: {selector: {app: web}, namespace: ${namespace}}}`);
    let n = 0;
    done.world.server.state.pods.forEach(({ ready, restarts }) => {
      if (!ready || restarts > 0) n++;
    });
    expect(n).toBe(nStruck);
  });

  it('whose containers fail are restarted, not replaced', async () => {
    const done = await run('{at: 1m, failPods: {selector: {app: web}, count: 3}}');
    const lives: string[] = [];
    done.world.server.state.pods.forEach(({ createdUs, restarts, ready }) => {
      lives.push(`${createdUs < 60e6 ? 'old' : 'new'} ${restarts} ${ready}`);
    });
    expect(lives.sort()).toEqual(['old 0 true', 'old 1 true', 'old 1 true', 'old 1 true']);
  });
});

describe('nodes', () => {
  it('lose a taint by its key, and a taint that is not there is refused', async () => {
    const done = await run(
      '{at: 1m, taint: {on: a-0, add: [{key: k, value: v, effect: NoSchedule}]}}',
      '{at: 2m, taint: {on: a-0, remove: [k]}}',
      '{at: 3m, taint: {on: a-0, remove: [k]}}',
    );
    expect(node(done, 'a-0').spec?.taints ?? []).toEqual([]);
    expect(reasons(done)).toEqual(['taint "k" not found']);
  });

  it('are labelled by group and freed of a label by null', async () => {
    const done = await run(
      '{at: 1m, label: {on: {group: a}, set: {disk: ssd}}}',
      '{at: 2m, label: {on: a-1, set: {disk: null}}}',
    );
    const disks = ['a-0', 'a-1', 'a-2'].map((name) => node(done, name).metadata.labels!.disk);
    expect(disks).toEqual(['ssd', undefined, 'ssd']);
  });

  it('are drained one by one: the second keeps its pods until the first has none', async () => {
    const done = await run('{at: 1m, drain: {on: [a-0, a-1], oneByOne: true}}');
    const places: string[] = [];
    done.world.server.state.pods.forEach((pod) => {
      places.push(pod.nodeName);
    });
    expect(places).toEqual(['a-2', 'a-2', 'a-2', 'a-2']);
    expect(reasons(done)).toEqual([]);
  });
});

describe('a leader that dies', () => {
  it('leaves pods unscheduled until a standby has taken over, 13 s to 22 s later', async () => {
    const done = await run(
      '{at: 60s, killLeader: {component: kube-scheduler}}',
      '{at: 61s, run: {name: one, image: "x:1"}}',
    );
    const one = done.world.server.state.pods.byName('default', 'one')!;
    expect(one.scheduledUs! / 1e6).toBeGreaterThan(73);
    expect(one.scheduledUs! / 1e6).toBeLessThan(83);
  });

  it('cannot be killed twice at one time', async () => {
    const kill = '{at: 60s, killLeader: {component: kube-scheduler}}';
    expect(reasons(await run(kill, kill))).toEqual(['no replica of kube-scheduler leads']);
  });
});
