/**
 * For tests of the index: a cluster under the plain scan and the index at once, which must say the same of every pod,
 * while pods and nodes come, change and go.
 */
import { assert } from '../../base/assert.ts';
import { Cluster } from '../../cluster/cluster.ts';
import type { KubeObject, Node, Pod, PodSpec } from '../../kube/types.ts';
import { fitErrorText } from '../framework/fit-error.ts';
import { Nominator } from '../framework/nominator.ts';
import type { Profile } from '../framework/profile.ts';
import { PlainScan, type ScheduleResult } from '../framework/schedule-pod.ts';
import { heapTop } from '../framework/tie-break.ts';
import { ScoreIndex } from '../index/score-index.ts';

const HOSTNAME = 'kubernetes.io/hostname';
export const ZONE = 'topology.kubernetes.io/zone';

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
export const spread = (
  topologyKey: string,
  whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway',
  app: string,
) => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey, whenUnsatisfiable, labelSelector: { matchLabels: { app } } },
  ],
});
const preferred = (term: ReturnType<typeof byHost>) => [{ weight: 10, podAffinityTerm: term }];

/** Each of them takes another way through the index. */
export const SPECS: readonly Partial<PodSpec>[] = [
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

export function pod(name: string, spec: Partial<PodSpec>, app: string): Pod {
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

export type Step =
  | { readonly schedule: number; readonly app: 'a' | 'b'; readonly n: number }
  | { readonly unbind: number }
  | { readonly terminate: number }
  | { readonly addNode: number }
  | { readonly updateNode: number; readonly to: number }
  | { readonly removeNode: number }
  | { readonly service: boolean }
  | { readonly nominate: number; readonly priority: number }
  | { readonly withdraw: number };

function told(cluster: Cluster, result: ScheduleResult): unknown {
  if (result.outcome === 'error') return result.error.reasons;
  if (result.outcome === 'unschedulable') return [fitErrorText(result.diagnosis), result.nEvaluated];
  return [cluster.nodes.names[result.node], result.nFeasible, result.nEvaluated];
}

/** A cluster under two algorithms, of which the plain one decides. */
export class Duel {
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
    const want = JSON.stringify([told(cluster, expected), this.plain.nextStartNodeIndex]);
    const have = JSON.stringify([told(cluster, got), this.index.nextStartNodeIndex]);
    assert(have === want, `on pod ${name} the index says ${have}, the plain scan ${want}`);
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
