// One sync of one DaemonSet: pods per node, what to create and delete, the rolling update, the status.
// Source: pkg/controller/daemon/{daemon_controller,update}.go, 1.37. Deviation: nodes are taken in the order in which
// the informer heard of them (the real order is that of a Go map).

import type { PodObject } from '../../../kube/pod-object.ts';
import type { PodShape } from '../../../kube/pod-shape.ts';
import type { DaemonSet, Node } from '../../../kube/types.ts';
import type { WallClock } from '../../../kube/wall-clock.ts';
import { scaled } from '../deployment/replica-sets.ts';
import { isAvailable } from '../pod-state.ts';
import { isOfRevision, judge, targetNode, type Verdict } from './daemon-pods.ts';

export interface Plan {
  readonly create: string[];
  readonly remove: PodObject[];
}

/** 0: a failed pod may be deleted now; else how long until the next look. */
export type FailureGate = (node: string) => number;

const NONE: readonly PodObject[] = [];

function byBirth(a: PodObject, b: PodObject): number {
  return a.createdUs - b.createdUs || a.uid - b.uid;
}

export class DaemonSetView {
  readonly #set: DaemonSet;
  readonly #hash: string;
  readonly #nowUs: number;
  readonly #clock: WallClock;
  readonly #verdicts = new Map<string, Verdict>();
  readonly #podsByNode = new Map<string, PodObject[]>();

  constructor(
    set: DaemonSet,
    shape: PodShape,
    hash: string,
    nodes: Iterable<Node>,
    pods: readonly PodObject[],
    nowUs: number,
    clock: WallClock,
  ) {
    this.#set = set;
    this.#hash = hash;
    this.#nowUs = nowUs;
    this.#clock = clock;
    for (const node of nodes) this.#verdicts.set(node.metadata.name ?? '', judge(shape, node));
    for (const pod of pods) {
      if (pod.terminal && pod.terminating) continue;
      const node = targetNode(pod);
      const list = this.#podsByNode.get(node);
      if (list) list.push(pod);
      else this.#podsByNode.set(node, [pod]);
    }
    for (const list of this.#podsByNode.values()) if (list.length > 1) list.sort(byBirth);
  }

  get nDesired(): number {
    let count = 0;
    for (const verdict of this.#verdicts.values()) if (verdict === 'run') count++;
    return count;
  }

  /** Missing pods, and pods that are too many, finished or in the wrong place. */
  manage(gate: FailureGate): Plan & { readonly retryUs: number } {
    const plan = { create: [] as string[], remove: [] as PodObject[], retryUs: Number.POSITIVE_INFINITY };
    for (const [node, verdict] of this.#verdicts) {
      const pods = this.#podsByNode.get(node);
      if (verdict === 'run' && !pods) plan.create.push(node);
      else if (verdict !== 'none' && pods)
        plan.retryUs = Math.min(plan.retryUs, this.#tidy(node, pods, plan, gate));
      else if (pods) plan.remove.push(...pods.filter((pod) => !pod.terminating));
    }
    for (const [node, pods] of this.#podsByNode) {
      if (this.#verdicts.has(node)) continue;
      plan.remove.push(...pods.filter((pod) => pod.nodeName === '' && !pod.terminating));
    }
    return plan;
  }

  /** One node where pods may run; answers how long a failed pod must still wait. */
  #tidy(node: string, pods: readonly PodObject[], plan: Plan, gate: FailureGate): number {
    const isWanted = this.#verdicts.get(node) === 'run';
    const running: PodObject[] = [];
    let retryUs = Number.POSITIVE_INFINITY;
    for (const pod of pods) {
      if (pod.terminating) continue;
      const waitUs = pod.phase === 'Failed' ? gate(node) : 0;
      if (waitUs > 0) retryUs = Math.min(retryUs, waitUs);
      else if (pod.terminal) plan.remove.push(pod);
      else running.push(pod);
    }
    if (running.length === 0 && isWanted && this.#surges) plan.create.push(node);
    if (running.length > 1)
      plan.remove.push(...(this.#surges ? this.#surplusOfSurge(running) : running.slice(1)));
    return retryUs;
  }

  /** Two pods may share a node while the new one is not yet available and the old one is ready. */
  #surplusOfSurge(running: readonly PodObject[]): PodObject[] {
    const oldestNew = running.find((pod) => isOfRevision(pod, this.#hash));
    const oldestOld = running.find((pod) => !isOfRevision(pod, this.#hash));
    const surplus = running.filter((pod) => pod !== oldestNew && pod !== oldestOld);
    if (oldestNew && oldestOld && (!oldestOld.ready || this.#isAvailable(oldestNew))) surplus.push(oldestOld);
    return surplus;
  }

  /** Pods to replace by the newest revision, within maxUnavailable or maxSurge. */
  rollingUpdate(): Plan {
    return this.#surgeMax > 0 ? this.#rollWithSurge(this.#surgeMax) : this.#rollInPlace(this.#unavailableMax);
  }

  /** Two pods may share a node. */
  get #surges(): boolean {
    return this.#surgeOf(1) > 0;
  }

  get #surgeMax(): number {
    return this.#surgeOf(this.nDesired);
  }

  #surgeOf(nNodes: number): number {
    const { type, rollingUpdate } = this.#set.spec.updateStrategy ?? {};
    return type === 'OnDelete' ? 0 : scaled(rollingUpdate?.maxSurge, nNodes, 'up');
  }

  get #unavailableMax(): number {
    const count = scaled(this.#set.spec.updateStrategy?.rollingUpdate?.maxUnavailable, this.nDesired, 'up');
    return count === 0 && this.#surgeMax === 0 ? 1 : count;
  }

  #rollInPlace(limit: number): Plan {
    const remove: PodObject[] = [];
    const candidates: PodObject[] = [];
    let nUnavailable = 0;
    for (const node of this.#involvedNodes()) {
      const [newPods, oldPods] = this.#byRevision(node);
      const [newPod] = newPods;
      const [oldPod] = oldPods;
      if (newPods.length > 1 || oldPods.length > 1 || !!newPod === !!oldPod) nUnavailable++;
      else if (newPod) nUnavailable += this.#isAvailable(newPod) ? 0 : 1;
      else if (this.#isAvailable(oldPod!)) candidates.push(oldPod!);
      else {
        remove.push(oldPod!);
        nUnavailable++;
      }
    }
    remove.push(...candidates.slice(0, Math.max(0, limit - nUnavailable)));
    return { create: [], remove };
  }

  #rollWithSurge(limit: number): Plan {
    const plan: Plan = { create: [], remove: [] };
    const candidates: string[] = [];
    /** Available pods on nodes where the set should not run (any more). */
    const misplaced: PodObject[] = [];
    let nSurge = 0;
    let nAvailable = 0;
    for (const node of this.#involvedNodes()) {
      const [newPods, oldPods] = this.#byRevision(node);
      const [newPod] = newPods;
      const [oldPod] = oldPods;
      if (newPods.length > 1 || oldPods.length > 1) {
        nSurge++;
        continue;
      }
      const first = oldPod ?? newPod;
      const isFirstAvailable = first !== undefined && this.#isAvailable(first);
      if (isFirstAvailable) nAvailable++;
      if (!oldPod) continue;
      const isWanted = this.#verdicts.get(node) === 'run';
      if (newPod && this.#isAvailable(newPod)) plan.remove.push(oldPod);
      else if (newPod) nSurge++;
      else if (isWanted) (isFirstAvailable ? candidates : plan.create).push(node);
      else (isFirstAvailable ? misplaced : plan.remove).push(oldPod);
    }
    plan.create.push(...candidates.slice(0, Math.max(0, limit - nSurge)));
    plan.remove.push(...misplaced.slice(0, Math.max(0, nAvailable - this.nDesired)));
    return plan;
  }

  /** Nodes with pods of the set, and nodes where it should run. */
  #involvedNodes(): Set<string> {
    const wanted = [...this.#verdicts].filter(([, verdict]) => verdict === 'run').map(([node]) => node);
    return new Set([...wanted, ...this.#podsByNode.keys()]);
  }

  #byRevision(node: string): [newPods: PodObject[], oldPods: PodObject[]] {
    const split: [PodObject[], PodObject[]] = [[], []];
    for (const pod of this.#podsByNode.get(node) ?? NONE) {
      if (!pod.terminating) split[isOfRevision(pod, this.#hash) ? 0 : 1].push(pod);
    }
    return split;
  }

  #isAvailable(pod: PodObject): boolean {
    return isAvailable(pod, this.#set.spec.minReadySeconds ?? 0, this.#nowUs, this.#clock);
  }

  /** Only the oldest pod of a node counts. */
  status(): Readonly<Record<string, number>> {
    const count = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
    for (const [node, verdict] of this.#verdicts) {
      const pod = this.#podsByNode.get(node)?.[0];
      if (verdict !== 'run') {
        if (pod) count.misscheduled++;
        continue;
      }
      count.desired++;
      if (!pod) continue;
      count.current++;
      if (pod.ready) count.ready++;
      if (this.#isAvailable(pod)) count.available++;
      if (isOfRevision(pod, this.#hash)) count.updated++;
    }
    return {
      currentNumberScheduled: count.current,
      desiredNumberScheduled: count.desired,
      numberMisscheduled: count.misscheduled,
      numberReady: count.ready,
      updatedNumberScheduled: count.updated,
      numberAvailable: count.available,
      numberUnavailable: count.desired - count.available,
    };
  }
}
