// The timeline of a scenario is carried out while it runs.

import { describe, expect, it } from 'vitest';
import { loadScenario, memoryFiles, simulate } from '../src/index.ts';

const scenario = (timeline: string, more = '') => `
until: 10m
${more}
cluster:
  nodeGroups: [{name: a, count: 2, allocatable: {cpu: 4, memory: 8Gi}, readyAfter: 30s}]
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

  it('stops at the first refusal if the scenario says so', async () => {
    const { refusals, endUs, isPartial } = await run(
      '{at: 1m, setImage: {kind: deploy, name: web, images: {d: x}}}, {at: 2m, cordon: a-0}',
      'onActionError: stop',
    );
    expect(refusals).toHaveLength(1);
    expect(isPartial).toBe(true);
    expect(endUs).toBeLessThan(61e6);
  });
});
