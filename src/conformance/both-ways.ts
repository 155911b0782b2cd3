/** Every recorded pod goes through the plain scan and through the index: both must say the same. */
import type { Cluster } from '../cluster/cluster.ts';
import { fitErrorText } from '../scheduler/framework/fit-error.ts';
import { Nominator } from '../scheduler/framework/nominator.ts';
import type { PodInfo } from '../scheduler/framework/plugin.ts';
import type { Profile } from '../scheduler/framework/profile.ts';
import { PlainScan, type ScheduleResult } from '../scheduler/framework/schedule-pod.ts';
import { heapTop } from '../scheduler/framework/tie-break.ts';
import { ScoreIndex } from '../scheduler/index/score-index.ts';
import type { Agreement } from './agreement.ts';

export class BothWays {
  readonly #cluster: Cluster;
  readonly #scan: PlainScan;
  readonly #index: ScoreIndex;

  /** Keep one for pods that are placed one after the other: the index then catches up as in a run. */
  constructor(cluster: Cluster, profile: Profile, nominator = new Nominator()) {
    this.#cluster = cluster;
    this.#scan = new PlainScan(cluster, profile, nominator, heapTop);
    this.#index = new ScoreIndex(cluster, profile, nominator, heapTop);
  }

  check(id: string, pod: PodInfo, agreement: Agreement): void {
    const scanned = this.#told(this.#scan.schedule(pod), this.#scan.nextStartNodeIndex);
    const indexed = this.#told(this.#index.schedule(pod), this.#index.nextStartNodeIndex);
    agreement.check(id, 'index as plain scan', scanned, indexed);
  }

  #told(result: ScheduleResult, nextStartNodeIndex: number): object {
    if (result.outcome === 'error') return { outcome: 'error', reasons: result.error.reasons };
    const { outcome, nEvaluated } = result;
    if (result.outcome === 'unschedulable') {
      return { outcome, nEvaluated, nextStartNodeIndex, fitError: fitErrorText(result.diagnosis) };
    }
    const node = this.#cluster.nodes.names[result.node];
    return { outcome, nEvaluated, nextStartNodeIndex, nFeasible: result.nFeasible, node };
  }
}
