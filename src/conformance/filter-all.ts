/** PreFilter and Filter over all nodes, in the order in which they joined: what the recordings of whole profiles show. */
import { FilterRun } from '../scheduler/framework/filter-run.ts';
import type { Diagnosis } from '../scheduler/framework/fit-error.ts';
import { Nominator } from '../scheduler/framework/nominator.ts';
import type { Cycle } from '../scheduler/framework/plugin.ts';
import type { Profile } from '../scheduler/framework/profile.ts';
import { filterWithNominated } from '../scheduler/framework/schedule-pod.ts';
import type { Status } from '../scheduler/framework/status.ts';

export interface Filtered {
  readonly run: FilterRun;
  readonly feasible: readonly number[];
  readonly diagnosis: Diagnosis;
}

export function filterAll(profile: Profile, cycle: Cycle, nominator = new Nominator()): Filtered {
  const { nodes } = cycle.cluster;
  const run = new FilterRun(profile, cycle);
  const { rejection, nodeNames, absentStatus } = run.outcome;
  const nodeStatus = new Map<number, Status>();
  const feasible: number[] = [];
  for (let node = 0; node < nodes.nRows && !rejection; node++) {
    if (nodeNames && !nodeNames.has(nodes.names[node]!)) continue;
    const status = filterWithNominated(run, nominator, node);
    if (status) nodeStatus.set(node, status);
    else feasible.push(node);
  }
  const diagnosis = {
    nNodes: nodes.nNodes,
    nodeStatus,
    absentStatus: rejection ?? absentStatus,
    preFilterMessage: rejection?.reasons.join(', ') ?? '',
    postFilterMessage: '',
  };
  return { run, feasible, diagnosis };
}
