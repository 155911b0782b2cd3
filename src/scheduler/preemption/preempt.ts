/**
 * Preemption for one pod: who may, where it helps, whom it costs, and which node it is. It only decides: deleting
 * the victims and noting the nominated node is up to the caller.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/preemption/preemption.go Preempt, executor.go.
 * Deviation: where the rules leave several nodes, the injected choice (else the first candidate) decides; the
 * original takes any.
 */
import { fitErrorText } from '../framework/fit-error.ts';
import type { NominatedPod } from '../framework/nominator.ts';
import type { FailedAttempt, PostFilterResult } from '../framework/post-filter.ts';
import { unresolvable } from '../framework/status.ts';
import { bestCandidates } from './best-candidates.ts';
import { type CandidateCount, type DryRun, dryRun } from './dry-run.ts';
import { ineligibility } from './eligibility.ts';
import { potentialNodes } from './potential-nodes.ts';

const NOT_HELPFUL = unresolvable('', 'Preemption is not helpful for scheduling');

/** An answer that changes nothing. */
const NO_CHANGE: PostFilterResult = {
  code: 'Unschedulable',
  message: '',
  nominatedNode: -1,
  victims: [],
  lostNominations: [],
  clearsNominatedNode: false,
  candidates: [],
  bestNodes: [],
  noCandidate: new Map(),
};

export function preempt(attempt: FailedAttempt, count: CandidateCount): PostFilterResult {
  const { run, diagnosis } = attempt;
  const { cluster } = run.cycle;
  const reason = ineligibility(run.cycle, diagnosis);
  if (reason) return { ...NO_CHANGE, message: `preemption: ${reason}` };
  if (cluster.nodes.nNodes === 0) {
    return { ...NO_CHANGE, code: 'Error', message: 'preemption: no nodes available' };
  }
  const nodes = potentialNodes(diagnosis, cluster.order);
  const tried = dryRun(attempt, nodes, count);
  if (tried.candidates.length > 0) return nominate(attempt, tried);
  if (tried.errors.length > 0) {
    return {
      ...NO_CHANGE,
      code: 'Error',
      message: `preemption: ${tried.errors.join(', ')}`,
      noCandidate: tried.noCandidate,
    };
  }
  return {
    ...NO_CHANGE,
    message: `preemption: ${noCandidateText(cluster.nodes.nNodes, tried)}`,
    clearsNominatedNode: true,
    noCandidate: tried.noCandidate,
  };
}

function noCandidateText(nNodes: number, { noCandidate }: DryRun): string {
  return fitErrorText({
    nNodes,
    nodeStatus: noCandidate,
    absentStatus: NOT_HELPFUL,
    preFilterMessage: '',
    postFilterMessage: '',
  });
}

function nominate(attempt: FailedAttempt, { candidates, noCandidate }: DryRun): PostFilterResult {
  const { cluster } = attempt.run.cycle;
  const best = bestCandidates(candidates, cluster);
  const { node, victims } = best[best.length > 1 ? (attempt.int?.(best.length) ?? 0) : 0]!;
  const name = cluster.nodes.names[node]!;
  return {
    code: 'Success',
    message: `preemption: found a potential placement for pod on node ${name}, preempting ${victims.length} victims`,
    nominatedNode: node,
    victims,
    lostNominations: lostNominations(attempt, name),
    clearsNominatedNode: false,
    candidates,
    bestNodes: best.map((candidate) => candidate.node),
    noCandidate,
  };
}

/** Pods of lower priority that were promised the node may not fit there any more: they are to look elsewhere. */
function lostNominations({ run, nominator }: FailedAttempt, nodeName: string): readonly NominatedPod[] {
  return nominator.on(nodeName).filter(({ priority }) => priority < run.cycle.cls.priority);
}
