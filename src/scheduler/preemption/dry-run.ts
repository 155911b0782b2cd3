/**
 * Tries node after node for victims, from a free starting point, until there are candidates enough.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/preemption/preemption.go DryRunPreemption,
 * plugins/defaultpreemption calculateNumCandidates. Deviation: one node at a time, so that the ones found are always
 * the first ones.
 */
import type { Candidate, FailedAttempt } from '../framework/post-filter.ts';
import type { Status } from '../framework/status.ts';
import { DisruptionBudgets } from './disruption-budgets.ts';
import { selectVictims } from './victims.ts';

export interface CandidateCount {
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
}

export interface DryRun {
  /** Those without violated budgets first. */
  readonly candidates: readonly Candidate[];
  readonly noCandidate: ReadonlyMap<number, Status>;
  readonly errors: readonly string[];
}

export function dryRun(attempt: FailedAttempt, nodes: readonly number[], count: CandidateCount): DryRun {
  const nWanted = nCandidatesWanted(nodes.length, count);
  const offset = attempt.int?.(nodes.length) ?? 0;
  const budgets = new DisruptionBudgets(attempt.run.cycle.cluster);
  const clean: Candidate[] = [];
  const violating: Candidate[] = [];
  const noCandidate = new Map<number, Status>();
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(offset + i) % nodes.length]!;
    const found = selectVictims(attempt.run, attempt.nominator, node, budgets);
    if ('code' in found) {
      noCandidate.set(node, found);
      continue;
    }
    const list = found.nPdbViolations === 0 ? clean : violating;
    if (list.length < nWanted) list.push(found);
    if (clean.length > 0 && clean.length + violating.length >= nWanted) break;
  }
  const errors = [...noCandidate.values()].filter(({ code }) => code === 'Error');
  return {
    candidates: [...clean, ...violating],
    noCandidate,
    errors: errors.flatMap(({ reasons }) => reasons),
  };
}

function nCandidatesWanted(nNodes: number, count: CandidateCount): number {
  const n = Math.trunc((nNodes * count.minCandidateNodesPercentage) / 100);
  return Math.min(Math.max(n, count.minCandidateNodesAbsolute), nNodes);
}
