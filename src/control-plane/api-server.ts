// The API server: takes requests after their delay, commits them one after the other, and sends replies and watch
// events on their way. In instant mode the same steps happen within the call and at the same instant.

import type { Api, ApiError, Reply } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { KubeObject } from '../kube/types.ts';
import { WallClock } from '../kube/wall-clock.ts';
import type { EventKind, Simulation } from '../sim/simulation.ts';
import { Admission } from './admission/admission.ts';
import { Process } from './api-process.ts';
import { ApiState } from './api-state.ts';
import { Counters } from './counters.ts';
import { EventRecorder } from './event-recorder.ts';
import { Failure } from './failure.ts';
import { INSTANT, type LatencyModel } from './latency.ts';
import { Leases } from './leases.ts';
import { ObjectRequests } from './object-requests.ts';
import { PodRequests } from './pod-requests.ts';
import { OP, OP_NAMES, type Outcome, type Request } from './request.ts';
import { WatchDelivery, type WatchReader } from './watch-delivery.ts';

export interface ApiServerOptions {
  readonly simulation: Simulation;
  readonly clock?: WallClock;
  readonly latency?: LatencyModel;
  /** Creates a missing namespace with its first object (NamespaceAutoProvision); else that is refused with 404. */
  readonly createsNamespaces?: boolean;
}

export class ApiServer implements Api {
  readonly clock: WallClock;
  readonly simulation: Simulation;
  readonly state: ApiState;
  readonly delivery: WatchDelivery;
  readonly leases: Leases;
  readonly events: EventRecorder;
  readonly counters = new Counters();
  readonly latency: LatencyModel;
  readonly admission: Admission;
  readonly #pods: PodRequests;
  readonly #objects: ObjectRequests;
  readonly #processes = new Map<string, Process>();
  readonly #requestKind: EventKind;
  readonly #replyKind: EventKind;
  #replies: Request[] = [];
  #spareReplies: Request[] = [];

  constructor(options: ApiServerOptions) {
    const { simulation } = options;
    this.simulation = simulation;
    this.clock = options.clock ?? new WallClock();
    this.latency = options.latency ?? INSTANT;
    this.state = new ApiState(simulation, this.counters, this.clock);
    this.admission = new Admission(this.state, options.createsNamespaces ?? false);
    this.#pods = new PodRequests(this.state, this.admission);
    this.#objects = new ObjectRequests(this.state, this.admission, this.#pods);
    this.delivery = new WatchDelivery(simulation, this.latency, this.counters);
    const now = () => simulation.nowUs;
    const { isInstant } = this.latency;
    this.leases = new Leases(now, isInstant ? 0 : this.latency.requestUs() + this.latency.watchUs());
    this.events = new EventRecorder(now);
    this.#requestKind = simulation.defineKind('api/request', (isList, _, ref) =>
      isList ? (ref as WatchReader<unknown>).reconnect() : this.#commit(ref as Request),
    );
    this.#replyKind = simulation.defineKind('api/reply', (_a, _b, ref) =>
      ref === undefined ? this.#flushReplies() : this.#answer(ref as Request),
    );
  }

  process(name: string): Process {
    let process = this.#processes.get(name);
    if (!process) this.#processes.set(name, (process = new Process(this, name)));
    return process;
  }

  submit(request: Request): void {
    if (this.latency.isInstant) {
      this.#execute(request);
      if (request.reply && this.#replies.push(request) === 1) this.simulation.after(0, this.#replyKind);
      return;
    }
    const sendUs = Math.ceil(request.client.sendUs(this.simulation.nowUs));
    this.simulation.at(sendUs + this.latency.requestUs(), this.#requestKind, 0, 0, request);
  }

  /** A watch lists anew: at once in instant mode, else after a request's delay. */
  listLater(reader: WatchReader<unknown>): void {
    const delayUs = this.latency.requestUs() + this.latency.replyUs();
    this.simulation.after(delayUs, this.#requestKind, 1, 0, reader);
  }

  #commit(request: Request): void {
    this.#execute(request);
    if (request.reply) this.simulation.after(this.latency.replyUs(), this.#replyKind, 0, 0, request);
  }

  #execute(request: Request): void {
    const outcome = this.#perform(request);
    request.result = outcome;
    const what = OP_NAMES[request.op]!;
    const name = request.op >= OP.create && request.op < OP.event ? `${what} ${kindOf(request)}` : what;
    this.counters.request(name);
    if (outcome instanceof Failure) this.counters.failure(name, outcome.code);
  }

  #perform(request: Request): Outcome<PodObject | KubeObject | undefined> {
    if (request.op < OP.create) return this.#pods.perform(request);
    if (request.op < OP.event) return this.#objects.perform(request);
    this.counters.etcdWrites++;
    return undefined;
  }

  #flushReplies(): void {
    const requests = this.#replies;
    this.#replies = this.#spareReplies;
    this.#spareReplies = requests;
    for (let requestIdx = 0; requestIdx < requests.length; requestIdx++) this.#answer(requests[requestIdx]!);
    requests.length = 0;
  }

  #answer(request: Request): void {
    const { client, reply, result, tag } = request;
    if (!client.process.isRunning || client.process.life !== request.life) return;
    const answer = reply as unknown as Reply<unknown>;
    if (result instanceof Failure) answer(result as ApiError, undefined, tag);
    else answer(undefined, result, tag);
  }
}

function kindOf(request: Request): string {
  return (request.target as { readonly kind: string }).kind;
}
