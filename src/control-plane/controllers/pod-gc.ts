// Pod garbage collector: removes pods that nobody else will: too many finished ones, those of vanished nodes and of nodes
// declared out of service, and deleted ones that never got a node.
// Source: pkg/controller/podgc/gc_controller.go, 1.37.

import { Uint8Column } from '../../base/columns.ts';
import type { ApiClient, Informer } from '../../kube/api.ts';
import type { PodDraft, PodObject } from '../../kube/pod-object.ts';
import type { Node } from '../../kube/types.ts';
import { all, runSteps, type Steps } from '../sync.ts';
import type { ControllerHost } from './controller.ts';
import { readyStatus } from './node-lifecycle/node-taints.ts';

const NAME = 'pod-garbage-collector';
const PASS_US = 20_000_000;
const QUARANTINE_US = 40_000_000;
const N_TERMINATED_MAX = 12_500;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
const FORCE = { graceSeconds: 0 } as const;
/** Deletions that are under way at a time: the real controller sends all at once, which a million pods make costly here. */
const N_DELETIONS_AT_ONCE = 10_000;

function failed(pod: PodObject, nowUs: number, disruption: string): PodObject {
  if (pod.terminal) return pod;
  const next: PodDraft = pod.draft();
  next.phase = 'Failed';
  next.finishedUs = nowUs;
  if (disruption) next.disruption = disruption;
  return next;
}

export class PodGcController {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #nodes: Informer<Node>;
  readonly #threshold: number;
  /** By slot: is there a finished pod? And how many such slots there are. */
  readonly #isTerminated = new Uint8Column();
  #nTerminated = 0;
  /** By uid. */
  readonly #deletedUnscheduled = new Map<number, PodObject>();
  /** Names of nodes with the out-of-service taint. */
  readonly #outOfService = new Set<string>();
  /** Names of nodes that pods are on but that do not exist, with the pass that saw them first. */
  readonly #missing = new Map<string, number>();
  /**
   * By `PodObject.nodeNumber`, how many nodes had been deleted when the node was last found to exist: until another one is
   * deleted it need not be looked up again.
   */
  readonly #nDeletionsSeen: number[] = [];
  #nNodeDeletions = 0;
  #isBusy = false;

  constructor(host: ControllerHost, nTerminatedMax = N_TERMINATED_MAX) {
    this.#host = host;
    this.#client = host.client(NAME);
    this.#threshold = nTerminatedMax;
    this.#nodes = host.informer<Node>('Node');
    host.pods.handle({
      added: (pod) => this.#onPod(pod, ''),
      modified: (pod, old) => this.#onPod(pod, old.nodeName),
      deleted: (pod) => this.#onGone(pod),
    });
    const unseen = Number.POSITIVE_INFINITY;
    this.#nodes.handle({
      added: (node) => {
        this.#missing.delete(node.metadata.name ?? '');
        this.#onNode(node);
      },
      modified: (node) => this.#onNode(node),
      deleted: ({ metadata }) => {
        this.#outOfService.delete(metadata.name ?? '');
        this.#missing.set(metadata.name ?? '', unseen);
        this.#nNodeDeletions++;
      },
    });
    host.every('pod-gc/pass', PASS_US, () => this.#start());
    host.onStop(() => {
      this.#isBusy = false;
      this.#isTerminated.data.fill(0);
      this.#nTerminated = 0;
      this.#deletedUnscheduled.clear();
      this.#missing.clear();
      this.#nNodeDeletions++;
      this.#outOfService.clear();
    });
  }

  #onNode({ metadata, spec }: Node): void {
    const isOut = spec?.taints?.some(({ key }) => key === OUT_OF_SERVICE) ?? false;
    if (isOut) this.#outOfService.add(metadata.name ?? '');
    else this.#outOfService.delete(metadata.name ?? '');
  }

  /** Of a node that goes later its own handler tells. */
  #onPod(pod: PodObject, knownNode: string): void {
    this.#setTerminated(pod.slot, pod.terminal);
    if (pod.terminating && pod.nodeName === '') this.#deletedUnscheduled.set(pod.uid, pod);
    const { nodeName } = pod;
    if (nodeName === knownNode || nodeName === '') return;
    if (this.#nDeletionsSeen[pod.nodeNumber] === this.#nNodeDeletions || this.#missing.has(nodeName)) return;
    if (this.#nodes.get('', nodeName)) this.#nDeletionsSeen[pod.nodeNumber] = this.#nNodeDeletions;
    else this.#missing.set(nodeName, Number.POSITIVE_INFINITY);
  }

  #onGone(pod: PodObject): void {
    this.#setTerminated(pod.slot, false);
    this.#deletedUnscheduled.delete(pod.uid);
  }

  #setTerminated(slot: number, isTerminated: boolean): void {
    const slots = this.#isTerminated;
    const now = isTerminated ? 1 : 0;
    slots.grow(slot + 1);
    this.#nTerminated += now - slots.data[slot]!;
    slots.data[slot] = now;
  }

  /** A pass waits for its deletions; the next one does not begin before. */
  #start(): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    runSteps(this.#pass(), () => {
      this.#isBusy = false;
    });
  }

  *#pass(): Steps<void> {
    yield* this.#collectTerminated();
    this.#collectOutOfService();
    this.#collectOrphans();
    for (const pod of this.#deletedUnscheduled.values()) this.#client.deletePod(pod, FORCE);
  }

  /** Evicted pods first, then the oldest. */
  *#collectTerminated(): Steps<void> {
    const nSurplus = this.#nTerminated - this.#threshold;
    if (nSurplus <= 0) return;
    const pods: PodObject[] = [];
    this.#host.pods.forEach((pod) => {
      if (this.#isTerminated.data[pod.slot] === 1) pods.push(pod);
    });
    const isEvicted = (pod: PodObject) => Number(pod.reason === 'Evicted');
    pods.sort((a, b) => isEvicted(b) - isEvicted(a) || a.createdUs - b.createdUs || a.uid - b.uid);
    pods.length = nSurplus;
    // Taken off the end, so that pods that are gone are forgotten.
    pods.reverse();
    while (pods.length > 0) {
      const portion = pods.splice(-N_DELETIONS_AT_ONCE).reverse();
      yield* all(portion.length, (i, reply) => this.#client.deletePod(portion[i]!, FORCE, reply, i));
    }
  }

  #collectOutOfService(): void {
    for (const name of this.#outOfService) {
      const node = this.#nodes.get('', name);
      if (!node || readyStatus(node) === 'True') continue;
      this.#host.podsByNode.forEach(name, (pod) => {
        if (pod.terminating) this.#failAndDelete(pod, 'DeletionByPodGC');
      });
    }
  }

  /** Nodes that are missing for two passes are looked up once more, past the caches. */
  #collectOrphans(): void {
    const { nowUs } = this.#host;
    for (const [name, sinceUs] of this.#missing) {
      if (this.#host.podsByNode.count(name) === 0) this.#missing.delete(name);
      else if (sinceUs === Number.POSITIVE_INFINITY) this.#missing.set(name, nowUs);
      else if (nowUs - sinceUs >= QUARANTINE_US) this.#verify(name);
    }
  }

  #verify(name: string): void {
    this.#client.get({ kind: 'Node', name }, (error) => {
      if (error?.code === 404)
        this.#host.podsByNode.forEach(name, (pod) => this.#failAndDelete(pod, 'DeletionByPodGC'));
    });
  }

  #failAndDelete(pod: PodObject, disruption: string): void {
    this.#client.patchPodStatus(pod, failed, disruption, (error) => {
      if (!error) this.#client.deletePod(pod, FORCE);
    });
  }
}
