/**
 * Pods that preemption has promised a node to: they count there for pods of lower or equal priority until they are
 * bound. Source: kubernetes v1.37.2 pkg/scheduler/backend/queue/nominator.go.
 */
export interface NominatedPod {
  /** Row in the pod table. */
  readonly row: number;
  readonly uid: string | number;
  readonly priority: number;
}

export class Nominator {
  readonly #byNode = new Map<string, NominatedPod[]>();
  readonly #nodeOf = new Map<string | number, string>();
  /** Counts changes. */
  version = 0;

  add(pod: NominatedPod, nodeName: string): void {
    this.remove(pod.uid);
    const list = this.#byNode.get(nodeName);
    if (list) list.push(pod);
    else this.#byNode.set(nodeName, [pod]);
    this.#nodeOf.set(pod.uid, nodeName);
    this.version++;
  }

  remove(uid: string | number): void {
    const nodeName = this.#nodeOf.get(uid);
    if (nodeName === undefined) return;
    const list = this.#byNode.get(nodeName)!;
    list.splice(
      list.findIndex((pod) => pod.uid === uid),
      1,
    );
    if (list.length === 0) this.#byNode.delete(nodeName);
    this.#nodeOf.delete(uid);
    this.version++;
  }

  get isEmpty(): boolean {
    return this.#nodeOf.size === 0;
  }

  /** Names of nodes that pods are nominated to. */
  nodeNames(): IterableIterator<string> {
    return this.#byNode.keys();
  }

  /** Pods nominated to a node, in order of nomination. */
  on(nodeName: string): readonly NominatedPod[] {
    return this.#byNode.get(nodeName) ?? [];
  }

  nodeOf(uid: string | number): string | undefined {
    return this.#nodeOf.get(uid);
  }
}
