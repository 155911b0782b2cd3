// A client: turns calls into requests and holds them back by its own rate limiter.
// Source of the limiter's semantics: client-go util/flowcontrol/throttle.go (starts full, callers wait in order).

import type {
  ApiClient,
  ApiError,
  ClientOptions,
  DeleteOptions,
  Edit,
  ObjectKey,
  Reply,
} from '../kube/api.ts';
import type { PodInit, PodObject } from '../kube/pod-object.ts';
import type { KubeObject } from '../kube/types.ts';
import type { QueueLoad } from '../metrics/run-metrics.ts';
import { WaitLine } from '../metrics/wait-line.ts';
import { TokenBucket } from '../sim/token-bucket.ts';
import type { Process } from './api-process.ts';
import { OP, type Op } from './request.ts';

const NO_OPTIONS: DeleteOptions = {};

export class Client implements ApiClient {
  readonly name: string;
  readonly process: Process;
  /** See ClientOptions. */
  readonly retryUs: number | undefined;
  /** When the last request sent is committed: requests of one client commit in the order in which they were sent. */
  lastCommitUs = 0;
  readonly #options: ClientOptions;
  /** Made when the limiter holds a request back for the first time: few clients ever come so far. */
  #held: WaitLine | undefined;
  #bucket: TokenBucket | undefined;
  /** The life of the process that the bucket belongs to: a program that starts again has a full one. */
  #life = -1;

  constructor(process: Process, options: ClientOptions) {
    this.process = process;
    this.name = options.name;
    this.retryUs = options.retryUs;
    this.#options = options;
  }

  /** A request has failed of which nobody awaits the reply. */
  refused(target: unknown, error: ApiError, nowUs: number): void {
    this.#options.refused?.(target, error, nowUs);
  }

  /** When the limiter lets a request of now pass. */
  sendUs(nowUs: number): number {
    const { qps, burst } = this.#options;
    if (qps === undefined) return nowUs;
    const { life } = this.process;
    if (!this.#bucket || life !== this.#life) {
      this.#bucket = new TokenBucket(qps, burst ?? qps);
      this.#held?.clear(nowUs);
    }
    this.#life = life;
    const sendUs = this.#bucket.reserve(nowUs);
    if (sendUs > nowUs) (this.#held ??= new WaitLine()).admit(nowUs, sendUs);
    return sendUs;
  }

  /** The requests that the limiter has held back, if any. */
  held(nowUs: number): Omit<QueueLoad, 'program' | 'queue'> | undefined {
    return this.#held?.load(nowUs);
  }

  createPod<Tag>(init: PodInit, reply?: Reply<PodObject, Tag>, tag?: Tag): void {
    this.#send(OP.createPod, init, undefined, undefined, reply, tag);
  }

  bindPod<Tag>(pod: PodObject, nodeName: string, reply?: Reply<PodObject, Tag>, tag?: Tag): void {
    this.#send(OP.bindPod, pod, nodeName, undefined, reply, tag);
  }

  patchPod<Arg, Tag>(
    pod: PodObject,
    edit: Edit<PodObject, Arg>,
    arg: Arg,
    reply?: Reply<PodObject, Tag>,
    tag?: Tag,
  ): void {
    this.#send(OP.patchPod, pod, edit, arg, reply, tag);
  }

  patchPodStatus<Arg, Tag>(
    pod: PodObject,
    edit: Edit<PodObject, Arg>,
    arg: Arg,
    reply?: Reply<PodObject, Tag>,
    tag?: Tag,
  ): void {
    this.#send(OP.patchPodStatus, pod, edit, arg, reply, tag);
  }

  deletePod<Tag>(pod: PodObject, options = NO_OPTIONS, reply?: Reply<PodObject, Tag>, tag?: Tag): void {
    this.#send(OP.deletePod, pod, options, undefined, reply, tag);
  }

  evictPod<Tag>(pod: PodObject, options = NO_OPTIONS, reply?: Reply<PodObject, Tag>, tag?: Tag): void {
    this.#send(OP.evictPod, pod, options, undefined, reply, tag);
  }

  create<T extends KubeObject, Tag>(object: T, reply?: Reply<T, Tag>, tag?: Tag): void {
    this.#send(OP.create, object, undefined, undefined, reply, tag);
  }

  update<T extends KubeObject, Tag>(object: T, reply?: Reply<T, Tag>, tag?: Tag): void {
    this.#send(OP.update, object, undefined, undefined, reply, tag);
  }

  updateStatus<T extends KubeObject, Tag>(object: T, reply?: Reply<T, Tag>, tag?: Tag): void {
    this.#send(OP.updateStatus, object, undefined, undefined, reply, tag);
  }

  patch<T extends KubeObject, Arg, Tag>(
    target: ObjectKey,
    edit: Edit<T, Arg>,
    arg: Arg,
    reply?: Reply<T, Tag>,
    tag?: Tag,
  ): void {
    this.#send(OP.patch, target, edit, arg, reply, tag);
  }

  patchStatus<T extends KubeObject, Arg, Tag>(
    target: ObjectKey,
    edit: Edit<T, Arg>,
    arg: Arg,
    reply?: Reply<T, Tag>,
    tag?: Tag,
  ): void {
    this.#send(OP.patchStatus, target, edit, arg, reply, tag);
  }

  delete<Tag>(target: ObjectKey, options = NO_OPTIONS, reply?: Reply<KubeObject, Tag>, tag?: Tag): void {
    this.#send(OP.delete, target, options, undefined, reply, tag);
  }

  deleteCollection<Tag>(
    target: { readonly kind: string; readonly namespace: string },
    options = NO_OPTIONS,
    reply?: Reply<undefined, Tag>,
    tag?: Tag,
  ): void {
    this.#send(OP.deleteCollection, target, options, undefined, reply, tag);
  }

  get<T extends KubeObject, Tag>(target: ObjectKey, reply: Reply<T, Tag>, tag?: Tag): void {
    this.#send(OP.get, target, undefined, undefined, reply, tag);
  }

  renewLease(node: string, firstUs: number, periodUs: number): void {
    this.process.server.leases.renew(node, firstUs, periodUs);
  }

  endLease(node: string): void {
    this.process.server.leases.end(node);
  }

  recordEvent(about: PodObject | KubeObject, type: 'Normal' | 'Warning', reason: string, message = ''): void {
    this.process.server.events.record(this, about, type, reason, message);
  }

  /** An Event that passed the recorder's filters costs a request like any other. */
  sendEvent(reply: Reply<KubeObject, Client>): void {
    this.#send(OP.event, undefined, undefined, undefined, reply, this);
  }

  #send<T, Tag>(
    op: Op,
    target: unknown,
    what: unknown,
    arg: unknown,
    reply: Reply<T, Tag> | undefined,
    tag: Tag | undefined,
  ): void {
    const { process } = this;
    if (!process.isRunning) return;
    const { server } = process;
    server.submit(
      server.newRequest().begin(this, op, target, what, arg, reply as Reply<never> | undefined, tag),
    );
  }
}
