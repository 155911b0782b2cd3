/**
 * The smallest set of pods on a node that must go for the pod to fit: all of lower priority go on trial, then they
 * come back one by one, the most important first, as long as the pod still fits. Nothing has moved in the end; the
 * trial leaves the order of the node's pods as it was, and entries in the change log that cancel out.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/defaultpreemption SelectVictimsOnNode.
 */
import type { FilterRun } from '../framework/filter-run.ts';
import type { Nominator } from '../framework/nominator.ts';
import type { Candidate } from '../framework/post-filter.ts';
import { filterWithNominated, tryBind, undoBind } from '../framework/schedule-pod.ts';
import { errorStatus, type Status, unresolvable } from '../framework/status.ts';
import type { DisruptionBudgets } from './disruption-budgets.ts';
import { compareImportance, priorityOf } from './importance.ts';

const NO_VICTIMS = unresolvable('', 'No preemption victims found for incoming pod');

/** What removing pods from the node would cost, or why it does not help. */
export function selectVictims(
  run: FilterRun,
  nominator: Nominator,
  node: number,
  budgets: DisruptionBudgets,
): Candidate | Status {
  const { cluster, cls } = run.cycle;
  const before = cluster.checkpoint(node);
  const potential = before.rows.filter((row) => priorityOf(cluster, row) < cls.priority);
  if (potential.length === 0) return NO_VICTIMS;
  for (const row of potential) undoBind(run, row);
  const status = filterWithNominated(run, nominator, node);
  const result = status ?? reprieve(run, nominator, node, potential, budgets);
  for (const row of potential) if (cluster.pods.node[row] === -1) tryBind(run, row, node);
  cluster.restore(node, before);
  return result;
}

/** Budget-breaking victims are taken back first. */
function reprieve(
  run: FilterRun,
  nominator: Nominator,
  node: number,
  potential: readonly number[],
  budgets: DisruptionBudgets,
): Candidate | Status {
  const { cluster } = run.cycle;
  const byImportance = (a: number, b: number) => compareImportance(cluster, a, b);
  const { violating, others } = budgets.split([...potential].sort(byImportance));
  const staysVictim = (row: number) => {
    tryBind(run, row, node);
    if (filterWithNominated(run, nominator, node) === undefined) return false;
    undoBind(run, row);
    return true;
  };
  const violations = violating.filter(staysVictim);
  const victims = [...violations, ...others.filter(staysVictim)].sort(byImportance);
  if (victims.length === 0) {
    return errorStatus('', `expected at least one victim pod on node "${cluster.nodes.names[node]}"`);
  }
  return { node, victims, nPdbViolations: violations.length };
}
