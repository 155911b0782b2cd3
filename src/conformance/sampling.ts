/** Recorded walks: how many nodes the search for feasible nodes looks at, from where, and what it chooses. */
import { Cluster } from '../cluster/cluster.ts';
import type { Node, Pod } from '../kube/types.ts';
import { defaultProfile } from '../scheduler/default-profile.ts';
import { Nominator } from '../scheduler/framework/nominator.ts';
import { PlainScan } from '../scheduler/framework/schedule-pod.ts';
import { heapTop } from '../scheduler/framework/tie-break.ts';
import type { Agreement } from './agreement.ts';
import { BothWays } from './both-ways.ts';
import { addPod } from './build-cluster.ts';

interface SampledNode {
  readonly name: string;
  readonly zone?: string;
  readonly tier?: string;
  readonly usedCPU?: string;
}

interface Attempt {
  readonly pod: string;
  readonly tier?: string;
  readonly evaluated: number;
  readonly feasible: number;
  readonly host?: string;
}

export interface SamplingLine {
  readonly id: string;
  readonly nodes: readonly SampledNode[];
  readonly percentageOfNodesToScore: number;
  readonly snapshotOrder: readonly string[];
  readonly expect: readonly Attempt[];
}

export function checkSampling(line: SamplingLine, agreement: Agreement): void {
  const cluster = new Cluster();
  line.nodes.forEach((node, i) => {
    addSampledNode(cluster, node, i);
  });
  const order = Array.from(cluster.order.walk(), (row) => cluster.nodes.names[row]!);
  agreement.check(line.id, 'node order', line.snapshotOrder, order);
  const profile = defaultProfile({ percentageOfNodesToScore: line.percentageOfNodesToScore });
  const scan = new PlainScan(cluster, profile, new Nominator(), heapTop);
  const bothWays = new BothWays(cluster, profile);
  for (const expected of line.expect) {
    const info = addPod(cluster, workPod(expected.pod, { app: expected.pod }, '100m', expected.tier));
    const result = scan.schedule(info);
    bothWays.check(`${line.id} ${expected.pod}`, info, agreement);
    const got: Attempt = {
      pod: expected.pod,
      ...(expected.tier !== undefined && { tier: expected.tier }),
      evaluated: result.outcome === 'error' ? -1 : result.nEvaluated,
      feasible: result.outcome === 'scheduled' ? result.nFeasible : 0,
      ...(result.outcome === 'scheduled' && { host: cluster.nodes.names[result.node]! }),
    };
    agreement.check(`${line.id} ${expected.pod}`, 'sampling', expected, got);
    cluster.removePod(info.row);
  }
}

function addSampledNode(cluster: Cluster, { name, zone, tier, usedCPU }: SampledNode, i: number): void {
  const labels = {
    'kubernetes.io/hostname': name,
    ...(zone !== undefined && { 'topology.kubernetes.io/zone': zone }),
    ...(tier !== undefined && { tier }),
  };
  const allocatable = { cpu: '32', memory: '128Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    status: { allocatable },
  } as Node;
  const row = cluster.addNode(node);
  if (usedCPU === undefined) return;
  cluster.bind(addPod(cluster, workPod(`used-${i}`, { app: `app-${i % 20}` }, usedCPU)).row, row);
}

function workPod(name: string, labels: Record<string, string>, cpu: string, tier?: string): Pod {
  const requests = { cpu, memory: '500Mi' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: name, labels },
    spec: {
      containers: [{ name: 'c', image: 'pause', resources: { requests } }],
      ...(tier !== undefined && { nodeSelector: { tier } }),
    },
  };
}
