/**
 * The scheduling algorithm by an exact incremental index: it chooses what the plain scan would choose and looks only
 * at what has changed. Cycles that it cannot serve go to the plain scan, counted by reason.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import { FilterRun } from '../framework/filter-run.ts';
import { nFeasibleNodesToFind } from '../framework/node-sampling.ts';
import type { Nominator } from '../framework/nominator.ts';
import type { Cycle, PodInfo } from '../framework/plugin.ts';
import type { Profile } from '../framework/profile.ts';
import { PlainScan, type ScheduleResult, type TieBreak } from '../framework/schedule-pod.ts';
import { firstTop, heapTop } from '../framework/tie-break.ts';
import type { SchedulingAlgorithm } from '../kube-scheduler-options.ts';
import { Choice } from './choice.ts';
import { ClassIndex } from './class-index.ts';
import { classTerms } from './class-terms.ts';
import { PromisedNodes } from './promised-nodes.ts';
import { Rejections } from './rejections.ts';
import { SharedParts } from './shared-parts.ts';

const N_BYTES_MAX = 2 ** 29;

const UNSCHEDULABLE = 'no node is feasible: every node is asked for its reason';
const TIE_BREAK = 'ties are broken at random';
const NOMINATED = 'nodes are promised to pods that count in topology domains';
const PINNED = 'the pod is bound to one node';

export class ScoreIndex implements SchedulingAlgorithm {
  readonly speed = { nIndexed: 0, nPlain: new Map<string, number>() };
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #nominator: Nominator;
  readonly #plain: PlainScan;
  readonly #parts: SharedParts;
  readonly #choice: Choice;
  readonly #isTieBreakKnown: boolean;
  readonly #rejections: Rejections;
  readonly #promised: PromisedNodes;
  /** By class id: the index or why there is none. */
  readonly #indexes: (ClassIndex | string | undefined)[] = [];

  #nDropped = 0;

  /** @param nBytesMax what all classes may take; those that were asked for longest ago are given up first */
  constructor(
    cluster: Cluster,
    profile: Profile,
    nominator: Nominator,
    tieBreak: TieBreak,
    nBytesMax = N_BYTES_MAX,
  ) {
    this.#cluster = cluster;
    this.#profile = profile;
    this.#nominator = nominator;
    this.#plain = new PlainScan(cluster, profile, nominator, tieBreak);
    this.#parts = new SharedParts(cluster, nBytesMax);
    this.#promised = new PromisedNodes(cluster, profile, nominator);
    this.#rejections = new Rejections(cluster.log);
    this.#choice = new Choice(tieBreak === firstTop ? 'first' : 'heap');
    this.#isTieBreakKnown = tieBreak === heapTop || tieBreak === firstTop;
  }

  get nextStartNodeIndex(): number {
    return this.#plain.nextStartNodeIndex;
  }
  set nextStartNodeIndex(index: number) {
    this.#plain.nextStartNodeIndex = index;
  }

  /** What all classes take. */
  get nBytes(): number {
    return this.#parts.nBytes;
  }

  /** How many parts are brought up to date together. */
  get nTogether(): number {
    return this.#parts.cohort.size;
  }

  schedule(pod: PodInfo): ScheduleResult {
    if (!this.#isTieBreakKnown) return this.#scan(pod, TIE_BREAK);
    if (pod.pinnedNode || pod.nominatedNodeName) return this.#scan(pod, PINNED);
    const index = (this.#indexes[pod.cls.id] ??= this.#makeIndex(pod));
    if (typeof index === 'string') return this.#scan(pod, index);
    const obstacle = index.refresh();
    if (this.#parts.nDropped !== this.#nDropped) this.#forgetDropped();
    if (obstacle !== '') return this.#scan(pod, obstacle);
    if (this.#nominator.isEmpty) return this.#choose(index, pod);
    if (index.filtersByDomains) return this.#scan(pod, NOMINATED);
    this.#promised.takeOut(index, pod);
    const result = this.#choose(index, pod);
    this.#promised.putBack(index);
    return result;
  }

  #choose(index: ClassIndex, pod: PodInfo): ScheduleResult {
    const choice = this.#choice;
    const { tree } = index;
    const { size } = tree;
    choice.reserve(tree.nGroups);
    const nAllFeasible = index.close(choice);
    if (nAllFeasible === 0) return this.#reject(pod);
    // There may have been more nodes when the last walk ended.
    const start = this.nextStartNodeIndex % size;
    choice.begin(tree, start, nAllFeasible);
    const nWanted = nFeasibleNodesToFind(size, this.#profile.percentageOfNodesToScore);
    // The walk ends at the first feasible node beyond those wanted, or has gone all the way round.
    const isCut = nAllFeasible > nWanted;
    const nEvaluated = isCut ? choice.distanceOf(nWanted) : size;
    const nFeasible = isCut ? nWanted : nAllFeasible;
    if (nFeasible > 1 && !index.weigh(choice, nEvaluated)) return this.#scan(pod, 'a score is out of range');
    const position = choice.choose(nEvaluated, nFeasible);
    this.nextStartNodeIndex = (start + nEvaluated) % size;
    this.speed.nIndexed++;
    return { outcome: 'scheduled', node: index.rowAt(position), nEvaluated, nFeasible };
  }

  /** Every node must be asked for its reason, unless a pod of the class has just been rejected. */
  #reject(pod: PodInfo): ScheduleResult {
    const { nodes } = this.#cluster;
    // Promises leave no entry in the log.
    const isKept = this.#nominator.isEmpty;
    const nodeStatus = isKept ? this.#rejections.find(pod.cls, this.nextStartNodeIndex) : undefined;
    if (nodeStatus) {
      const run = new FilterRun(this.#profile, { cluster: this.#cluster, pod, cls: pod.cls });
      const { absentStatus } = run.outcome;
      const messages = { preFilterMessage: '', postFilterMessage: '' };
      const diagnosis = { nNodes: nodes.nNodes, nodeStatus, absentStatus, ...messages };
      this.speed.nIndexed++;
      return { outcome: 'unschedulable', diagnosis, run, nEvaluated: nodeStatus.size };
    }
    const result = this.#scan(pod, UNSCHEDULABLE);
    if (isKept && result.outcome === 'unschedulable') {
      this.#rejections.keep(pod.cls, this.nextStartNodeIndex, result.diagnosis.nodeStatus);
    }
    return result;
  }

  #makeIndex({ cls }: PodInfo): ClassIndex | string {
    const cycle: Cycle = { cluster: this.#cluster, cls, pod: { row: -1, cls, name: '', uid: -1 } };
    const terms = classTerms(this.#profile, cycle);
    return typeof terms === 'string' ? terms : new ClassIndex(cycle, terms, this.#parts);
  }

  /** Classes that have been given up begin anew when they return. */
  #forgetDropped(): void {
    this.#nDropped = this.#parts.nDropped;
    this.#indexes.forEach((index, id) => {
      if (typeof index === 'object' && index.isDropped) this.#indexes[id] = undefined;
    });
  }

  #scan(pod: PodInfo, reason: string): ScheduleResult {
    const { nPlain } = this.speed;
    nPlain.set(reason, (nPlain.get(reason) ?? 0) + 1);
    return this.#plain.schedule(pod);
  }
}
