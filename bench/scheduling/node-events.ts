/**
 * Nodes that change while pods are placed, as in a rolling upgrade: every so many pods a node is cordoned and tainted,
 * is let in again, leaves for good, or a new one joins, in turn. The algorithm and the cluster's columns alone.
 */
import { Cluster } from '../../src/cluster/cluster.ts';
import { defaultProfile } from '../../src/scheduler/default-profile.ts';
import { Nominator } from '../../src/scheduler/framework/nominator.ts';
import { heapTop } from '../../src/scheduler/framework/tie-break.ts';
import { ScoreIndex } from '../../src/scheduler/index/score-index.ts';
import { benchNode, benchShape } from './world.ts';

export interface NodeEventsCase {
  readonly nNodes: number;
  readonly nClasses: number;
  readonly nPodsPerEvent: number;
  readonly percentageOfNodesToScore: number;
  readonly nPods: number;
}

const PODS_PER_NODE = 4;
const TAINT = { key: 'upgrade', effect: 'NoSchedule' as const };

/** Pods per CPU second, by round of `nPods` each. */
export function* nodeEvents(of: NodeEventsCase): Generator<number> {
  const { nNodes, nClasses, nPodsPerEvent, percentageOfNodesToScore, nPods } = of;
  const cluster = new Cluster();
  for (let i = 0; i < nNodes; i++) cluster.addNode(benchNode(i));
  const classes = Array.from({ length: nClasses }, (_, i) =>
    cluster.classes.ofShape(benchShape(i, 'plain', 100 + 10 * i)),
  );
  const profile = defaultProfile({ percentageOfNodesToScore });
  const index = new ScoreIndex(cluster, profile, new Nominator(), heapTop);
  const alive: number[] = [];
  for (let n = 0; ; ) {
    const start = process.cpuUsage();
    for (let i = 0; i < nPods; i++, n++) {
      if (n % nPodsPerEvent === 0) changeNode(cluster, n / nPodsPerEvent, nNodes);
      const cls = classes[n % nClasses]!;
      const row = cluster.addPod(cls, '', n);
      const result = index.schedule({ row, cls, name: '', uid: n });
      if (result.outcome === 'scheduled') cluster.bind(row, result.node);
      if (alive.push(row) > PODS_PER_NODE * nNodes) cluster.removePod(alive.shift()!);
    }
    const { user, system } = process.cpuUsage(start);
    yield (nPods * 1e6) / (user + system);
  }
}

/** The event of a number; four of them make the round of one node, and there are as many nodes after as before. */
function changeNode(cluster: Cluster, event: number, nNodes: number): void {
  const round = Math.floor(event / 4);
  const leaving = benchNode(round);
  const row = cluster.nodes.find(leaving.metadata.name!);
  switch (event % 4) {
    case 0:
      cluster.updateNode(row, { ...leaving, spec: { unschedulable: true, taints: [TAINT] } });
      break;
    case 1:
      cluster.updateNode(row, leaving);
      break;
    case 2:
      cluster.removeNode(row);
      break;
    default:
      cluster.addNode(benchNode(nNodes + round));
  }
}
