/** Who takes over when a leader dies: a scheduler that knows the cluster, controllers that must first hear of it. */
import { describe, expect, test } from 'vitest';
import { loadScenario, memoryFiles } from '../src/index.ts';
import { Run } from '../src/simulator/run.ts';

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 6
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: "web:1"}]}
`;

async function play(timeline: string, model: string, seed = 1) {
  const scenario = `
seed: ${seed}
until: 2m
model: ${model}
cluster: {nodeGroups: [{name: a, count: 4, allocatable: {cpu: 4, memory: 8Gi}}]}
workload: [{manifests: [web.yaml]}]
timeline:
${timeline}
`;
  const files = memoryFiles({ 's.yaml': scenario, 'web.yaml': WEB });
  const bound: { readonly uid: number; readonly atS: number }[] = [];
  let nCreated = 0;
  const run = await Run.open(await loadScenario('s.yaml', files), files, {
    checks: true,
    observer: {
      podChanged(old, next, nowUs) {
        if (!old) nCreated++;
        if (next?.nodeName && !old?.nodeName) bound.push({ uid: next.uid, atS: nowUs / 1e6 });
      },
    },
  });
  while ((await run.advance()) === 'more');
  run.checkAtRest();
  return { bound, nCreated, requests: run.world.server.load().requests };
}

/** A pod comes while nobody schedules. */
const WITHOUT_SCHEDULER = `
- {at: 30s, killLeader: {component: kube-scheduler}}
- {at: 31s, scale: {kind: Deployment, name: web, replicas: 7}}
`;

const slow = (request: string) =>
  `{node: {life: simple}, latency: {request: ${request}, commit: 0s, reply: 1s, watch: 100ms}}`;

describe('a standby', () => {
  test('scheduler binds what waits with its first requests: it lists nothing', async () => {
    const [quick, late] = await Promise.all(
      ['0s', '2s'].map((request) => play(WITHOUT_SCHEDULER, slow(request))),
    );
    const wonS = quick!.bound.at(-1)!.atS;
    expect(wonS).toBeGreaterThan(43);
    expect(wonS).toBeLessThan(52);
    expect(late!.bound.at(-1)!.atS).toBeCloseTo(wonS + 2, 2);
  });

  test('controller manager acts when it has heard of everything, and makes up for what it missed', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { nCreated } = await play(
        `
- {at: 30s, killLeader: {component: kube-controller-manager}}
- {at: 35s, scale: {kind: Deployment, name: web, replicas: 8}}
`,
        '{}',
        seed,
      );
      expect(nCreated).toBe(8);
    }
  });

  test('is asked for by number, and all of them ask for the lease', async () => {
    const gets = async (n: number) => {
      const { requests } = await play(
        '- {at: 1s, uncordon: a-0}',
        `{schedulers: ${n}, controllerManagers: ${n}}`,
      );
      return [requests.get('get Lease') ?? 0, requests.get('update Lease')!] as const;
    };
    const [alone, three] = [await gets(1), await gets(3)];
    expect(alone[0]).toBe(0);
    // Four standbys look every 2 s to 4.4 s for two minutes.
    expect(three[0]).toBeGreaterThan((4 * 120) / 4.4);
    expect(three[0]).toBeLessThanOrEqual((4 * 120) / 2);
    expect(three[1]).toBe(alone[1]);
  });
});
