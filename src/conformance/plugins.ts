/** Recorded answers of single plugins: PreFilter, Filter, raw and normalized scores of each. */
import type { Cluster } from '../cluster/cluster.ts';
import { FilterRun } from '../scheduler/framework/filter-run.ts';
import type { Cycle, PodInfo } from '../scheduler/framework/plugin.ts';
import { Profile } from '../scheduler/framework/profile.ts';
import { runScore } from '../scheduler/framework/score-run.ts';
import { CycleError, type Status } from '../scheduler/framework/status.ts';
import { createPlugin, findPlugin } from '../scheduler/registry.ts';
import type { Agreement } from './agreement.ts';
import { BothWays } from './both-ways.ts';
import { addPod, buildCluster } from './build-cluster.ts';
import type { PluginAnswer, PluginsLine, RecordedStatus } from './recorded.ts';

export function checkPlugins(line: PluginsLine, agreement: Agreement): void {
  const { cluster } = buildCluster(line.cluster);
  for (const [name, { plugin, args }] of Object.entries(line.profiles)) {
    const registration = findPlugin(plugin);
    const profile =
      registration && new Profile({ schedulerName: name, plugins: [createPlugin(registration, args)] });
    const bothWays = profile && new BothWays(cluster, profile);
    for (const { id, pod, expect } of line.cases) {
      const expected = expect[name];
      if (!expected) continue;
      const info = addPod(cluster, pod);
      const got = profile ? answer(profile, cluster, info) : 'no such plugin';
      agreement.check(id, name, withoutErrorTexts(expected), got);
      bothWays?.check(`${id} ${name}`, info, agreement);
      cluster.removePod(info.row);
    }
  }
}

function answer(profile: Profile, cluster: Cluster, pod: PodInfo): PluginAnswer {
  const cycle: Cycle = { cluster, pod, cls: pod.cls };
  const run = new FilterRun(profile, cycle);
  const { rejection, nodeNames } = run.outcome;
  if (rejection) return { preFilter: recordedStatus(rejection), feasible: 0 };
  const filter: Record<string, RecordedStatus> = {};
  const feasible: number[] = [];
  for (let node = 0; node < cluster.nodes.nRows; node++) {
    if (nodeNames && !nodeNames.has(cluster.nodes.names[node]!)) continue;
    const status = run.filter(node);
    if (status) filter[cluster.nodes.names[node]!] = recordedStatus(status);
    else feasible.push(node);
  }
  return {
    ...(nodeNames && { nodeNames: [...nodeNames].sort() }),
    ...(run.skipped.size > 0 && { skipFilter: true }),
    ...(Object.keys(filter).length > 0 && { filter }),
    feasible: feasible.length,
    ...scores(profile, cycle, Int32Array.from(feasible)),
  };
}

function scores(profile: Profile, cycle: Cycle, feasible: Int32Array): PluginAnswer {
  if (profile.score.length === 0 || feasible.length === 0) return {};
  try {
    const table = runScore(profile, cycle, feasible, true);
    if (table.skipped.size > 0) return { skipScore: true };
    const [only] = table.plugins;
    return {
      rawScore: byName(cycle, feasible, only!.raw!),
      score: byName(cycle, feasible, only!.normalized),
    };
  } catch (error) {
    if (error instanceof CycleError) return { scoreStatus: recordedStatus(error.status) };
    throw error;
  }
}

function byName({ cluster }: Cycle, feasible: Int32Array, scores: Float64Array): Record<string, number> {
  return Object.fromEntries(Array.from(feasible, (node, i) => [cluster.nodes.names[node]!, scores[i]! + 0]));
}

/** Reasons sorted, as recorded; the texts of errors are Go's and are left out. */
export function recordedStatus({ code, reasons }: Status): RecordedStatus {
  return { code, reasons: code === 'Error' ? [] : [...reasons].sort() };
}

function withoutErrorTexts(answer: PluginAnswer): PluginAnswer {
  const clean = (status: RecordedStatus) => (status.code === 'Error' ? { ...status, reasons: [] } : status);
  const { preFilter, filter, scoreStatus } = answer;
  return {
    ...answer,
    ...(preFilter && { preFilter: clean(preFilter) }),
    ...(scoreStatus && { scoreStatus: clean(scoreStatus) }),
    ...(filter && {
      filter: Object.fromEntries(Object.entries(filter).map(([node, s]) => [node, clean(s)])),
    }),
  };
}
