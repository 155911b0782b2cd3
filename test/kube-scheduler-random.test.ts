/** Whatever happens to a cluster: at rest the scheduler's picture is the API's, and no pod waits that fits somewhere. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMilli } from '../src/base/quantity.ts';
import { CPU } from '../src/cluster/resources.ts';
import type { PodObject } from '../src/kube/pod-object.ts';
import type { Node } from '../src/kube/types.ts';
import { RandomStreams } from '../src/sim/random-streams.ts';
import { MINUTE_US, node, priorityClass, type Rig, schedulerRig, shape } from './support/scheduler-rig.ts';

const N_RUNS = Number(process.env.WAVETANK_TEST_RUNS ?? 60);
const NAMES = 6;

const name = fc.nat(NAMES - 1);
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ pod: name, cpu: fc.integer({ min: 1, max: 3 }), priority: fc.nat(2) }),
  },
  { weight: 2, arbitrary: fc.record({ addNode: name, cpu: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ removeNode: name }) },
  { weight: 1, arbitrary: fc.record({ cordon: name, on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ terminate: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ finish: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ relabel: fc.nat(40) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const story = fc.record({
  isInstant: fc.boolean(),
  hasLatency: fc.boolean(),
  steps: fc.array(
    fc.record({ afterUs: fc.oneof(fc.nat(500), fc.nat(500), fc.nat(20_000), fc.nat(2_000_000)), happening }),
    {
      maxLength: 40,
    },
  ),
});

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

function podsOf(rig: Rig, test: (pod: PodObject) => boolean): PodObject[] {
  const pods: PodObject[] = [];
  rig.server.state.pods.forEach((pod) => {
    if (test(pod)) pods.push(pod);
  });
  return pods;
}

function tell(rig: Rig, step: Happening, serial: number): void {
  const podOf = (number: number): PodObject | undefined => {
    const pods = podsOf(rig, () => true);
    return pods[number % Math.max(1, pods.length)];
  };
  if ('pod' in step) {
    const priorityClassName = ['low', 'mid', 'high'][step.priority]!;
    rig.addPod(`p${serial}`, shape(`${step.cpu}`, { priorityClassName }));
  } else if ('addNode' in step) rig.addNode(node(`n${step.addNode}`, { cpu: `${step.cpu}` }));
  else if ('removeNode' in step) rig.removeNode(`n${step.removeNode}`);
  else if ('cordon' in step) {
    const spec: Node['spec'] = step.on ? { unschedulable: true } : {};
    rig.setNode(`n${step.cordon}`, (made) => ({ ...made, spec }));
  } else if ('remove' in step) {
    const pod = podOf(step.remove);
    if (pod) rig.user.deletePod(pod, { graceSeconds: 0 });
  } else if ('terminate' in step) {
    const pod = podOf(step.terminate);
    if (pod) rig.user.deletePod(pod);
  } else if ('finish' in step) {
    const pod = podOf(step.finish);
    if (pod?.nodeName) {
      rig.user.patchPodStatus(
        pod,
        (old) => Object.assign(old.draft(), { phase: 'Succeeded' as const }),
        undefined,
      );
    }
  } else {
    const pod = podOf(step.relabel);
    const key = { kind: 'Pod', namespace: 'default', name: pod?.name ?? '' };
    const labels = { app: 'x', serial: `${serial}` };
    rig.user.patch(key, (old) => ({ ...old, metadata: { ...old.metadata, labels } }), undefined);
  }
}

/** Kubelets at last: what is being deleted goes, until nothing is. Too soon for the flush after 5 minutes to help. */
function settle(rig: Rig): PodObject[] {
  for (let round = 0; round < 20; round++) {
    rig.run(rig.simulation.nowUs + MINUTE_US / 4);
    const terminating = podsOf(rig, (pod) => pod.terminating);
    if (terminating.length === 0) break;
    for (const pod of terminating) rig.user.deletePod(pod, { graceSeconds: 0 });
  }
  return podsOf(rig, (pod) => !pod.terminal);
}

function play(rig: Rig, steps: Story['steps']): PodObject[] {
  [priorityClass('low', 1), priorityClass('mid', 2), priorityClass('high', 3)].forEach(rig.create);
  steps.forEach(({ afterUs, happening: step }, serial) => {
    rig.run(rig.simulation.nowUs + afterUs);
    tell(rig, step, serial);
  });
  return settle(rig);
}

const cpuOf = (pod: PodObject) => parseMilli(pod.shape.spec.containers[0]!.resources!.requests!.cpu!);

describe('kube-scheduler', () => {
  it('agrees with the API and leaves nothing waiting that fits', () => {
    fc.assert(
      fc.property(story, ({ steps, ...modes }) => {
        const rig = schedulerRig(modes);
        const pods = play(rig, steps);
        const { cluster } = rig.scheduler.cache;
        expect(cluster.pods.nPods).toBe(pods.length);
        for (const row of cluster.order.walk()) {
          const here = pods.filter((pod) => pod.nodeName === cluster.nodes.names[row]);
          const usedMilli = here.reduce((sum, pod) => sum + cpuOf(pod), 0);
          expect([cluster.nodes.nPods[row], cluster.nodes.requested[CPU]![row]]).toEqual([
            here.length,
            usedMilli,
          ]);
          if (cluster.nodes.cordoned.has(row)) continue;
          const freeMilli = cluster.nodes.allocatable[CPU]![row]! - usedMilli;
          for (const pod of pods) {
            if (pod.nodeName === '') expect(cpuOf(pod)).toBeGreaterThan(freeMilli);
          }
        }
        const { queue } = rig.scheduler;
        const nWaiting = queue.nActive + queue.nBackoff + queue.nUnschedulable + queue.nGated;
        expect(nWaiting).toBe(pods.filter((pod) => pod.nodeName === '').length);
      }),
      { numRuns: N_RUNS },
    );
  });

  it('goes the same way whether it looks at every node for every pod or remembers what it knows', () => {
    fc.assert(
      fc.property(story, ({ steps, ...modes }) => {
        const [fast, slow] = (['index', 'plain'] as const).map((search) => {
          const rig = schedulerRig({ ...modes, search, streams: new RandomStreams(1) });
          play(rig, steps);
          return rig.log;
        });
        expect(fast).toEqual(slow);
      }),
      { numRuns: N_RUNS },
    );
  });
});
