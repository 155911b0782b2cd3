/**
 * What the nodes said of classes that fitted nowhere, for pods of the same class that come while nothing has changed:
 * queues of pods that wait for room are tried again and again.
 */
import type { ChangeLog } from '../../cluster/change-log.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import type { Status } from '../framework/status.ts';

type NodeStatus = ReadonlyMap<number, Status>;

interface Rejection {
  /** The log's end when the nodes were asked. */
  readonly head: number;
  /** Where the walk began: it sets the order of the nodes. */
  readonly start: number;
  readonly nodeStatus: NodeStatus;
}

/** Nodes' answers that are held at most, over all classes. */
const N_ANSWERS_MAX = 2 ** 20;

export class Rejections {
  /** By class id; the first is the one that was used longest ago. */
  readonly #byClass = new Map<number, Rejection>();
  readonly #log: ChangeLog;

  constructor(log: ChangeLog) {
    this.#log = log;
  }

  find({ id }: PodClass, start: number): NodeStatus | undefined {
    const known = this.#byClass.get(id);
    if (known?.head !== this.#log.head || known.start !== start) return undefined;
    this.#byClass.delete(id);
    this.#byClass.set(id, known);
    return known.nodeStatus;
  }

  keep({ id }: PodClass, start: number, nodeStatus: NodeStatus): void {
    this.#byClass.delete(id);
    this.#byClass.set(id, { head: this.#log.head, start, nodeStatus });
    const nMax = Math.max(1, Math.floor(N_ANSWERS_MAX / Math.max(1, nodeStatus.size)));
    if (this.#byClass.size > nMax) this.#byClass.delete(this.#byClass.keys().next().value!);
  }
}
