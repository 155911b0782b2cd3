import { describe, expect, test } from 'vitest';
import { loadScenario } from '../src/scenario/load-scenario.ts';
import { memoryFiles } from '../src/scenario/memory-files.ts';
import { Run } from '../src/simulator/run.ts';

const N_PODS = 8;
const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: ${N_PODS}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: c, image: nginx, resources: {requests: {cpu: 500m, memory: 512Mi}}}
`;

function filesFor(scheduler: string) {
  const scenario = `
cluster:
  nodeGroups: [{name: n, count: 8, allocatable: {cpu: 4, memory: 8Gi}}]
scheduler: ${scheduler}
until: 1m
workload: [{manifests: [web.yaml]}]
`;
  const policy =
    '{"kind":"Policy","apiVersion":"v1","policy":"classic-1.16","priorities":[{"name":"MostRequestedPriority","weight":0}]}';
  return memoryFiles({ 's.yaml': scenario, 'web.yaml': WEB, 'policy.json': policy });
}

/** Pods by node. */
async function spread(scheduler: string, seed: number): Promise<number[]> {
  const files = filesFor(scheduler);
  const run = await Run.open(await loadScenario('s.yaml', files), files, { seed });
  while ((await run.advance()) === 'more');
  const { nodes } = run.world.scheduler.cache.cluster;
  return Array.from(nodes.nPods.subarray(0, nodes.nRows));
}

const policyOf = (priority: string) =>
  `{policy: classic-1.16, predicates: [{name: GeneralPredicates}], priorities: [{name: ${priority}, weight: 1}]}`;

describe('a scenario with a classic policy', () => {
  test('spreads pods by LeastRequestedPriority', async () => {
    expect(await spread(policyOf('LeastRequestedPriority'), 1)).toEqual(Array(N_PODS).fill(1));
  });

  test('packs pods by MostRequestedPriority', async () => {
    expect((await spread(policyOf('MostRequestedPriority'), 1)).filter((n) => n > 0)).toEqual([N_PODS]);
  });

  test('chooses among equal nodes at random, by the seed alone', async () => {
    const [first, again, other] = [
      await spread(policyOf('EqualPriority'), 1),
      await spread(policyOf('EqualPriority'), 1),
      await spread(policyOf('EqualPriority'), 2),
    ];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test("tells a policy file's mistakes with their place", async () => {
    await expect(loadScenario('s.yaml', filesFor('policy.json'))).rejects.toThrow(
      /^policy\.json:1:\d+: priorities\[0\]\.weight: found 0, expected a number of at least 1$/m,
    );
  });
});
