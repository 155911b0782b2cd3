// The API server: takes requests after their delay, commits them one after the other, and sends replies and watch
// events on their way. In instant mode the same steps happen within the call and at the same instant.
// Deviation: requests of one client commit in the order in which they were sent.

import type { Api, ApiError, Reply } from '../kube/api.ts';
import type { PodInit, PodObject } from '../kube/pod-object.ts';
import type { KubeObject } from '../kube/types.ts';
import { podUid } from '../kube/uid.ts';
import { WallClock } from '../kube/wall-clock.ts';
import type { ApiLoad, QueueLoad } from '../metrics/run-metrics.ts';
import type { EventKind, Simulation } from '../sim/simulation.ts';
import { Admission } from './admission/admission.ts';
import { ApiInstances, type ApiInstancesOptions, ONE_SERVER } from './api-instances.ts';
import { Process } from './api-process.ts';
import { ApiState } from './api-state.ts';
import { Connections } from './connections.ts';
import { Counters } from './counters.ts';
import { ETCD_TIMEOUT_US, Etcd } from './etcd.ts';
import { EventRecorder } from './event-recorder.ts';
import { BudgetConflict } from './eviction.ts';
import { Failure } from './failure.ts';
import { QUEUE_WAIT_US_MAX } from './flow-control.ts';
import { INSTANT, type LatencyModel } from './latency.ts';
import { Leases } from './leases.ts';
import { ObjectRequests } from './object-requests.ts';
import { PodRequests } from './pod-requests.ts';
import { OP, type Outcome, Request } from './request.ts';
import { type RestoreRefusal, restore } from './restore.ts';
import { WatchDelivery } from './watch-delivery.ts';

export interface ApiServerOptions {
  readonly simulation: Simulation;
  readonly clock?: WallClock;
  readonly latency?: LatencyModel;
  /** Creates a missing namespace with its first object (NamespaceAutoProvision); else that is refused with 404. */
  readonly createsNamespaces?: boolean;
  readonly nEtcdMembers?: number;
  readonly instances?: ApiInstancesOptions;
  /** Hears of the pods that it refuses to create, where the sender awaits the reply: controllers do, and closed loops. */
  readonly podRefused?: (pod: PodInit, error: ApiError, nowUs: number) => void;
}

/** Who keeps no events of its own while writes reach etcd. */
interface LazyWriter {
  /** Brings its requests up to date. */
  settle(): void;
  /** Whether writes reach etcd is about to change. */
  disturb(): void;
}

/** What an event of the kind `api/request` is about. */
const STEP = { arrive: 0, commit: 1, timeout: 2, elect: 3, resend: 4 } as const;

const TIMED_OUT = new Failure(504, 'Timeout', 'etcdserver: request timed out');
const TOO_MANY = new Failure(429, 'TooManyRequests', 'too many requests, please try again later.', 1_000_000);
const UNREACHABLE = new Failure(
  503,
  'ServiceUnavailable',
  'the server is currently unable to handle the request',
);
/** Source: maxRetries in client-go rest/{request,with_retry}.go, 1.37. */
const N_RESENDS_MAX = 10;
/** A lease in etcd, with its managed fields. */
const LEASE_BYTES = 600;
/** An eviction's reading of a budget until its write: about one request. */
const CHARGE_US = 5000;

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
  readonly instances: ApiInstances;
  readonly connections: Connections;
  readonly etcd: Etcd;
  readonly #pods: PodRequests;
  readonly #podRefused: ApiServerOptions['podRefused'];
  readonly #objects: ObjectRequests;
  readonly #processes = new Map<string, Process>();
  readonly #requestKind: EventKind;
  readonly #replyKind: EventKind;
  /** Requests that wait for etcd, in order of arrival. */
  #blocked: Request[] = [];
  #hasPast = false;
  readonly #lazyWriters: LazyWriter[] = [];
  /** Renewals of leases in elections. */
  #nElectionUpdates = 0;
  /** A request that is over and that nobody holds any more. */
  #spareRequest: Request | undefined;
  #replies: Request[] = [];
  #spareReplies: Request[] = [];

  constructor(options: ApiServerOptions) {
    const { simulation } = options;
    this.simulation = simulation;
    this.#podRefused = options.podRefused;
    this.clock = options.clock ?? new WallClock();
    this.latency = options.latency ?? INSTANT;
    this.instances = new ApiInstances(options.instances ?? ONE_SERVER);
    this.state = new ApiState(simulation, this.counters, this.clock);
    this.admission = new Admission(this.state, options.createsNamespaces ?? false);
    const now = () => simulation.nowUs;
    const { isInstant } = this.latency;
    this.leases = new Leases(now, this.latency.leaseUs);
    this.#pods = new PodRequests(this.state, this.admission, isInstant ? 0 : CHARGE_US);
    this.#objects = new ObjectRequests(this.state, this.admission, this.#pods, this.leases);
    this.delivery = new WatchDelivery(simulation, this.latency, this.counters);
    this.events = new EventRecorder(now);
    this.#requestKind = simulation.defineKind('api/request', (step, b, ref) => this.#step(step, b, ref));
    this.#replyKind = simulation.defineKind('api/reply', (_a, _b, ref) =>
      ref === undefined ? this.#flushReplies() : this.#answer(ref as Request),
    );
    this.connections = new Connections({
      simulation,
      latency: this.latency,
      instances: this.instances,
      processes: () => this.#processes.values(),
      revision: () => (this.etcd.isAvailable ? this.state.revision : undefined),
      disturb: () => this.#disturb(),
    });
    this.etcd = new Etcd({
      nMembers: options.nEtcdMembers ?? 3,
      schedule: (delayUs, term) => simulation.after(delayUs, this.#requestKind, STEP.elect, term),
      onAvailable: () => this.#onEtcdBack(),
      onUnavailable: () => {
        this.#disturb();
        this.leases.suspend();
      },
    });
  }

  process(name: string): Process {
    let process = this.#processes.get(name);
    if (!process) this.#processes.set(name, (process = new Process(this, name)));
    return process;
  }

  processes(): IterableIterator<Process> {
    return this.#processes.values();
  }

  /** To be filled in and submitted. Most requests in instant mode are over when `submit` returns: one serves them all. */
  newRequest(): Request {
    const request = this.#spareRequest ?? new Request();
    this.#spareRequest = undefined;
    return request;
  }

  submit(request: Request): void {
    const { nowUs } = this.simulation;
    if (this.latency.isInstant) {
      if (this.#commit(request)) this.#spareRequest = request;
      return;
    }
    const sendUs = request.client.sendUs(nowUs);
    if (sendUs > nowUs) this.simulation.at(sendUs, this.#requestKind, STEP.arrive, 0, request);
    else this.#arrive(request);
  }

  /**
   * Puts objects there as they were before the run, before any program is started: programs then begin with knowing
   * them, as those of a cluster that has been running. Answers what could not be restored.
   */
  restore(objects: readonly KubeObject[]): RestoreRefusal[] {
    this.#hasPast = true;
    const answer = <T>(outcome: Outcome<T>, uidOf: (made: T) => string) =>
      outcome instanceof Failure ? { refusal: outcome.message } : { uid: uidOf(outcome) };
    this.admission.isRestoring = true;
    const refusals = restore(objects, {
      create: (object) =>
        answer(this.#objects.create(object, 'trusted'), ({ metadata }) => metadata.uid ?? ''),
      createPod: (init, edit) => {
        const pod = this.#pods.create(init);
        const outcome = pod instanceof Failure ? pod : this.#pods.patch(pod, edit, undefined);
        return answer(outcome, ({ uid }) => podUid(uid));
      },
    });
    this.admission.isRestoring = false;
    return refusals;
  }

  /** Programs that open a watch now know at once what there is. */
  get isBeforeStart(): boolean {
    return this.#hasPast && this.simulation.nEvents === 0;
  }

  /** Whether a write of a program that finds a living API server would be committed. */
  get isWritable(): boolean {
    return this.etcd.isAvailable && this.instances.isAnyUp;
  }

  onDisturbance(writer: LazyWriter): void {
    this.#lazyWriters.push(writer);
  }

  /** Requests about the leases by which leaders are elected. */
  countLeases(nGets: number, nUpdates: number): void {
    this.counters.request('get Lease', nGets);
    this.counters.request('update Lease', nUpdates);
    this.#nElectionUpdates += nUpdates;
  }

  /** What the control plane had to do so far. Renewals of leases are among the requests and writes. */
  load(): ApiLoad {
    for (const writer of this.#lazyWriters) writer.settle();
    const { requests, failures, etcdWrites, watchEvents } = this.counters;
    const { nRenewals } = this.leases;
    const nLeaseWrites = nRenewals + this.#nElectionUpdates;
    const updates = (requests.get('update Lease') ?? 0) + nRenewals;
    const { stored, written } = this.state.etcdBytes();
    return {
      requests: updates > 0 ? new Map([...requests, ['update Lease', updates]]) : requests,
      failures,
      etcdWrites: etcdWrites + nLeaseWrites,
      etcdBytes: stored,
      etcdBytesWritten: written + nLeaseWrites * LEASE_BYTES,
      watchEvents,
    };
  }

  /** Where requests have waited: at their clients' limiters, and for seats. */
  queues(): QueueLoad[] {
    const { nowUs } = this.simulation;
    return [
      ...[...this.#processes.values()].flatMap((process) => process.held(nowUs)),
      ...this.instances.loads(nowUs),
    ];
  }

  #disturb(): void {
    for (const writer of this.#lazyWriters) writer.disturb();
  }

  #step(step: number, b: number, ref: unknown): void {
    if (step === STEP.commit) this.#commit(ref as Request);
    else if (step === STEP.arrive) this.#leave(ref as Request);
    else if (step === STEP.timeout) this.#timeOut(ref as Request);
    else if (step === STEP.resend) this.#resend(ref as Request);
    else this.etcd.elected(b);
  }

  /** A request that its client held back; with the program that wanted it, it dies. */
  #leave(request: Request): void {
    if (request.life === request.client.process.life) this.#arrive(request);
  }

  /** A request reaches an API server, and waits there for a seat if need be. */
  #arrive(request: Request): void {
    const { client } = request;
    const { nowUs } = this.simulation;
    request.server = client.process.connection;
    if (request.server < 0) {
      this.#fail(request, UNREACHABLE);
      return;
    }
    const flow = this.instances.flow(request.server);
    const doneUs = flow.admit(client.process.level, nowUs, this.#serviceUs(request));
    if (doneUs === Number.POSITIVE_INFINITY) {
      this.#fail(request, TOO_MANY, QUEUE_WAIT_US_MAX);
      return;
    }
    client.lastCommitUs = Math.max(client.lastCommitUs, doneUs);
    this.simulation.at(client.lastCommitUs, this.#requestKind, STEP.commit, 0, request);
  }

  /** An eviction is three writes: to the budget, the pod's condition, the deletion. */
  #serviceUs({ op }: Request): number {
    const { latency } = this;
    return op === OP.evictPod
      ? latency.requestUs() + latency.requestUs() + latency.requestUs()
      : latency.requestUs();
  }

  /** Whether that was all: nothing more will come of the request, no reply either. */
  #commit(request: Request): boolean {
    if (request.server >= 0 && !this.instances.isUp(request.server)) this.#fail(request, UNREACHABLE);
    else if (!this.etcd.isAvailable) this.#block(request);
    else {
      this.#execute(request);
      if (request.result instanceof BudgetConflict)
        this.simulation.after(this.latency.evictionRetryUs(), this.#requestKind, STEP.commit, 0, request);
      else if (!this.#isSentAgain(request, 0)) {
        this.#replyTo(request);
        return !request.reply;
      }
    }
    return false;
  }

  #block(request: Request): void {
    request.isBlocked = true;
    this.#blocked.push(request);
    this.simulation.after(ETCD_TIMEOUT_US, this.#requestKind, STEP.timeout, 0, request);
  }

  #replyTo(request: Request): void {
    const { client, reply, result, target } = request;
    if (!reply) {
      if (result instanceof Failure) client.refused(target, result, this.simulation.nowUs);
      return;
    }
    if (result instanceof Failure && request.op === OP.createPod)
      this.#podRefused?.(target as PodInit, result, this.simulation.nowUs);
    if (this.latency.isInstant) {
      if (this.#replies.push(request) === 1) this.simulation.after(0, this.#replyKind);
    } else this.simulation.after(this.latency.replyUs(), this.#replyKind, 0, 0, request);
  }

  #timeOut(request: Request): void {
    if (!request.isBlocked) return;
    request.isBlocked = false;
    this.#blocked = this.#blocked.filter((blocked) => blocked !== request);
    this.#fail(request, TIMED_OUT);
  }

  /** The request comes to nothing; clients that retry send it again instead of hearing of it. */
  #fail(request: Request, failure: Failure, delayUs = 0): void {
    const name = request.label;
    if (failure !== UNREACHABLE) this.counters.request(name);
    this.counters.failure(name, failure.code);
    const { retryUs } = request.client;
    const isAlive = request.life === request.client.process.life;
    if (failure.code >= 500 && retryUs !== undefined && isAlive) {
      this.simulation.after(
        retryUs,
        this.#requestKind,
        this.latency.isInstant ? STEP.commit : STEP.arrive,
        0,
        request,
      );
      return;
    }
    request.result = failure;
    if (this.#isSentAgain(request, delayUs)) return;
    if (request.reply) this.simulation.after(delayUs, this.#replyKind, 0, 0, request);
    else request.client.refused(request.target, failure, this.simulation.nowUs);
  }

  /** A refusal that says when to try again does not reach the caller: the client sends the request again by itself. */
  #isSentAgain(request: Request, delayUs: number): boolean {
    const { result } = request;
    if (!(result instanceof Failure) || result.retryAfterUs === undefined) return false;
    if (request.nResends === N_RESENDS_MAX) return false;
    request.nResends++;
    const waitUs = delayUs + this.latency.replyUs() + result.retryAfterUs;
    this.simulation.after(waitUs, this.#requestKind, STEP.resend, 0, request);
    return true;
  }

  #resend(request: Request): void {
    if (request.life === request.client.process.life) this.submit(request);
  }

  #onEtcdBack(): void {
    this.leases.resume();
    const requests = this.#blocked;
    this.#blocked = [];
    for (const request of requests) {
      request.isBlocked = false;
      this.#commit(request);
    }
  }

  #execute(request: Request): void {
    const outcome = this.#perform(request);
    request.result = outcome;
    const name = request.label;
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
