// Whatever happens to nodes and pods, in whatever order: when all is repaired, what should run runs and what should be gone
// is gone; no node ever runs more than it has; and the same story always ends in the same way.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PodObject } from '../src/kube/pod-object.ts';
import type { Container, PodSpec } from '../src/kube/types.ts';
import type { AppSpec } from '../src/node/pods/apps.ts';
import { constant, detailedRig } from './support/detailed-model.ts';

const NODES = ['n1', 'n2'];
const GB = 1e9;

const container = (name: string, image = 'here:1', extra: Partial<Container> = {}): Container => ({
  name,
  image,
  resources: { requests: { cpu: '1' } },
  ...extra,
});

const SPECS: Record<string, PodSpec> = {
  server: {
    containers: [
      container('slow', 'app:1', {
        readinessProbe: { httpGet: { port: 80 }, periodSeconds: 3 },
        livenessProbe: { httpGet: { port: 80 }, periodSeconds: 5, initialDelaySeconds: 5 },
      }),
    ],
  },
  pair: {
    initContainers: [container('init'), container('side', 'side:1', { restartPolicy: 'Always' })],
    containers: [container('main'), container('stubborn', 'app:2')],
  },
  job: { restartPolicy: 'Never', containers: [container('work', 'job:1')] },
  retried: { restartPolicy: 'OnFailure', containers: [container('flaky', 'job:1')] },
};

const APPS: AppSpec[] = [
  { container: 'slow', startup: constant(4), hang: { kind: 'exponential', mean: 400e6 } },
  { container: 'stubborn', shutdown: constant(1000) },
  { container: 'flaky', run: constant(7), crash: { kind: 'exponential', mean: 10e6 } },
  {
    container: 'main',
    memory: {
      points: [
        [0, 0],
        [600e6, 3 * GB],
      ],
      isStep: false,
    },
  },
];

const node = fc.constantFrom(...NODES);
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('bind' as const),
      node,
      spec: fc.constantFrom(...Object.keys(SPECS)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('delete' as const),
      pod: fc.nat(20),
      grace: fc.constantFrom(undefined, 0, 1, 5),
    }),
  },
  fc.record({
    do: fc.constantFrom(
      'stopKubelet' as const,
      'startKubelet' as const,
      'stopRuntime' as const,
      'startRuntime' as const,
      'failNode' as const,
      'repairNode' as const,
      'pruneImages' as const,
      'fill' as const,
      'empty' as const,
      'stopEtcd' as const,
      'startEtcd' as const,
    ),
    node,
  }),
);
const story = fc.array(fc.tuple(step, fc.integer({ min: 0, max: 30_000 })), { minLength: 1, maxLength: 40 });
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

function tell(steps: Story) {
  const rig = detailedRig({ apps: APPS });
  const { kubelets, client, server } = rig;
  client.create(rig.readyNode('n2'));
  let seconds = 0;
  let nPods = 0;
  const deleted = new Set<string>();
  const pods = () => {
    const list: PodObject[] = [];
    server.state.pods.forEach((pod) => {
      list.push(pod);
    });
    return list;
  };
  const check = () => {
    for (const name of NODES) {
      const running = pods().filter((pod) => pod.nodeName === name && pod.phase === 'Running');
      expect(running.length, `pods of one CPU or more on ${name}`).toBeLessThanOrEqual(4);
    }
  };
  const act = ([what]: Story[number]) => {
    if (what.do === 'bind') rig.bind(SPECS[what.spec]!, `p${nPods++}`, what.node);
    else if (what.do === 'delete') {
      const pod = server.state.pods.byName('default', `p${what.pod}`);
      if (!pod) return;
      client.deletePod(pod, what.grace === undefined ? {} : { graceSeconds: what.grace }, (error) => {
        if (!error) deleted.add(pod.name);
      });
    } else if (what.do === 'fill') kubelets.fillDisk(what.node, 0.97);
    else if (what.do === 'stopEtcd') server.etcd.stop(3);
    else if (what.do === 'startEtcd') server.etcd.start(3);
    else if (what.do === 'empty') kubelets.fillDisk(what.node, 0);
    else kubelets[what.do](what.node);
  };
  for (const entry of steps) {
    seconds += entry[1] / 1000;
    rig.at(seconds, () => act(entry));
    check();
  }
  server.etcd.start(3);
  for (const name of NODES) {
    kubelets.repairNode(name);
    kubelets.startKubelet(name);
    kubelets.startRuntime(name);
    kubelets.fillDisk(name, 0);
  }
  const well = new Set<string>();
  for (let hour = 1; hour <= 5; hour++) {
    rig.until(seconds + hour * 3600);
    check();
    for (const pod of pods()) if (isWell(pod)) well.add(pod.name);
  }
  const left = pods().map(({ name }) => name);
  return { lines: rig.lines, left, stuck: left.filter((name) => !well.has(name)), deleted };
}

/** It runs, or has ended, or ends so often that it waits. */
function isWell({ phase, ready, waiting, terminal }: PodObject): boolean {
  return terminal || (phase === 'Running' && (ready || waiting === 'CrashLoopBackOff'));
}

it('a node and its pods recover from any story', () => {
  fc.assert(
    fc.property(story, (steps) => {
      const { left, stuck, deleted } = tell(steps);
      expect(left.filter((name) => deleted.has(name))).toEqual([]);
      expect(stuck).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

it('a story ends in the same way each time', () => {
  fc.assert(
    fc.property(story, (steps) => {
      expect(tell(steps).lines).toEqual(tell(steps).lines);
    }),
    { numRuns: 20 },
  );
});
