/**
 * Nodes that are promised to nominated pods: such a node is feasible only if the pod fits there beside them as well.
 * Those on which it does not are taken out of the tree for one cycle.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import { FilterRun } from '../framework/filter-run.ts';
import type { Nominator } from '../framework/nominator.ts';
import type { PodInfo } from '../framework/plugin.ts';
import type { Profile } from '../framework/profile.ts';
import { filterWithNominated } from '../framework/schedule-pod.ts';
import type { ClassIndex } from './class-index.ts';
import { INFEASIBLE } from './score-column.ts';

interface TakenOut {
  readonly position: number;
  readonly score: number;
  readonly group: number;
}

export class PromisedNodes {
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #nominator: Nominator;
  readonly #taken: TakenOut[] = [];

  constructor(cluster: Cluster, profile: Profile, nominator: Nominator) {
    this.#cluster = cluster;
    this.#profile = profile;
    this.#nominator = nominator;
  }

  takeOut(index: ClassIndex, pod: PodInfo): void {
    const run = new FilterRun(this.#profile, { cluster: this.#cluster, pod, cls: pod.cls });
    const { tree } = index;
    for (const name of this.#nominator.nodeNames()) {
      const row = this.#cluster.nodes.find(name);
      if (row === -1) continue;
      const position = index.positionOf(row);
      const score = tree.scoreOf(tree.codeAt(position));
      if (score === INFEASIBLE || !filterWithNominated(run, this.#nominator, row)) continue;
      const group = tree.groupOf[position]!;
      this.#taken.push({ position, score, group });
      tree.place(position, INFEASIBLE, group);
    }
  }

  putBack({ tree }: ClassIndex): void {
    for (const { position, score, group } of this.#taken) tree.place(position, score, group);
    this.#taken.length = 0;
  }
}
