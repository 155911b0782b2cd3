// Taint eviction: deletes pods that do not tolerate a NoExecute taint of their node, or not for longer.
// Source: pkg/controller/tainteviction/taint_eviction.go, 1.37. Deviation: the five quick retries of a failed deletion are
// one retry of the pod's next event.

import type { ApiClient, Informer } from '../../kube/api.ts';
import type { PodDraft, PodObject } from '../../kube/pod-object.ts';
import { tolerates } from '../../kube/tolerations.ts';
import type { Node, Taint } from '../../kube/types.ts';
import type { EventKind } from '../../sim/simulation.ts';
import type { ControllerHost } from './controller.ts';

const NAME = 'taint-eviction-controller';
const US_PER_S = 1_000_000;

interface Timer {
  readonly pod: PodObject;
}

function markDisrupted(pod: PodObject): PodObject {
  if (pod.disruption === 'DeletionByTaintManager') return pod;
  const next: PodDraft = pod.draft();
  next.disruption = 'DeletionByTaintManager';
  return next;
}

/** How long a pod may stay beside these taints, in seconds: 0 not at all, Infinity for ever. */
export function tolerationSeconds(pod: PodObject, taints: readonly Taint[]): number {
  const { tolerations = [] } = pod.shape.spec;
  let seconds = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    const matching = tolerations.find((toleration) => tolerates(toleration, taint));
    if (!matching) return 0;
    if (matching.tolerationSeconds !== undefined)
      seconds = Math.min(seconds, Math.max(0, matching.tolerationSeconds));
  }
  return seconds;
}

function noExecute(node: Node): readonly Taint[] {
  return (node.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
}

export class TaintEvictionController {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #nodes: Informer<Node>;
  readonly #taints = new Map<string, readonly Taint[]>();
  /** By uid of pods that must go later. */
  readonly #timers = new Map<number, Timer>();
  readonly #timer: EventKind;

  constructor(host: ControllerHost) {
    this.#host = host;
    this.#client = host.client(NAME);
    this.#nodes = host.informer<Node>('Node');
    this.#timer = host.simulation.defineKind('taint-eviction/timer', (_a, _b, ref) =>
      this.#fire(ref as Timer),
    );
    host.onStop(() => {
      this.#taints.clear();
      this.#timers.clear();
    });
    const onNode = (node: Node) => this.#onNode(node);
    this.#nodes.handle({
      added: onNode,
      modified: onNode,
      deleted: ({ metadata }) => this.#taints.delete(metadata.name ?? ''),
    });
    const onPod = (pod: PodObject) => this.#onPod(pod);
    host.pods.handle({ added: onPod, modified: onPod, deleted: (pod) => this.#timers.delete(pod.uid) });
  }

  #onNode(node: Node): void {
    const name = node.metadata.name ?? '';
    const taints = noExecute(node);
    const known = this.#taints.get(name) ?? [];
    const text = (list: readonly Taint[]) => JSON.stringify(list.map(({ key, value }) => [key, value]));
    if (text(taints) === text(known)) return;
    if (taints.length > 0) this.#taints.set(name, taints);
    else this.#taints.delete(name);
    this.#host.podsByNode.forEach(name, (pod) => this.#judge(pod, taints));
  }

  #onPod(pod: PodObject): void {
    if (this.#taints.size === 0 || pod.nodeName === '' || pod.terminating) return;
    const taints = this.#taints.get(pod.nodeName);
    if (taints) this.#judge(pod, taints);
  }

  #judge(pod: PodObject, taints: readonly Taint[]): void {
    if (taints.length === 0) {
      this.#cancel(pod);
      return;
    }
    const seconds = tolerationSeconds(pod, taints);
    if (seconds === 0) {
      this.#timers.delete(pod.uid);
      this.#evict(pod);
    } else if (seconds === Number.POSITIVE_INFINITY) this.#cancel(pod);
    else this.#schedule(pod, seconds);
  }

  /** A timer that runs stays as it is, even if a taint has come that is tolerated for less. */
  #schedule(pod: PodObject, seconds: number): void {
    if (this.#timers.has(pod.uid)) return;
    const timer: Timer = { pod };
    this.#timers.set(pod.uid, timer);
    this.#host.simulation.after(seconds * US_PER_S, this.#timer, 0, 0, timer);
  }

  #cancel(pod: PodObject): void {
    if (!this.#timers.delete(pod.uid)) return;
    this.#client.recordEvent(
      pod,
      'Normal',
      'TaintManagerEviction',
      `Cancelling deletion of Pod ${pod.namespace}/${pod.name}`,
    );
  }

  #fire(timer: Timer): void {
    if (this.#timers.get(timer.pod.uid) !== timer || !this.#host.isLeading) return;
    this.#timers.delete(timer.pod.uid);
    this.#evict(timer.pod);
  }

  /** Also a pod that is being deleted already: it is marked all the same. */
  #evict(pod: PodObject): void {
    this.#client.recordEvent(
      pod,
      'Normal',
      'TaintManagerEviction',
      `Marking for deletion Pod ${pod.namespace}/${pod.name}`,
    );
    this.#client.patchPodStatus(pod, markDisrupted, undefined, (error) => {
      if (!error) this.#client.deletePod(pod);
    });
  }
}
