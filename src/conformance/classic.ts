/**
 * Recorded answers of the classic scheduler: its predicates and priorities one by one, and the default provider as a
 * whole.
 */
import type { Cluster } from '../cluster/cluster.ts';
import { serviceSelectors } from '../scheduler/classic/controllers.ts';
import { classicProfile, predicateOf, priorityOf } from '../scheduler/classic/policy.ts';
import { insufficientResources } from '../scheduler/classic/predicates/pod-fits-resources.ts';
import { selectorSpread } from '../scheduler/classic/priorities/selector-spread.ts';
import { CLASSIC_REQUESTS, type ClassicRelease, RELEASES } from '../scheduler/classic/release.ts';
import { FilterRun } from '../scheduler/framework/filter-run.ts';
import type { Cycle } from '../scheduler/framework/plugin.ts';
import { type AnyPlugin, Profile } from '../scheduler/framework/profile.ts';
import { runScore } from '../scheduler/framework/score-run.ts';
import type { Status } from '../scheduler/framework/status.ts';
import type { Agreement } from './agreement.ts';
import { addPod, buildCluster } from './build-cluster.ts';
import {
  type ByNode,
  type ClassicLine,
  type DefaultAnswer,
  type PredicateAnswer,
  type PriorityAnswer,
  providerPolicy,
  recordedCluster,
  recordedPredicate,
  recordedPriorities,
} from './classic-recorded.ts';

/** The releases that were recorded. */
export const CLASSIC_VERSIONS = Object.values(RELEASES).map(({ version }) => version);

export function checkClassic(line: ClassicLine, agreement: Agreement): void {
  const release = Object.values(RELEASES).find(({ version }) => version === line.version)!;
  const { cluster } = buildCluster(recordedCluster(line), CLASSIC_REQUESTS);
  const pod = addPod(cluster, line.pod);
  const cycle: Cycle = { cluster, pod, cls: pod.cls };
  if (line.expect.predicates) checkPredicates(line, release, cycle, agreement);
  else if (line.expect.order) checkDefault(line, release, cycle, agreement);
  else checkPriorities(line, release, cycle, agreement);
}

function checkPredicates(
  line: ClassicLine,
  release: ClassicRelease,
  cycle: Cycle,
  agreement: Agreement,
): void {
  for (const [name, expected] of Object.entries(line.expect.predicates!)) {
    const { plugin } = predicateOf([recordedPredicate(name, line)], release);
    const run = new FilterRun(new Profile({ schedulerName: name, plugins: [plugin] }), cycle);
    const got = eachNode(cycle.cluster, (node) => ({
      ...predicateAnswer(run.filter(node)),
      ...((name === 'PodFitsResources' || name === 'GeneralPredicates') && detail(cycle, node)),
    }));
    agreement.check(line.id, `${release.name} ${name}`, mapValues(expected, withoutErrorText), got);
  }
}

function detail({ cls, cluster }: Cycle, node: number): Pick<PredicateAnswer, 'detail'> {
  const texts = insufficientResources(cls, node, cluster).map(
    ({ resource, requested, used, capacity }) =>
      `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  );
  return texts.length > 0 ? { detail: texts.sort() } : {};
}

function checkPriorities(
  line: ClassicLine,
  release: ClassicRelease,
  cycle: Cycle,
  agreement: Agreement,
): void {
  const feasible = Int32Array.from(line.args.filteredNodes!, (name) => cycle.cluster.nodes.find(name));
  for (const [name, expected] of Object.entries(line.expect.priorities!)) {
    const plugin = recordedPriority(name, line, release);
    const got = priorityAnswers(plugin, release, cycle, feasible, hasRaw(expected));
    agreement.check(line.id, `${release.name} ${name}`, expected, got);
  }
}

/** Names with a suffix are the recording's own. */
function recordedPriority(name: string, line: ClassicLine, release: ClassicRelease): AnyPlugin {
  if (name === 'ServiceSpreadingPriority_nometa') return selectorSpread(name, release, serviceSelectors);
  return priorityOf(recordedPriorities(name, line), release, line.args.hardPodAffinityWeight);
}

/** Whole-list priorities were recorded without raw scores. */
function hasRaw(expected: ByNode<PriorityAnswer>): boolean {
  return Object.values(expected).some(({ raw }) => raw !== undefined);
}

function priorityAnswers(
  plugin: AnyPlugin,
  { maxScore }: ClassicRelease,
  cycle: Cycle,
  feasible: Int32Array,
  withRaw: boolean,
): ByNode<PriorityAnswer> {
  const profile = new Profile({ schedulerName: plugin.name, plugins: [plugin], maxScore });
  const [scores] = runScore(profile, cycle, feasible, true).plugins;
  const answers = Array.from(feasible, (node, i): [string, PriorityAnswer] => [
    cycle.cluster.nodes.names[node]!,
    { ...(withRaw && { raw: (scores?.raw?.[i] ?? 0) + 0 }), final: (scores?.normalized[i] ?? 0) + 0 },
  ]);
  return Object.fromEntries(answers);
}

function checkDefault(line: ClassicLine, release: ClassicRelease, cycle: Cycle, agreement: Agreement): void {
  const profile = classicProfile(providerPolicy(line.args.provider!, release));
  const run = new FilterRun(profile, cycle);
  const { cluster } = cycle;
  const nodes = eachNode(cluster, (node) => {
    const status = run.filter(node);
    return { ...predicateAnswer(status), ...(status && { failedPredicate: status.plugin }) };
  });
  const feasible = Object.keys(nodes).filter((name) => nodes[name]!.fit);
  const isFailed = Object.values(nodes).some(({ error }) => error !== undefined);
  const got: DefaultAnswer = {
    order: profile.filter.map(({ name }) => name),
    nodes,
    feasible,
    weights: Object.fromEntries(profile.score.map(({ plugin, weight }) => [plugin.name, weight])),
    ...(isFailed && { error: '' }),
    ...(!isFailed &&
      feasible.length > 0 &&
      choice(profile, release, cycle, feasible, line.expect.priorities!)),
  };
  const { nodes: expectedNodes, error, ...rest } = line.expect;
  const expected = {
    ...rest,
    nodes: mapValues(expectedNodes!, withoutErrorText),
    ...(error !== undefined && { error: '' }),
  };
  agreement.check(line.id, `${release.name} default provider`, expected, got);
}

function choice(
  profile: Profile,
  release: ClassicRelease,
  cycle: Cycle,
  names: readonly string[],
  expected: Readonly<Record<string, ByNode<PriorityAnswer>>>,
): Pick<DefaultAnswer, 'priorities' | 'total' | 'best'> {
  const feasible = Int32Array.from(names, (name) => cycle.cluster.nodes.find(name));
  const { totals } = runScore(profile, cycle, feasible);
  const top = Math.max(...totals);
  const priorities = profile.score.map(({ plugin }) => {
    const withRaw = hasRaw(expected[plugin.name] ?? {});
    return [plugin.name, priorityAnswers(plugin, release, cycle, feasible, withRaw)] as const;
  });
  return {
    priorities: Object.fromEntries(priorities),
    total: Object.fromEntries(names.map((name, i) => [name, totals[i]!])),
    best: names.filter((_, i) => totals[i] === top),
  };
}

function predicateAnswer(status: Status | undefined): PredicateAnswer {
  if (!status) return { fit: true };
  return status.code === 'Error' ? { fit: false, error: '' } : { fit: false, reasons: status.reasons };
}

/** The texts of errors are Go's and are left out. */
function withoutErrorText<T extends PredicateAnswer>(answer: T): T {
  return answer.error === undefined ? answer : { ...answer, error: '' };
}

function eachNode<T>({ nodes }: Cluster, answer: (node: number) => T): Record<string, T> {
  const rows = Array.from({ length: nodes.nRows }, (_, node) => node);
  return Object.fromEntries(rows.map((node) => [nodes.names[node]!, answer(node)]));
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
