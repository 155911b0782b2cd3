/** The index beside the plain scan: every decision is made by both, and a run stops at the first on which they differ. */
import { fail } from '../../base/assert.ts';
import { fitErrorText } from '../framework/fit-error.ts';
import type { PodInfo } from '../framework/plugin.ts';
import type { PlainScan, ScheduleResult } from '../framework/schedule-pod.ts';
import type { SchedulingAlgorithm } from '../kube-scheduler-options.ts';

export class Verified implements SchedulingAlgorithm {
  nVerified = 0;
  readonly #fast: SchedulingAlgorithm;
  readonly #plain: PlainScan;
  readonly #nameOf: (node: number) => string;

  constructor(fast: SchedulingAlgorithm, plain: PlainScan, nameOf: (node: number) => string) {
    this.#fast = fast;
    this.#plain = plain;
    this.#nameOf = nameOf;
  }

  get nextStartNodeIndex(): number {
    return this.#fast.nextStartNodeIndex;
  }
  set nextStartNodeIndex(index: number) {
    this.#fast.nextStartNodeIndex = index;
  }

  get speed(): SchedulingAlgorithm['speed'] {
    return this.#fast.speed;
  }

  /** @throws BugError where the two differ */
  schedule(pod: PodInfo): ScheduleResult {
    this.#plain.nextStartNodeIndex = this.#fast.nextStartNodeIndex;
    const expected = this.#plain.schedule(pod);
    const result = this.#fast.schedule(pod);
    const want = `${this.#described(expected)}, next ${this.#plain.nextStartNodeIndex}`;
    const got = `${this.#described(result)}, next ${this.#fast.nextStartNodeIndex}`;
    const name = `${pod.cls.namespace}/${pod.name}`;
    if (want !== got)
      fail(`the index and the plain scan differ on pod ${name}: got ${got}; expected ${want}`);
    this.nVerified++;
    return result;
  }

  #described(result: ScheduleResult): string {
    if (result.outcome === 'error') return `error ${result.error.reasons.join(', ')}`;
    if (result.outcome === 'scheduled') {
      return `node ${this.#nameOf(result.node)} of ${result.nFeasible} feasible and ${result.nEvaluated} looked at`;
    }
    return `"${fitErrorText(result.diagnosis)}" after ${result.nEvaluated}`;
  }
}
