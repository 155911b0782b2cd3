/** Explanations of scheduling attempts: true to what was decided, and without any effect on the run. */
import { describe, expect, it } from 'vitest';
import { loadScenario, memoryFiles } from '../src/index.ts';
import { type Explanation, explain } from '../src/scheduler/explain/explanation.ts';
import { explainAttempt } from '../src/simulator/explain.ts';
import { Run } from '../src/simulator/run.ts';

/** Full nodes, preemption, a taint, more nodes than are sampled. */
const BUSY = `
seed: 3
until: 40s
cluster:
  nodeGroups:
    - {name: small, count: 110, allocatable: {cpu: 1, memory: 4Gi}, zones: [x, y, z]}
    - {name: tainted, count: 10, allocatable: {cpu: 8, memory: 8Gi}, taints: [{key: k, effect: NoSchedule}]}
workload:
  - manifests: [class.yaml]
  - generator: low
    arrivals: {process: poisson, rate: 50/s}
    templates: [{name: t, cpu: 900m, memory: 1Gi, duration: 60s}]
    limit: 130
  - generator: high
    arrivals: {process: poisson, rate: 4/s}
    templates: [{name: t, cpu: 950m, memory: 1Gi, duration: 60s, pod: {spec: {priorityClassName: high}}}]
    limit: 30
`;
const CLASS = `
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: high}
value: 1000
`;
const CLASSIC = 'scheduler: {policy: classic-1.16}\n';
const RANDOM = 'model: {scheduler: {tieBreak: random}}\n';

async function runOf(text: string, witness?: (explanation: Explanation) => void) {
  const files = memoryFiles({ 'scenario.yaml': text, 'class.yaml': CLASS });
  const run = await Run.open(await loadScenario('scenario.yaml', files), files);
  if (witness) run.world.scheduler.witness = (seen) => witness(explain(seen));
  while ((await run.advance()) === 'more');
  return run.world.simulation.trace.digest();
}

describe('explaining every attempt', () => {
  it.each([
    ['of the default profile', BUSY],
    ['with random tie-breaks', BUSY + RANDOM],
    ['of a classic policy', BUSY + CLASSIC],
  ])('agrees with each decision and leaves the run as it is: %s', async (_, text) => {
    const explanations: Explanation[] = [];
    const explained = await runOf(text, (explanation) => explanations.push(explanation));
    expect(explained).toBe(await runOf(text));
    expect(explanations.length).toBeGreaterThan(150);
    expect(explanations.some(({ outcome }) => outcome === 'unschedulable')).toBe(true);
    for (const explanation of explanations) checkSums(explanation);
  });

  it('shows victims being waited for, and the nodes that sampling leaves out', async () => {
    const explanations: Explanation[] = [];
    await runOf(BUSY, (explanation) => explanations.push(explanation));
    const preempting = explanations.filter(
      ({ outcome, nodeName }) => outcome === 'unschedulable' && nodeName !== '',
    );
    expect(preempting.length).toBeGreaterThan(0);
    const [first, second] = explanations;
    expect([first!.nNodes, first!.nFeasible]).toEqual([120, 100]);
    expect(first!.nodes.length).toBeLessThan(120);
    // The next walk begins with the node at which this one ended.
    const names = first!.nodes.map(({ name }) => name);
    const left = second!.nodes.filter(({ name }) => !names.includes(name));
    expect(left).toHaveLength(120 - names.length);
    expect(second!.nodes.slice(0, left.length)).toEqual(left);
  });
});

/** What can be seen of an explanation alone. */
function checkSums({ outcome, nodeName, nodes, nFeasible, nTied }: Explanation): void {
  const feasible = nodes.filter(({ rejection }) => !rejection);
  expect(feasible).toHaveLength(nFeasible);
  for (const { scores, total } of feasible) {
    if (nFeasible > 1) expect(total).toBe(scores!.reduce((sum, { weighted }) => sum + weighted, 0));
    else expect(scores).toBeUndefined();
  }
  if (outcome !== 'scheduled') return;
  const best = feasible.reduce((max, { total = 0 }) => Math.max(max, total), 0);
  const top = feasible.filter(({ total = 0 }) => total === best).map(({ name }) => name);
  expect(top).toContain(nodeName);
  if (nFeasible > 1) expect(top).toHaveLength(nTied);
}

const WEB = `
until: 16m
cluster:
  nodeGroups:
    - {name: pool, count: 2, allocatable: {cpu: "4", memory: 8Gi}}
    - {name: big, count: 1, allocatable: {cpu: "8", memory: 8Gi}}
    - {name: off, count: 1, allocatable: {cpu: "8", memory: 8Gi}, taints: [{key: k, effect: NoSchedule}]}
workload:
  - manifests: [web.yaml]
`;
const PODS = ['a', 'b', 'c', 'd']
  .map(
    (name) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${name === 'd' ? 'other' : 'default'}}
spec: {containers: [{name: c, image: i, resources: {requests: {cpu: "3", memory: 3Gi}}}]}
`,
  )
  .join('---');
const GATED = `---
apiVersion: v1
kind: Pod
metadata: {name: late}
spec: {containers: [{name: c, image: i, resources: {requests: {cpu: "9"}}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: gated}
spec: {schedulingGates: [{name: g}], containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: c, namespace: third}
spec: {containers: [{name: c, image: i}]}
`;

async function explained(pod: string, atUs?: number) {
  const files = memoryFiles({ 'scenario.yaml': WEB, 'web.yaml': `${PODS}${GATED}` });
  const scenario = await loadScenario('scenario.yaml', files);
  return explainAttempt(scenario, files, { pod, ...(atUs !== undefined && { atUs }) });
}

describe('the explanation of one attempt', () => {
  it('tells what each plugin said of each node', async () => {
    const { explanation, tieBreak } = await explained('a');
    expect(explanation).toMatchObject({ attempt: 1, outcome: 'scheduled', nodeName: 'big-0', nTied: 1 });
    expect(tieBreak).toBe('heap');
    const nodes = new Map(explanation!.nodes.map((node) => [node.name, node]));
    expect(nodes.get('off-0')).toEqual({
      name: 'off-0',
      passed: ['NodeName', 'NodeUnschedulable'],
      rejection: {
        plugin: 'TaintToleration',
        code: 'UnschedulableAndUnresolvable',
        reasons: ['node(s) had untolerated taint(s)'],
      },
    });
    // (8 - 3) / 8 of the processors and (8 - 3) / 8 of the memory are left: 62 of 100; on the small nodes 25 and 62: 43.
    const scoreOfFit = (name: string) =>
      nodes.get(name)!.scores!.find(({ plugin }) => plugin === 'NodeResourcesFit');
    expect(scoreOfFit('big-0')).toMatchObject({ raw: 62, normalized: 62, weighted: 62 });
    expect(scoreOfFit('pool-0')).toMatchObject({ raw: 43, normalized: 43, weighted: 43 });
    expect(nodes.get('pool-0')!.scores!.find(({ plugin }) => plugin === 'TaintToleration')).toMatchObject({
      raw: 0,
      normalized: 100,
      weighted: 300,
    });
  });

  it('is of the last attempt, or of the first one since a time', async () => {
    const last = (await explained('late')).explanation!;
    expect(last).toMatchObject({ outcome: 'unschedulable', nodeName: '', nFeasible: 0 });
    expect(last.message).toMatch(
      /^0\/4 nodes are available: 1 node\(s\) had untolerated taint\(s\), 3 Insufficient/,
    );
    const first = (await explained('late', 0)).explanation!;
    const second = (await explained('late', first.timeUs + 1)).explanation!;
    expect([first.attempt, second.attempt]).toEqual([1, 2]);
    expect(last.attempt).toBeGreaterThan(2);
    expect(await explained('late', last.timeUs + 1)).toMatchObject({
      explanation: undefined,
      nEarlier: last.attempt,
    });
  });

  it('finds no attempt of pods that are gated, unknown, or in two namespaces', async () => {
    expect((await explained('gated')).explanation).toBeUndefined();
    expect((await explained('gated')).pod!.name).toBe('gated');
    expect((await explained('gatde')).nearNames).toEqual(['default/gated']);
    expect((await explained('zzzzzz')).someNames).toHaveLength(3);
    expect((await explained('c')).namespaces).toEqual(['default', 'third']);
    expect((await explained('third/c')).namespaces).toEqual(['third']);
    expect((await explained('third/d')).pod).toBeUndefined();
  });
});
