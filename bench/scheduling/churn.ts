/**
 * Many classes with requests of their own on a cluster that is kept at a level: each pod that is placed makes an older
 * one leave. The algorithm and the cluster's columns alone, without API and queue.
 */
import { Cluster } from '../../src/cluster/cluster.ts';
import { defaultProfile } from '../../src/scheduler/default-profile.ts';
import { Nominator } from '../../src/scheduler/framework/nominator.ts';
import { heapTop } from '../../src/scheduler/framework/tie-break.ts';
import { ScoreIndex } from '../../src/scheduler/index/score-index.ts';
import { benchNode, benchShape } from './world.ts';

export interface ChurnCase {
  readonly nNodes: number;
  readonly nClasses: number;
  readonly fullRatio: number;
  readonly nPods: number;
}

const NODE_CPU_MILLI = 32_000;

/** Pods per CPU second, by round of `nPods` each. */
export function* churn({ nNodes, nClasses, fullRatio, nPods }: ChurnCase): Generator<number> {
  const cluster = new Cluster();
  for (let i = 0; i < nNodes; i++) cluster.addNode(benchNode(i));
  const cpuMilli = (i: number) => 500 + 20 * i;
  const classes = Array.from({ length: nClasses }, (_, i) =>
    cluster.classes.ofShape(benchShape(i, 'plain', cpuMilli(i), 1024 + 64 * ((i * 7) % nClasses))),
  );
  const meanMilli = cpuMilli((nClasses - 1) / 2);
  const nAlive = Math.floor((nNodes * NODE_CPU_MILLI * fullRatio) / meanMilli);
  const alive = new Int32Array(nAlive);
  for (let i = 0; i < nAlive; i++) {
    alive[i] = cluster.addPod(classes[i % nClasses]!, '', i);
    cluster.bind(alive[i]!, (i * 7919) % nNodes);
  }
  const profile = defaultProfile({ percentageOfNodesToScore: 100 });
  const index = new ScoreIndex(cluster, profile, new Nominator(), heapTop);
  for (let n = 0; ; ) {
    const start = process.cpuUsage();
    for (let i = 0; i < nPods; i++, n++) {
      const leaving = (n * 7907) % nAlive;
      cluster.removePod(alive[leaving]!);
      const cls = classes[n % nClasses]!;
      const row = cluster.addPod(cls, '', nAlive + n);
      const result = index.schedule({ row, cls, name: '', uid: n });
      if (result.outcome === 'scheduled') cluster.bind(row, result.node);
      alive[leaving] = row;
    }
    const { user, system } = process.cpuUsage(start);
    yield (nPods * 1e6) / (user + system);
  }
}
