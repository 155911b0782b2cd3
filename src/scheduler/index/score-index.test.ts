import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cluster } from '../../cluster/cluster.ts';
import type { KubeObject, Node, Pod, PodSpec } from '../../kube/types.ts';
import { defaultProfile } from '../default-profile.ts';
import { fitErrorText } from '../framework/fit-error.ts';
import { Nominator } from '../framework/nominator.ts';
import type { AnyPlugin } from '../framework/profile.ts';
import { Profile } from '../framework/profile.ts';
import { PlainScan, type ScheduleResult } from '../framework/schedule-pod.ts';
import { firstTop, heapTop } from '../framework/tie-break.ts';
import { ScoreIndex } from './score-index.ts';

const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

function node(name: string, k: number): Node {
  const labels = {
    [HOSTNAME]: name,
    ...(k % 7 !== 6 && { [ZONE]: `z${k % 3}` }),
    disk: k % 2 ? 'ssd' : 'hdd',
  };
  const taints = k % 5 === 4 ? [{ key: 'spot', effect: 'PreferNoSchedule' as const }] : [];
  const allocatable = { cpu: `${2 + (k % 4)}`, memory: '8Gi', pods: `${3 + (k % 9)}` };
  const images = k % 3 === 0 ? [{ names: ['web:latest'], sizeBytes: 500_000_000 }] : [];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: { taints, unschedulable: k % 11 === 10 },
    status: { allocatable, images },
  };
}

const byHost = (app: string) => ({ topologyKey: HOSTNAME, labelSelector: { matchLabels: { app } } });
const byZone = (app: string) => ({ topologyKey: ZONE, labelSelector: { matchLabels: { app } } });
const spread = (topologyKey: string, whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway', app: string) => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey, whenUnsatisfiable, labelSelector: { matchLabels: { app } } },
  ],
});
const preferred = (term: ReturnType<typeof byHost>) => [{ weight: 10, podAffinityTerm: term }];

/** Each of them takes another way through the index. */
const SPECS: readonly Partial<PodSpec>[] = [
  {},
  { tolerations: [{ key: 'spot', operator: 'Exists' }] },
  { nodeSelector: { disk: 'ssd' } },
  {
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 5,
            preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] },
          },
        ],
      },
    },
  },
  { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [byHost('a')] } } },
  { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [byZone('a')] } } },
  { affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred(byZone('a')) } } },
  {
    affinity: {
      podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred(byHost('b')) },
    },
  },
  spread(ZONE, 'DoNotSchedule', 'a'),
  spread(HOSTNAME, 'DoNotSchedule', 'b'),
  spread(ZONE, 'ScheduleAnyway', 'a'),
  spread(HOSTNAME, 'ScheduleAnyway', 'b'),
];

function pod(name: string, spec: Partial<PodSpec>, app: string): Pod {
  const requests = { cpu: app === 'a' ? '300m' : '700m', memory: '256Mi' };
  const containers = [{ name: 'c', image: 'web', resources: { requests } }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, uid: name, namespace: 'default', labels: { app } },
    spec: { containers, ...spec },
  };
}

const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's', namespace: 'default' },
  spec: { selector: { app: 'a' } },
} as KubeObject;

type Step =
  | { readonly schedule: number; readonly app: 'a' | 'b'; readonly n: number }
  | { readonly unbind: number }
  | { readonly terminate: number }
  | { readonly addNode: number }
  | { readonly updateNode: number; readonly to: number }
  | { readonly removeNode: number }
  | { readonly service: boolean }
  | { readonly nominate: number; readonly priority: number }
  | { readonly withdraw: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      schedule: fc.nat(SPECS.length - 1),
      app: fc.constantFrom('a' as const, 'b' as const),
      n: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ unbind: fc.nat(999) }) },
  { weight: 2, arbitrary: fc.record({ terminate: fc.nat(999) }) },
  { weight: 2, arbitrary: fc.record({ addNode: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ updateNode: fc.nat(999), to: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ removeNode: fc.nat(999) }) },
  { weight: 1, arbitrary: fc.record({ service: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ nominate: fc.nat(999), priority: fc.constantFrom(-1, 0, 9) }) },
  { weight: 2, arbitrary: fc.record({ withdraw: fc.nat(9) }) },
);

const stories = fc.record({
  nNodes: fc.constantFrom(1, 5, 30, 130, 400),
  percentageOfNodesToScore: fc.constantFrom(0, 20, 100),
  tieBreak: fc.constantFrom(heapTop, heapTop, firstTop),
  steps: fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }),
});

function told(cluster: Cluster, result: ScheduleResult): unknown {
  if (result.outcome === 'error') return result.error.reasons;
  if (result.outcome === 'unschedulable') return [fitErrorText(result.diagnosis), result.nEvaluated];
  return [cluster.nodes.names[result.node], result.nFeasible, result.nEvaluated];
}

/** A cluster under two algorithms, of which the plain one decides. */
class Duel {
  readonly cluster = new Cluster();
  readonly plain: PlainScan;
  readonly index: ScoreIndex;
  nPicks = 0;
  readonly nominator = new Nominator();
  readonly #bound: number[] = [];
  readonly #nominated: number[] = [];
  #nNodes = 0;
  #nPods = 0;

  /** Each has a profile of its own: plugins remember what they have worked out. */
  constructor(nNodes: number, profile: () => Profile, tieBreak = heapTop, nBytesMax?: number) {
    this.plain = new PlainScan(this.cluster, profile(), this.nominator, tieBreak);
    this.index = new ScoreIndex(this.cluster, profile(), this.nominator, tieBreak, nBytesMax);
    for (let i = 0; i < nNodes; i++) this.addNode(i);
  }

  addNode(k: number): void {
    this.cluster.addNode(node(`n${this.#nNodes++}`, k));
  }

  take(next: Step): void {
    const { cluster } = this;
    const { nodes, order } = cluster;
    const nodeAt = (k: number) => order.walk()[k % nodes.nNodes]!;
    if ('schedule' in next) for (let i = 0; i < next.n; i++) this.schedule(SPECS[next.schedule]!, next.app);
    else if ('unbind' in next) this.#unbind(next.unbind);
    else if ('terminate' in next && this.#bound.length > 0) {
      cluster.setTerminating(this.#bound[next.terminate % this.#bound.length]!);
    } else if ('addNode' in next) this.addNode(next.addNode);
    else if ('updateNode' in next) {
      const row = nodeAt(next.updateNode);
      cluster.updateNode(row, node(nodes.names[row]!, next.to));
    } else if ('removeNode' in next && nodes.nNodes > 1) this.#removeNode(nodeAt(next.removeNode));
    else if ('nominate' in next) this.#nominate(nodeAt(next.nominate), next.priority);
    else if ('withdraw' in next && this.#nominated.length > 0) this.#withdraw(next.withdraw);
    else if ('service' in next) {
      if (next.service) cluster.upsertObject(service);
      else cluster.removeObject('Service', 'default', 's');
    }
  }

  schedule(spec: Partial<PodSpec>, app: string): void {
    const name = `p${this.#nPods++}`;
    const { cluster } = this;
    const cls = cluster.classes.ofPod(pod(name, spec, app));
    const row = cluster.addPod(cls, name, name);
    const info = { row, cls, name, uid: name };
    const expected = this.plain.schedule(info);
    const got = this.index.schedule(info);
    this.nPicks++;
    expect(told(cluster, got)).toEqual(told(cluster, expected));
    expect(this.index.nextStartNodeIndex).toBe(this.plain.nextStartNodeIndex);
    if (expected.outcome !== 'scheduled') cluster.removePod(row);
    else {
      cluster.bind(row, expected.node);
      this.#bound.push(row);
    }
  }

  /** A pod that takes most of a node is nominated to it. */
  #nominate(node: number, priority: number): void {
    const { cluster } = this;
    const name = `p${this.#nPods++}`;
    const { spec, ...rest } = pod(name, { priority }, 'a');
    const requests = { cpu: '1900m' };
    const containers = [{ name: 'c', image: 'web', resources: { requests } }];
    const row = cluster.addPod(cluster.classes.ofPod({ ...rest, spec: { ...spec, containers } }), name, name);
    this.nominator.add({ row, uid: name, priority }, cluster.nodes.names[node]!);
    this.#nominated.push(row);
  }

  #withdraw(k: number): void {
    const [row] = this.#nominated.splice(k % this.#nominated.length, 1);
    this.nominator.remove(this.cluster.pods.uids[row!]!);
    this.cluster.removePod(row!);
  }

  #unbind(k: number): void {
    if (this.#bound.length > 0) this.cluster.removePod(this.#bound.splice(k % this.#bound.length, 1)[0]!);
  }

  #removeNode(row: number): void {
    for (const one of this.cluster.podsOn(row)) {
      this.#bound.splice(this.#bound.indexOf(one), 1);
      this.cluster.removePod(one);
    }
    this.cluster.removeNode(row);
  }
}

describe('the index', () => {
  test('chooses what the plain scan chooses while pods and nodes come, change and go', () => {
    let nPicks = 0;
    let nIndexed = 0;
    fc.assert(
      fc.property(stories, ({ nNodes, percentageOfNodesToScore, tieBreak, steps }) => {
        const duel = new Duel(nNodes, () => defaultProfile({ percentageOfNodesToScore }), tieBreak);
        for (const each of steps) duel.take(each);
        nPicks += duel.nPicks;
        nIndexed += duel.index.speed.nIndexed;
      }),
      { numRuns: Number(process.env.INDEX_RUNS ?? 120), seed: Number(process.env.INDEX_SEED ?? 3) },
    );
    // Most of the rest are pods that fit nowhere.
    expect(nIndexed / nPicks).toBeGreaterThan(0.6);
    expect(nPicks).toBeGreaterThan(2000);
  });

  test('catches up after more changes than the log holds', () => {
    const duel = new Duel(20, defaultProfile);
    const kinds = [SPECS[0]!, SPECS[4]!, SPECS[8]!];
    for (const spec of kinds) duel.schedule(spec, 'a');
    const cls = duel.cluster.classes.all[0]!;
    const row = duel.cluster.addPod(cls, 'moving', 'moving');
    for (let i = 0; i < 33_000; i++) {
      duel.cluster.bind(row, i % 20);
      duel.cluster.unbind(row);
    }
    duel.cluster.bind(row, 3);
    for (const spec of kinds) duel.schedule(spec, 'a');
    expect(duel.index.speed.nIndexed).toBe(6);
  });

  test('still keeps pods apart from one that terminates', () => {
    const duel = new Duel(3, defaultProfile);
    for (let i = 0; i < 3; i++) duel.schedule(SPECS[4]!, 'a');
    duel.take({ terminate: 0 });
    duel.schedule(SPECS[4]!, 'a');
    expect(duel.index.speed.nPlain.size).toBe(1);
  });

  test('learns of a topology key that only pods of a class to come mind', () => {
    const duel = new Duel(9, defaultProfile);
    const podAntiAffinity = SPECS[4]!.affinity!.podAntiAffinity!;
    const picky = { affinity: { podAntiAffinity, podAffinity: SPECS[6]!.affinity!.podAffinity! } };
    const byDisk = { affinity: { podAntiAffinity: structuredClone(podAntiAffinity) } };
    Object.assign(byDisk.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution![0]!, {
      topologyKey: 'disk',
    });
    duel.schedule(picky, 'a');
    duel.cluster.classes.ofPod(pod('', byDisk, 'b'));
    duel.schedule(picky, 'a');
    for (let i = 0; i < 2; i++) duel.take({ unbind: 0 });
    duel.schedule(byDisk, 'b');
    for (let i = 0; i < 6; i++) duel.schedule(picky, 'a');
  });

  test('starts within the nodes that are left when the last ones are gone', () => {
    const duel = new Duel(130, () => defaultProfile({ percentageOfNodesToScore: 80 }));
    for (let i = 0; i < 2; i++) duel.schedule({}, 'a');
    while (duel.cluster.nodes.nNodes > 20) duel.take({ removeNode: 19 });
    for (let i = 0; i < 3; i++) duel.schedule({}, 'a');
    expect(duel.index.speed.nIndexed).toBe(5);
  });

  test('asks the nodes once for pods of a class that fits nowhere, as long as nothing changes', () => {
    const duel = new Duel(30, defaultProfile);
    const nowhere = { nodeSelector: { disk: 'tape' } };
    for (let i = 0; i < 4; i++) duel.schedule(nowhere, 'a');
    expect([...duel.index.speed.nPlain.values()]).toEqual([1]);
    duel.schedule({}, 'a');
    duel.schedule(nowhere, 'a');
    expect([...duel.index.speed.nPlain.values()]).toEqual([2]);
  });

  test('serves on while nodes change, come and go, where pods are judged by single nodes', () => {
    const duel = new Duel(30, defaultProfile);
    const nodeSteps: readonly Step[] = [{ updateNode: 7, to: 3 }, { addNode: 4 }, { removeNode: 11 }];
    for (let i = 0; i < 60; i++) {
      duel.take(nodeSteps[i % 3]!);
      duel.schedule(i % 2 ? {} : { nodeSelector: { disk: 'ssd' } }, 'a');
    }
    expect(duel.index.speed.nIndexed).toBe(60);
  });

  test('serves on while nodes are cordoned, where pods are judged by topology domains', () => {
    const duel = new Duel(30, defaultProfile);
    for (let i = 0; i < 40; i++) {
      const row = duel.cluster.nodes.find(`n${i % 30}`);
      const { metadata, spec, status } = duel.cluster.nodes.objects[row]!;
      duel.cluster.updateNode(row, {
        ...duel.cluster.nodes.objects[row]!,
        metadata: { ...metadata, labels: { ...metadata.labels } },
        spec: { ...spec, unschedulable: i % 4 === 0, taints: [{ key: 'k', effect: 'PreferNoSchedule' }] },
        status: { ...status, allocatable: { cpu: '6', memory: '8Gi', pods: '50' } },
      });
      duel.schedule(SPECS[8 + (i % 4)]!, 'a');
    }
    expect(duel.index.speed.nIndexed).toBe(40);
  });

  test('leaves pods to the plain scan that are judged by topology domains while these change all the time', () => {
    const duel = new Duel(30, defaultProfile);
    for (let i = 0; i < 40; i++) {
      duel.take({ updateNode: i, to: i % 4 });
      duel.schedule(SPECS[8]!, 'a');
    }
    expect(duel.index.speed.nPlain.get('nodes keep changing')).toBeGreaterThan(25);
    for (let i = 0; i < 20; i++) duel.schedule({}, 'a');
    expect(duel.index.speed.nIndexed).toBeGreaterThan(19);
  });

  test('scores a node anew when its images come to lie on more nodes, or on a larger share of them', () => {
    const duel = new Duel(9, defaultProfile);
    const steps: readonly Step[] = [
      { updateNode: 1, to: 3 },
      { updateNode: 2, to: 6 },
      { removeNode: 8 },
      { removeNode: 7 },
      { addNode: 1 },
      { updateNode: 1, to: 1 },
    ];
    for (const step of steps) for (let i = 0; i < 3; i++, duel.take(step)) duel.schedule({}, 'a');
    expect(duel.index.speed.nIndexed).toBe(18);
  });

  test('gives up the classes that were asked for longest ago when they take too much, and makes them anew', () => {
    const duel = new Duel(200, defaultProfile, heapTop, 4000);
    for (let i = 0; i < 60; i++) duel.schedule(SPECS[i % SPECS.length]!, i % 5 ? 'a' : 'b');
    expect(duel.index.nBytes).toBeLessThan(8000);
    expect(duel.index.speed.nIndexed).toBe(60);
  });

  test('leaves cycles to the plain scan where it must, and says why', () => {
    const duel = new Duel(3, defaultProfile);
    duel.schedule({ nodeSelector: { disk: 'tape' } }, 'a');
    duel.schedule({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }, 'a');
    expect(Object.fromEntries(duel.index.speed.nPlain)).toEqual({
      'no node is feasible: every node is asked for its reason': 1,
      VolumeRestrictions: 1,
    });
  });

  test('leaves pods to the plain scan when a plugin does not say how far its answers reach', () => {
    const custom: AnyPlugin = { name: 'Custom', score: (_, row: number) => (row * 37) % 100 };
    const { plugins } = defaultProfile();
    const duel = new Duel(12, () => new Profile({ schedulerName: 'x', plugins: [...plugins, custom] }));
    for (let i = 0; i < 5; i++) duel.schedule({}, 'a');
    expect(Object.fromEntries(duel.index.speed.nPlain)).toEqual({ Custom: 5 });
  });

  test('serves a custom plugin that looks at single nodes only', () => {
    const custom: AnyPlugin = { name: 'Custom', scoreScope: 'static', score: (_, row: number) => row % 10 };
    const { plugins } = defaultProfile();
    const duel = new Duel(12, () => new Profile({ schedulerName: 'x', plugins: [...plugins, custom] }));
    for (let i = 0; i < 5; i++) duel.schedule({}, 'a');
    expect(duel.index.speed.nIndexed).toBe(5);
  });

  test('leaves scores that are not whole to the plain scan', () => {
    const custom: AnyPlugin = { name: 'Custom', scoreScope: 'static', score: (_, row: number) => row / 10 };
    const { plugins } = defaultProfile();
    const duel = new Duel(12, () => new Profile({ schedulerName: 'x', plugins: [...plugins, custom] }));
    duel.schedule({}, 'a');
    expect([...duel.index.speed.nPlain.keys()]).toEqual([
      'Custom gives scores that are not whole numbers up to 100',
    ]);
  });
});
