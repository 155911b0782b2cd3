/** Recorded answers of the whole default profile for single pods: who fails where and why, scores, totals, choice. */
import type { Cluster } from '../cluster/cluster.ts';
import type { Pod } from '../kube/types.ts';
import { defaultProfile } from '../scheduler/default-profile.ts';
import { fitErrorText } from '../scheduler/framework/fit-error.ts';
import type { Nominator } from '../scheduler/framework/nominator.ts';
import type { Cycle, PodInfo } from '../scheduler/framework/plugin.ts';
import type { Profile } from '../scheduler/framework/profile.ts';
import { runScore } from '../scheduler/framework/score-run.ts';
import type { Status } from '../scheduler/framework/status.ts';
import { heapTop } from '../scheduler/framework/tie-break.ts';
import type { Agreement } from './agreement.ts';
import { BothWays } from './both-ways.ts';
import { addPod, buildCluster } from './build-cluster.ts';
import { filterAll } from './filter-all.ts';
import type { RecordedLine, RecordedStatus } from './recorded.ts';

export interface DefaultProfileAnswer {
  readonly feasible: readonly string[];
  readonly preFilter?: RecordedStatus;
  readonly nodeNames?: readonly string[];
  readonly filter?: Readonly<Record<string, RecordedStatus>>;
  readonly fitError?: string;
  /** The attempt failed: Go's text, not compared. */
  readonly error?: string;
  readonly skipScore?: readonly string[];
  /** Weighted, by plugin and node. */
  readonly scores?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly total?: Readonly<Record<string, number>>;
  readonly top?: readonly string[];
  readonly heapHost?: string;
}

export interface DefaultProfileLine extends RecordedLine {
  readonly cases: readonly {
    readonly id: string;
    readonly pod: Pod;
    readonly expect: DefaultProfileAnswer;
  }[];
}

export function checkDefaultProfile(line: DefaultProfileLine, agreement: Agreement): void {
  const { cluster, nominator } = buildCluster(line.cluster);
  const profile = defaultProfile();
  const order = Array.from(cluster.order.walk(), (row) => cluster.nodes.names[row]!);
  agreement.check(line.id, 'node order', line.snapshotOrder, order);
  const bothWays = new BothWays(cluster, profile, nominator);
  for (const { id, pod, expect } of line.cases) {
    const info = addPod(cluster, pod);
    bothWays.check(id, info, agreement);
    agreement.check(
      id,
      'default profile',
      withoutErrorText(expect),
      answer(profile, cluster, nominator, info),
    );
    cluster.removePod(info.row);
  }
}

function answer(
  profile: Profile,
  cluster: Cluster,
  nominator: Nominator,
  pod: PodInfo,
): DefaultProfileAnswer {
  const cycle: Cycle = { cluster, pod, cls: pod.cls };
  const { run, feasible, diagnosis } = filterAll(profile, cycle, nominator);
  const { rejection, nodeNames } = run.outcome;
  const failed = diagnosis.nodeStatus;
  const nameOf = (row: number) => cluster.nodes.names[row]!;
  return {
    ...(rejection && { preFilter: recorded(rejection) }),
    ...(nodeNames && !rejection && { nodeNames: [...nodeNames].sort() }),
    feasible: feasible.map(nameOf),
    ...(failed.size > 0 && {
      filter: Object.fromEntries([...failed].map(([node, status]) => [nameOf(node), recorded(status)])),
    }),
    ...(rejection?.code === 'Error'
      ? {}
      : feasible.length === 0
        ? { fitError: fitErrorText(diagnosis) }
        : scored(profile, cycle, Int32Array.from(feasible))),
  };
}

function scored(profile: Profile, cycle: Cycle, feasible: Int32Array): Partial<DefaultProfileAnswer> {
  const names = Array.from(feasible, (row) => cycle.cluster.nodes.names[row]!);
  const byName = (values: Float64Array, weight = 1) =>
    Object.fromEntries(names.map((name, i) => [name, values[i]! * weight + 0]));
  const table = runScore(profile, cycle, feasible);
  const best = Math.max(...table.totals);
  const skipped = [...table.skipped].map(({ name }) => name).sort();
  return {
    ...(skipped.length > 0 && { skipScore: skipped }),
    scores: Object.fromEntries(
      table.plugins.map(({ name, weight, normalized }) => [name, byName(normalized, weight)]),
    ),
    total: byName(table.totals),
    top: names.filter((_, i) => table.totals[i] === best),
    heapHost: names[heapTop(table.totals, names.length)]!,
  };
}

/** The texts of errors are Go's and are left out. */
function recorded({ code, reasons, plugin }: Status): RecordedStatus {
  return { code, reasons: code === 'Error' ? [] : [...reasons].sort(), ...(plugin !== '' && { plugin }) };
}

function withoutErrorText(answer: DefaultProfileAnswer): DefaultProfileAnswer {
  if (answer.preFilter?.code !== 'Error') return answer;
  const { error: _, ...rest } = answer;
  return { ...rest, preFilter: { ...answer.preFilter, reasons: [] } };
}
