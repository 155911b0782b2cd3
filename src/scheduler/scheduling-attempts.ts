/**
 * One attempt to find a node for a pod: the algorithm, and preemption when it finds none.
 * Source: kubernetes v1.37.2 pkg/scheduler/schedule_one.go schedulingAlgorithm.
 */
import type { Cluster } from '../cluster/cluster.ts';
import type { CyclePod } from './cycle-pod.ts';
import { FailureMemory } from './failure-memory.ts';
import { fitErrorText } from './framework/fit-error.ts';
import type { Nominator } from './framework/nominator.ts';
import { type PostFilterResult, runPostFilter } from './framework/post-filter.ts';
import type { ScheduleResult } from './framework/schedule-pod.ts';
import type { Status } from './framework/status.ts';
import type { SchedulerProfile } from './kube-scheduler-options.ts';
import { rejectorsOf } from './rejectors.ts';

/** A pod that fits nowhere now. */
export interface Rejected {
  readonly outcome: 'rejected';
  readonly message: string;
  /** The plugins that rejected it, a bit each. */
  readonly rejectors: number;
  /** status.nominatedNodeName stays as it is. */
  readonly keepsNomination: boolean;
  /** Set if preemption can make room; `nodeName` is where. */
  readonly preemption: PostFilterResult | undefined;
  readonly nodeName: string;
  readonly nEvaluated: number;
  readonly nDryRuns: number;
}

export type Attempt =
  | {
      readonly outcome: 'scheduled';
      /** The node's row, and its name in case that another node has the row by the time that the cycle ends. */
      readonly node: number;
      readonly nodeName: string;
      readonly nEvaluated: number;
      readonly nFeasible: number;
    }
  | Rejected
  /** The attempt could not be carried out. */
  | { readonly outcome: 'error'; readonly error: Status }
  | { readonly outcome: 'no nodes' };

export interface SchedulingAttemptsOptions {
  readonly cluster: Cluster;
  readonly nominator: Nominator;
  readonly profiles: readonly SchedulerProfile[];
  readonly int?: ((n: number) => number) | undefined;
  readonly remembersFailures?: boolean;
}

const NO_NODES: Attempt = { outcome: 'no nodes' };

export class SchedulingAttempts {
  readonly #options: SchedulingAttemptsOptions;
  readonly #memory: FailureMemory | undefined;
  /** Where the next walk over the nodes starts, whichever profile makes it. */
  #nextStartNodeIndex = 0;
  readonly #int: ((n: number) => number) | undefined;
  #nDraws = 0;

  constructor(options: SchedulingAttemptsOptions) {
    this.#options = options;
    const { cluster, nominator, int, remembersFailures = false } = options;
    if (remembersFailures) this.#memory = new FailureMemory(cluster, nominator);
    this.#int =
      int &&
      ((n) => {
        this.#nDraws++;
        return int(n);
      });
  }

  get nextStartNodeIndex(): number {
    return this.#nextStartNodeIndex;
  }

  /** @param profile its number. */
  make(pod: CyclePod, profile: number): Attempt {
    const { cluster, profiles } = this.#options;
    const { nNodes } = cluster.nodes;
    if (nNodes === 0) return NO_NODES;
    const known = this.#memory?.find(pod, profile);
    if (known) {
      this.#nextStartNodeIndex = (this.#nextStartNodeIndex + known.nEvaluated) % nNodes;
      return known;
    }
    const { algorithm } = profiles[profile]!;
    algorithm.nextStartNodeIndex = this.#nextStartNodeIndex;
    const result = algorithm.schedule(pod);
    this.#nextStartNodeIndex = algorithm.nextStartNodeIndex;
    if (result.outcome === 'error') return result;
    if (result.outcome === 'scheduled') {
      const { node, nEvaluated, nFeasible } = result;
      return { outcome: 'scheduled', node, nodeName: cluster.nodes.names[node]!, nEvaluated, nFeasible };
    }
    const nDraws = this.#nDraws;
    const rejected = this.#reject(profiles[profile]!, result);
    // What used randomness must use it again the next time, or later draws would be others.
    if (this.#nDraws === nDraws) this.#memory?.keep(pod, profile, rejected);
    return rejected;
  }

  #reject(
    { profile }: SchedulerProfile,
    { run, diagnosis, nEvaluated }: Extract<ScheduleResult, { outcome: 'unschedulable' }>,
  ): Rejected {
    const { nominator, cluster } = this.#options;
    const int = this.#int;
    const answer = runPostFilter(profile, { run, diagnosis, nominator, ...(int && { int }) });
    if (answer) diagnosis.postFilterMessage = answer.message;
    const preemption = answer?.code === 'Success' && answer.nominatedNode !== -1 ? answer : undefined;
    return {
      outcome: 'rejected',
      message: fitErrorText(diagnosis),
      rejectors: rejectorsOf(profile, diagnosis, run),
      keepsNomination: answer !== undefined && !preemption && !answer.clearsNominatedNode,
      preemption,
      nodeName: preemption ? cluster.nodes.names[preemption.nominatedNode]! : '',
      nEvaluated,
      nDryRuns: answer ? answer.candidates.length + answer.noCandidate.size : 0,
    };
  }
}
