/**
 * Recorded sequences: pods placed one after the other over all nodes, each on the first node (in the order in which
 * nodes joined) of the highest total.
 */
import type { Cluster } from '../cluster/cluster.ts';
import type { Pod } from '../kube/types.ts';
import { defaultProfile } from '../scheduler/default-profile.ts';
import { fitErrorText } from '../scheduler/framework/fit-error.ts';
import type { PodInfo } from '../scheduler/framework/plugin.ts';
import type { Profile } from '../scheduler/framework/profile.ts';
import { runScore } from '../scheduler/framework/score-run.ts';
import type { Agreement } from './agreement.ts';
import { BothWays } from './both-ways.ts';
import { addPod, buildCluster } from './build-cluster.ts';
import { filterAll } from './filter-all.ts';
import type { RecordedLine } from './recorded.ts';

interface Step {
  readonly pod: string;
  /** '' = nowhere. */
  readonly node: string;
  readonly feasible: number;
  readonly top: number;
  readonly total: number;
  readonly fitError?: string;
}

export interface SequenceLine extends RecordedLine {
  readonly pods: readonly Pod[];
  readonly expect: readonly Step[];
}

export function checkSequence(line: SequenceLine, agreement: Agreement): void {
  const { cluster } = buildCluster(line.cluster);
  const profile = defaultProfile();
  const bothWays = new BothWays(cluster, profile);
  line.pods.forEach((pod, i) => {
    const info = addPod(cluster, pod);
    const step = place(profile, cluster, info);
    bothWays.check(`${line.id}-${i}`, info, agreement);
    agreement.check(`${line.id}-${i}`, 'sequence', line.expect[i], step);
    // Follow the recording, so that one disagreement does not make all later ones.
    const node = cluster.nodes.find(line.expect[i]!.node);
    if (node === -1) cluster.removePod(info.row);
    else cluster.bind(info.row, node);
  });
}

function place(profile: Profile, cluster: Cluster, pod: PodInfo): Step {
  const cycle = { cluster, pod, cls: pod.cls };
  const { feasible, diagnosis } = filterAll(profile, cycle);
  const name = `${pod.cls.namespace}/${pod.name}`;
  if (feasible.length === 0) {
    const fitError = fitErrorText(diagnosis);
    return { pod: name, node: '', feasible: 0, top: 0, total: 0, fitError };
  }
  const { totals } = runScore(profile, cycle, Int32Array.from(feasible));
  const total = Math.max(...totals);
  const node = cluster.nodes.names[feasible[totals.indexOf(total)]!]!;
  return { pod: name, node, feasible: feasible.length, top: totals.filter((t) => t === total).length, total };
}
