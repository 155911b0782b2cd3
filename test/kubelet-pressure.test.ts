import { describe, expect, it } from 'vitest';
import type { Container, Node, PodSpec } from '../src/kube/types.ts';
import type { DetailedLifeModel } from '../src/node/node-model.ts';
import type { AppSpec } from '../src/node/pods/apps.ts';
import { constant, DETAILED, detailedRig } from './support/detailed-model.ts';

const MIB = 1024 * 1024;
const GB = 1e9;
const S = 1e6;

const container = (name: string, requests = {}, limits = {}): Container => ({
  name,
  image: 'here:1',
  resources: { requests, limits },
});
const pod = (name: string, requests = {}, limits = {}, extra: Partial<PodSpec> = {}): PodSpec => ({
  ...extra,
  containers: [container(name, requests, limits)],
});
/** Grows from 0 to `toBytes` in so many seconds after its start, and stays. */
const grows = (name: string, toBytes: number, seconds: number): AppSpec => ({
  container: name,
  memory: {
    points: [
      [0, 0],
      [seconds * S, toBytes],
    ],
    isStep: false,
  },
});
const uses = (name: string, bytes: number): AppSpec => ({
  container: name,
  memory: { points: [[0, bytes]], isStep: false },
});

/** On a node of 8 GiB allocatable, pods may use 8292 MiB together, and the kubelet wants 100 MiB of them free. */
function setUp(life: Partial<DetailedLifeModel>, pods: Record<string, PodSpec>) {
  const rig = detailedRig(life);
  for (const [name, spec] of Object.entries(pods)) rig.bind(spec, name);
  const conditions = () =>
    (rig.server.state.kind('Node').get('n1') as Node)
      .status!.conditions!.filter(({ status }) => status === 'True')
      .map(({ type }) => type)
      .sort()
      .join(' ');
  const ends = () => rig.lines.filter((line) => /Failed|Succeeded|restarts/.test(line));
  return { ...rig, conditions, ends };
}

describe('a node short of memory', () => {
  it('evicts at its next look, one pod at a time, who uses more than it requests first', () => {
    const apps = [grows('greedy', 3000 * MIB, 290), uses('modest', 4000 * MIB), uses('fat', 3000 * MIB)];
    const pods = {
      modest: pod('modest', { memory: '4000Mi' }),
      fat: pod('fat', { memory: '3500Mi' }),
      greedy: pod('greedy', { memory: '100Mi' }),
    };
    const { at, ends, conditions } = setUp({ apps }, pods);
    // 7000 + 3000 t / 290 MiB exceed 8192 MiB 115.2 s after the start at 1.0: seen at 120, killed at once.
    at(119, () => expect([ends(), conditions()]).toEqual([[], 'Ready']));
    at(125, () =>
      expect([ends(), conditions()]).toEqual([['greedy: 120 Failed Evicted'], 'MemoryPressure Ready']),
    );
  });

  it('reports pressure at the next heartbeat, and for five minutes after the last sign of it', () => {
    const apps = [grows('greedy', 8250 * MIB, 5)];
    const { at, conditions } = setUp({ apps }, { greedy: pod('greedy') });
    at(9.9, () => expect(conditions()).toBe('Ready'));
    at(10, () => expect(conditions()).toBe('MemoryPressure Ready'));
    at(309.9, () => expect(conditions()).toBe('MemoryPressure Ready'));
    at(310, () => expect(conditions()).toBe('Ready'));
  });

  it('refuses pods without requests while under pressure, unless they tolerate it', () => {
    const apps = [grows('greedy', 8250 * MIB, 5)];
    const { at, bind, lines } = setUp({ apps }, { greedy: pod('greedy') });
    const tolerations = [{ key: 'node.kubernetes.io/memory-pressure', operator: 'Exists' as const }];
    at(30, () => {
      bind(pod('c'), 'effort');
      bind(pod('c', { cpu: '1' }), 'burst');
      bind(pod('c', {}, {}, { tolerations }), 'tolerant');
    });
    at(40, () =>
      expect(lines.slice(3)).toEqual([
        'effort: 30 Failed Evicted',
        'burst: 30 Pending ContainerCreating',
        'tolerant: 30 Pending ContainerCreating',
        'burst: 31 Running ready',
        'tolerant: 31 Running ready',
      ]),
    );
  });

  it('gives an evicted container one second, and looks again a second later', () => {
    const apps = [
      { ...grows('a', 8300 * MIB, 5), shutdown: constant(60) },
      { ...grows('b', 8250 * MIB, 5), shutdown: constant(60) },
      uses('keeper', 10 * MIB),
    ];
    const thresholds = [{ signal: 'memory.available' as const, bytes: 9000 * MIB, graceUs: 0 }];
    const eviction = { ...DETAILED.eviction, thresholds };
    const { at, ends } = setUp(
      { apps, eviction },
      { a: pod('a'), b: pod('b'), keeper: pod('keeper', { memory: '1Gi' }) },
    );
    // The limit is 8192 + 9000 MiB. At 10: a is chosen, dead at 11, gone at the look of 11; b follows.
    at(30, () => expect(ends()).toEqual(['a: 11 Failed Evicted exit=137', 'b: 12 Failed Evicted exit=137']));
  });

  it('waits for the grace period of a soft threshold', () => {
    const apps = [grows('greedy', 7500 * MIB, 5)];
    const thresholds = [{ signal: 'memory.available' as const, bytes: 1000 * MIB, graceUs: 30 * S }];
    const eviction = { ...DETAILED.eviction, thresholds };
    const { at, ends } = setUp({ apps, eviction }, { greedy: pod('greedy') });
    at(60, () => expect(ends()).toEqual(['greedy: 40 Failed Evicted exit=137']));
  });

  it('spares critical pods', () => {
    const apps = [uses('vital', 8250 * MIB)];
    const { at, ends, conditions } = setUp(
      { apps },
      { vital: pod('vital', {}, {}, { priorityClassName: 'system-node-critical' }) },
    );
    at(60, () => expect([ends(), conditions()]).toEqual([[], 'MemoryPressure Ready']));
  });

  it('lets the kernel kill the container with the worst score when pods exceed their common limit before that', () => {
    const apps = [grows('greedy', 8000 * MIB, 4), uses('modest', 4000 * MIB)];
    const pods = { modest: pod('modest', { memory: '4000Mi' }), greedy: pod('greedy', { memory: '100Mi' }) };
    const { at, ends } = setUp({ apps }, pods);
    // 4000 + 2000 t MiB exceed 8292 MiB 2.146 s after the start at 1.0; seen at 4, restarted at once; then at 6.346 again.
    at(8, () =>
      expect(ends()).toEqual([
        'greedy: 4.2 Running ready restarts=1',
        'greedy: 7 Running restarts=1',
        'greedy: 7 Running CrashLoopBackOff restarts=1',
      ]),
    );
  });
});

describe('a node short of disk', () => {
  const writes = (name: string, toBytes: number, seconds: number): AppSpec => ({
    container: name,
    storage: {
      points: [
        [0, 0],
        [seconds * S, toBytes],
      ],
      isStep: false,
    },
  });

  it('removes unused images first, and evicts nobody if that is enough', () => {
    const images = { ...DETAILED.images, images: [{ image: 'old:*', bytes: 3 * GB }] };
    const rig = setUp(
      { images },
      { old: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'old:1' }] } },
    );
    rig.bind(pod('c'), 'server');
    rig.at(100, () => rig.kubelets.fillDisk('n1', 0.9));
    rig.at(120, () => {
      const names = (rig.server.state.kind('Node').get('n1') as Node).status?.images?.map(
        ({ names }) => names?.[0],
      );
      expect(names).toEqual(['here:1']);
      expect(rig.find('server').phase).toBe('Running');
    });
  });

  it('evicts who wrote most beyond its request when images are not enough', () => {
    const apps = [writes('log', 4 * GB, 30), writes('tmp', 5 * GB, 30)];
    const pods = { log: pod('log'), tmp: pod('tmp', { 'ephemeral-storage': '4G' }) };
    const { at, ends, conditions } = setUp({ apps }, pods);
    // 9 GB of 10 are written 30 s after the start; 8.5 at 29.33: seen at 30.
    at(39, () => expect([ends(), conditions()]).toEqual([['log: 30 Failed Evicted'], 'DiskPressure Ready']));
  });

  it('evicts a pod that writes more than its limit', () => {
    const apps = [writes('log', 4 * GB, 30)];
    const { at, ends } = setUp({ apps }, { log: pod('log', {}, { 'ephemeral-storage': '1G' }) });
    // 1 GB after 7.5 s: at 8.5, seen at 10.
    at(20, () => expect(ends()).toEqual(['log: 10 Failed Evicted']));
  });

  it('refuses all pods that are not critical', () => {
    const { at, bind, kubelets, lines } = setUp({}, {});
    // The unused image goes, too, so that it must be loaded again.
    at(1, () => kubelets.fillDisk('n1', 0.95));
    at(15, () => {
      bind(pod('c', { cpu: '1' }), 'late');
      bind(pod('c', {}, {}, { priorityClassName: 'system-node-critical' }), 'vital');
    });
    at(20, () =>
      expect(lines).toEqual([
        'late: 15 Failed Evicted',
        'vital: 15 Pending ContainerCreating',
        'vital: 16.5 Running ready',
      ]),
    );
  });

  it('has pressure as soon as its disk is made smaller than what is on it', () => {
    const { at, kubelets, conditions } = setUp({}, { c: pod('c') });
    at(12, () => kubelets.resizeImageStore('n1', 1));
    at(21, () => expect(conditions()).toBe('DiskPressure Ready'));
  });
});

describe('work on a node short of CPU', () => {
  const busy = (name: string, milli: number): AppSpec => ({
    container: name,
    run: constant(10),
    cpu: { points: [[0, milli]], isStep: true },
  });
  const job = (name: string, requests = {}, limits = {}) =>
    pod(name, requests, limits, { restartPolicy: 'Never' });

  it('takes as long as it takes while there is enough', () => {
    const { at, ends } = setUp({ apps: [busy('a', 4000)] }, { a: job('a') });
    at(20, () => expect(ends()).toEqual(['a: 11 Succeeded']));
  });

  it('takes four times as long at a quarter of the CPU it wants', () => {
    const { at, ends } = setUp({ apps: [busy('a', 1000)] }, { a: job('a', {}, { cpu: '250m' }) });
    at(60, () => expect(ends()).toEqual(['a: 41 Succeeded']));
  });

  it('shares the node by requests, and speeds up when the other is done', () => {
    const apps = [busy('a', 4000), busy('b', 4000)];
    const { at, ends } = setUp({ apps }, { a: job('a', { cpu: '3' }), b: job('b', { cpu: '1' }) });
    // Speeds 3/4 and 1/4: a is done 13.3 s after 1.0; its end is seen at 15. Then b has 10 - 3.5 s left at full speed.
    at(60, () => expect(ends()).toEqual(['a: 15 Succeeded', 'b: 22 Succeeded']));
  });

  it('goes on at another speed when the demand steps', () => {
    const apps: AppSpec[] = [
      {
        container: 'a',
        run: constant(10),
        cpu: {
          points: [
            [0, 500],
            [4e6, 2000],
          ],
          isStep: true,
        },
      },
    ];
    const { at, ends } = setUp({ apps }, { a: job('a', {}, { cpu: '1' }) });
    // Four seconds at full speed, then six at half.
    at(60, () => expect(ends()).toEqual(['a: 17 Succeeded']));
  });

  it('is reported as it is granted, not as it is wanted', () => {
    const { at, kubelets, find } = setUp(
      { apps: [busy('a', 3000), uses('b', 7)] },
      { a: pod('a', {}, { cpu: '1' }), b: pod('b') },
    );
    at(5, () => {
      expect(kubelets.usageOf(find('a'))).toEqual({ cpuMilli: 1000, memoryBytes: 0 });
      expect(kubelets.usageOf(find('b'))).toEqual({ cpuMilli: 0, memoryBytes: 7 });
    });
  });
});
