/** Recorded preemptions: who would have to go from which node, which node is taken, and what is said otherwise. */
import type { Cluster } from '../cluster/cluster.ts';
import { PodFlag } from '../cluster/pod-table.ts';
import type { Pod } from '../kube/types.ts';
import { defaultProfile } from '../scheduler/default-profile.ts';
import type { Nominator } from '../scheduler/framework/nominator.ts';
import type { PodInfo } from '../scheduler/framework/plugin.ts';
import { type PostFilterResult, runPostFilter } from '../scheduler/framework/post-filter.ts';
import type { Profile } from '../scheduler/framework/profile.ts';
import type { Status } from '../scheduler/framework/status.ts';
import { createPlugin, PLUGINS } from '../scheduler/registry.ts';
import type { Agreement } from './agreement.ts';
import { addPod, buildCluster } from './build-cluster.ts';
import { filterAll } from './filter-all.ts';
import type { RecordedLine, RecordedStatus } from './recorded.ts';

export interface PreemptAnswer {
  readonly preFilter?: RecordedStatus;
  readonly filter?: Readonly<Record<string, RecordedStatus>>;
  readonly code: string;
  /** Absent where the real choice among several nodes was random. */
  readonly message?: string;
  readonly nominatedNode: string;
  readonly victims?: readonly string[];
  readonly bestNodes?: readonly string[];
  readonly candidates?: Readonly<Record<string, { victims: readonly string[]; numPDBViolations: number }>>;
  readonly noCandidate?: Readonly<Record<string, RecordedStatus>>;
  readonly clearsNominatedNode?: boolean;
  readonly notDeletedAgain?: readonly string[];
}

export interface PreemptLine extends RecordedLine {
  readonly cases: readonly { readonly id: string; readonly pod: Pod; readonly expect: PreemptAnswer }[];
}

/** The recordings look at every candidate. */
const ARGS = { minCandidateNodesPercentage: 100 };

export function checkPreempt(line: PreemptLine, agreement: Agreement): void {
  const { cluster, nominator } = buildCluster(line.cluster);
  const profile = defaultProfile({
    plugins: PLUGINS.filter(({ isDefault = true }) => isDefault).map((plugin) =>
      createPlugin(plugin, plugin.name === 'DefaultPreemption' ? ARGS : {}),
    ),
  });
  for (const { id, pod, expect } of line.cases) {
    const info = addPod(cluster, pod);
    const { message, ...got } = answer(profile, cluster, nominator, info);
    const compared = expect.message === undefined ? got : { ...got, message };
    agreement.check(id, 'preempt', withoutErrorTexts(expect), compared);
    cluster.removePod(info.row);
  }
}

function answer(profile: Profile, cluster: Cluster, nominator: Nominator, pod: PodInfo): PreemptAnswer {
  const cycle = { cluster, pod, cls: pod.cls };
  const { run, diagnosis } = filterAll(profile, cycle, nominator);
  const { rejection } = run.outcome;
  const failed = diagnosis.nodeStatus;
  const result = runPostFilter(profile, { run, diagnosis, nominator })!;
  return {
    ...(rejection && { preFilter: recorded(rejection) }),
    ...(failed.size > 0 && { filter: statuses(cluster, failed) }),
    ...recordedResult(cluster, result),
  };
}

function recordedResult(cluster: Cluster, result: PostFilterResult): PreemptAnswer {
  const { code, message, victims, bestNodes, candidates, noCandidate } = result;
  const nodeName = (row: number) => (row === -1 ? '' : cluster.nodes.names[row]!);
  const podName = (row: number) => `${cluster.classOf(row).namespace}/${cluster.pods.nameOf(row)}`;
  const terminating = victims.filter((row) => cluster.pods.has(row, PodFlag.Terminating));
  return {
    code,
    message,
    nominatedNode: nodeName(result.nominatedNode),
    ...(victims.length > 0 && { victims: victims.map(podName) }),
    ...(bestNodes.length > 0 && { bestNodes: bestNodes.map(nodeName) }),
    ...(candidates.length > 0 && {
      candidates: Object.fromEntries(
        candidates.map((candidate) => [
          nodeName(candidate.node),
          { victims: candidate.victims.map(podName), numPDBViolations: candidate.nPdbViolations },
        ]),
      ),
    }),
    ...(noCandidate.size > 0 && { noCandidate: statuses(cluster, noCandidate) }),
    ...(result.clearsNominatedNode && { clearsNominatedNode: true }),
    ...(terminating.length > 0 && { notDeletedAgain: terminating.map(podName) }),
  };
}

function statuses(cluster: Cluster, byNode: ReadonlyMap<number, Status>): Record<string, RecordedStatus> {
  return Object.fromEntries(
    [...byNode].map(([node, status]) => [cluster.nodes.names[node]!, recorded(status)]),
  );
}

/** Without the texts of errors, which are Go's; statuses of no plugin are recorded without one. */
function recorded({ code, reasons, plugin }: Status): RecordedStatus {
  return {
    code,
    reasons: code === 'Error' ? [] : [...reasons].sort(),
    ...(plugin !== '' && { plugin }),
  };
}

function withoutErrorTexts(answer: PreemptAnswer): PreemptAnswer {
  const clean = (status: RecordedStatus): RecordedStatus => ({
    ...status,
    reasons: status.code === 'Error' ? [] : (status.reasons ?? []),
  });
  const cleanAll = (byNode: Readonly<Record<string, RecordedStatus>>) =>
    Object.fromEntries(Object.entries(byNode).map(([node, status]) => [node, clean(status)]));
  const { preFilter, filter, noCandidate } = answer;
  return {
    ...answer,
    ...(preFilter && { preFilter: clean(preFilter) }),
    ...(filter && { filter: cleanAll(filter) }),
    ...(noCandidate && { noCandidate: cleanAll(noCandidate) }),
  };
}
