// The timeline of a scenario is carried out while it runs.

import { describe, expect, it } from 'vitest';
import { loadScenario, memoryFiles, simulate } from '../src/index.ts';

const scenario = (timeline: string, more = '') => `
until: 10m
${more}
cluster:
  nodeGroups: [{name: a, count: 2, allocatable: {cpu: 4, memory: 8Gi}, zones: [x, y], readyAfter: 30s}]
workload: [{manifests: [web.yaml]}]
timeline: [${timeline}]
`;

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: "i:1", resources: {requests: {cpu: "2", memory: 1Gi}}}]}
`;

async function run(timeline: string, more = '') {
  const files = memoryFiles({ 's.yaml': scenario(timeline, more), 'web.yaml': WEB });
  return simulate(await loadScenario('s.yaml', files), files);
}

describe('a timeline', () => {
  it('scales, and pods beyond the room wait', async () => {
    const { metrics } = await run('{at: 1m, scale: {kind: deploy, name: web, replicas: 6}}');
    expect(metrics.pods).toMatchObject({ nCreated: 6, nRunning: 4, nPending: 2 });
  });

  it('lets the pods of a Job run as long as their annotation says', async () => {
    const job = `
apiVersion: batch/v1
kind: Job
metadata: {name: work}
spec:
  template:
    metadata: {annotations: {wavetank.io/run-duration: 5m}}
    spec: {restartPolicy: Never, containers: [{name: c, image: "i:1"}]}
`;
    const text =
      'cluster: {nodeGroups: [{name: a, count: 1, allocatable: {cpu: 4}}]}\nworkload: [{manifests: [j.yaml]}]';
    const files = memoryFiles({ 's.yaml': text, 'j.yaml': job });
    const { metrics } = await simulate(await loadScenario('s.yaml', files), files);
    const makespan = metrics.latency.find(({ phase }) => phase === 'makespan')!;
    // The annotated time, the start of the pod and the Job's counting.
    expect(makespan.maxUs).toBeGreaterThan(300e6);
    expect(makespan.maxUs).toBeLessThan(315e6);
  });

  it('adds nodes, which take the pods that waited when they are Ready', async () => {
    const { metrics } = await run(
      '{at: 1m, scale: {kind: deploy, name: web, replicas: 6}}, {at: 2m, addNodes: {group: a, count: 1}}',
    );
    expect(metrics.pods).toMatchObject({ nCreated: 6, nRunning: 6, nPending: 0 });
    expect(metrics.nodes.name).toEqual(['a-0', 'a-1', 'a-2']);
  });

  it('drains: what was evicted waits while there is no other room', async () => {
    const { metrics } = await run('{at: 1m, drain: a-0}');
    expect(metrics.pods).toMatchObject({ nRunning: 2, nPending: 2, nDeleted: 2 });
  });

  it('tells what the API server refuses, and goes on', async () => {
    const { refusals, endUs, isPartial } = await run(
      '{at: 1m, setImage: {kind: deploy, name: web, images: {d: x}}}, {at: 2m, cordon: a-0}',
    );
    expect(refusals).toEqual([
      { atUs: 60e6, place: 's.yaml:7:21', action: 'setImage', reason: expect.stringContaining('"d"') },
    ]);
    expect([endUs, isPartial]).toEqual([600e6, false]);
  });

  it('tells what it refuses of the workload, and where that stands', async () => {
    const quota = 'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec: {hard: {pods: "0"}}\n';
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: i}]}\n';
    const text = `
until: 1m
cluster: {nodeGroups: [{name: a, count: 1, allocatable: {cpu: 4}}]}
workload:
- manifests: [m.yaml]
- generator: g
  arrivals: {process: fixed, rate: 6/m}
  templates: [{name: t, cpu: 100m}]
model: {controlPlane: instant}
`;
    const files = memoryFiles({ 's.yaml': text, 'm.yaml': `${quota}---\n${pod}` });
    const events: string[] = [];
    const { refusals } = await simulate(await loadScenario('s.yaml', files), files, {
      sinks: { event: ({ kind, name, event, detail }) => events.push(`${kind} ${name} ${event} ${detail}`) },
    });
    expect(refusals.map(({ place, action, reason }) => `${place} ${action} ${reason}`)).toEqual([
      expect.stringMatching(/^m\.yaml:6:1 create Pod default\/p: pods "p" is forbidden: .*quota/),
      expect.stringMatching(/^s\.yaml create pods "g-\d" is forbidden: .*quota.* \(and \d more pods\)$/),
    ]);
    expect(events.filter((event) => event.startsWith('Action'))).toEqual([
      expect.stringMatching(/^Action create Refused m\.yaml:6:1: Pod default\/p: pods "p" is forbidden/),
      expect.stringMatching(/^Action create Refused s\.yaml: pods "g-\d" is forbidden/),
    ]);
  });

  it('tells of the pods that it refuses to a closed loop', async () => {
    const quota = 'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec: {hard: {pods: "1"}}\n';
    const text = `
until: 1m
cluster: {nodeGroups: [{name: a, count: 1, allocatable: {cpu: 4}}]}
workload:
- manifests: [m.yaml]
- {generator: g, arrivals: {process: closed, users: 3, think: 1s}, templates: [{name: t, duration: 1h}]}
`;
    const files = memoryFiles({ 's.yaml': text, 'm.yaml': quota });
    const { refusals } = await simulate(await loadScenario('s.yaml', files), files);
    expect(refusals.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^pods "g-\d" is forbidden: exceeded quota: q, .* \(and 1 more pod\)$/),
    ]);
  });

  it('tells once of each workload whose pods it refuses, and does not stop for them', async () => {
    const quota = 'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec: {hard: {pods: "2"}}\n';
    const pods = 'template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}';
    const deployment = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 5, selector: {matchLabels: {a: b}}, ${pods}}\n`;
    const text = `
until: 1m
cluster: {nodeGroups: [{name: a, count: 1, allocatable: {cpu: 4}}]}
workload: [{manifests: [m.yaml]}]
onActionError: stop
`;
    const files = memoryFiles({ 's.yaml': text, 'm.yaml': `${quota}---\n${deployment}` });
    const { refusals, endUs } = await simulate(await loadScenario('s.yaml', files), files);
    expect(endUs).toBe(60e6);
    expect(refusals).toMatchObject([
      {
        place: 'm.yaml:6:1',
        action: 'create',
        reason: expect.stringMatching(
          /^a pod of Deployment default\/web: .* exceeded quota: q, .* \(and \d+ more times\)$/,
        ),
      },
    ]);
  });

  it('stops at the first refusal if the scenario says so', async () => {
    const { refusals, endUs, isPartial } = await run(
      '{at: 1m, setImage: {kind: deploy, name: web, images: {d: x}}}, {at: 2m, cordon: a-0}',
      'onActionError: stop',
    );
    expect(refusals).toHaveLength(1);
    expect(isPartial).toBe(true);
    expect(endUs).toBeLessThan(61e6);
  });

  it('lets a zone fail: its pods come up elsewhere when they have been given up', async () => {
    const { metrics } = await run('{at: 1m, failZone: y}');
    // Given up after 40 s without a sign of life and 300 s of toleration.
    expect(metrics.pods).toMatchObject({ nCreated: 6, nPending: 2 });
    expect(metrics.evictions).toEqual({ DeletionByTaintManager: 2 });
  });

  it('holds the API up while etcd has no majority, and goes on when it has one again', async () => {
    const { metrics, refusals } = await run(
      '{at: 1m, stopEtcdMembers: 2}, {at: 2m, scale: {kind: deploy, name: web, replicas: 3}}, {at: 3m, startEtcdMembers: 2}, {at: 4m, scale: {kind: deploy, name: web, replicas: 2}}',
    );
    expect(refusals).toMatchObject([
      { atUs: 120e6, action: 'scale', reason: 'etcdserver: request timed out' },
    ]);
    expect(metrics.pods).toMatchObject({ nCreated: 4, nRunning: 2 });
  });

  it('stops and starts API servers', async () => {
    const { refusals, metrics } = await run(
      '{at: 1m, stopApiServer: 1}, {at: 2m, scale: {kind: deploy, name: web, replicas: 2}}, {at: 3m, startApiServer: 1}, {at: 4m, startApiServer: 1}',
      'model: {apiServers: {count: 2}}',
    );
    expect(refusals).toMatchObject([{ action: 'startApiServer', reason: 'API server 1 runs' }]);
    expect(metrics.pods).toMatchObject({ nRunning: 2 });
  });
});
