/**
 * The contract of PostFilter: what is done about a pod that fits nowhere. Preemption is the one plugin that answers.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/runtime/framework.go RunPostFilterPlugins.
 */
import type { FilterRun } from './filter-run.ts';
import type { Diagnosis } from './fit-error.ts';
import type { NominatedPod, Nominator } from './nominator.ts';
import type { Profile } from './profile.ts';
import type { Status } from './status.ts';

/** A scheduling attempt that found no node. */
export interface FailedAttempt {
  /** The attempt's cycle and the plugins' states, which follow pods that come and go on trial. */
  readonly run: FilterRun;
  readonly diagnosis: Diagnosis;
  readonly nominator: Nominator;
  /** An integer in [0, n): where a choice is free. Without it the choice is 0, the first in the filters' order. */
  readonly int?: (n: number) => number;
}

/** A node that would take the pod once its victims are gone. */
export interface Candidate {
  readonly node: number;
  /** Rows of the pods to be removed, the most important first. */
  readonly victims: readonly number[];
  /** How many of them a PodDisruptionBudget would have kept. */
  readonly nPdbViolations: number;
}

export interface PostFilterResult {
  /** Success: the pod is nominated to a node. Unschedulable: nothing helps. Error: a plugin failed. */
  readonly code: 'Success' | 'Unschedulable' | 'Error';
  /** For the diagnosis (`postFilterMessage`), whatever the code. */
  readonly message: string;
  /** Row of the nominated node; -1 = none. */
  readonly nominatedNode: number;
  /** The nominated node's victims, the most important first; those terminating already are not deleted again. */
  readonly victims: readonly number[];
  /** Pods of lower priority that lose their nomination to the node. */
  readonly lostNominations: readonly NominatedPod[];
  /** status.nominatedNodeName is to be cleared. Without it and without a nominated node it stays as it is. */
  readonly clearsNominatedNode: boolean;
  /** Nodes where removing pods helps, those without violations first. */
  readonly candidates: readonly Candidate[];
  /** The nodes between which the rules could not decide; the nominated one is among them. */
  readonly bestNodes: readonly number[];
  /** Nodes that were tried in vain. */
  readonly noCandidate: ReadonlyMap<number, Status>;
}

/** The first plugin that succeeds decides; else the last one's answer with the messages of all. */
export function runPostFilter(profile: Profile, attempt: FailedAttempt): PostFilterResult | undefined {
  const messages: string[] = [];
  let last: PostFilterResult | undefined;
  for (const plugin of profile.postFilter) {
    last = plugin.postFilter!(attempt);
    if (last.code !== 'Unschedulable') return last;
    messages.push(last.message);
  }
  return last && { ...last, message: messages.join(', ') };
}
