/**
 * Binding cycles: what happens to a pod between the choice of its node and the API's word that it is bound. They run
 * beside the scheduling cycles and beside each other: PreBind writes what must be in the API first and waits for the
 * controllers, then the pod is bound.
 * Source: kubernetes v1.37.2 pkg/scheduler/schedule_one.go bindingCycle. Left out: Permit, PostBind.
 */
import type { PodClass } from '../cluster/pod-class.ts';
import type { ApiClient, ApiError } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { KubeObject } from '../kube/types.ts';
import type { EventKind, Simulation } from '../sim/simulation.ts';
import { CyclePod } from './cycle-pod.ts';
import type { Cycle } from './framework/plugin.ts';
import { PRE_BIND_POLL_US, type PreBindWork } from './framework/pre-bind.ts';
import type { AnyPlugin, Profile } from './framework/profile.ts';
import type { Status } from './framework/status.ts';
import type { SchedulerCache } from './scheduler-cache.ts';
import { schedulerKinds } from './scheduler-kinds.ts';

export interface BindingCyclesOptions {
  readonly simulation: Simulation;
  readonly client: ApiClient;
  readonly cache: SchedulerCache;
  /** The API has bound the pod. */
  readonly bound: (row: number) => void;
  /** The pod was not bound and what it had reserved is given back. */
  readonly failed: (row: number, message: string) => void;
}

/** A pod whose plugins have reserved something. */
interface Reservation {
  readonly row: number;
  readonly pod: PodObject;
  readonly profile: Profile;
  readonly cycle: Cycle;
  readonly node: number;
  nodeName: string;
  /** PreBind's work that is left, in order; the first of them is under way. */
  works: { readonly plugin: AnyPlugin; readonly work: PreBindWork }[];
  nWritten: number;
  deadlineUs: number;
}

export class BindingCycles {
  readonly #options: BindingCyclesOptions;
  readonly #pollKind: EventKind;
  /** By row. */
  readonly #reservations: (Reservation | undefined)[] = [];

  constructor(options: BindingCyclesOptions) {
    this.#options = options;
    this.#pollKind = schedulerKinds(options.simulation).preBind;
  }

  /** Runs Reserve for a pod that was just assumed; undoes all of it and returns the status when a plugin refuses. */
  reserve(row: number, profile: Profile, node: number): Status | undefined {
    const { cache } = this.#options;
    const cls = cache.cluster.classOf(row);
    if (!isWanted(profile.reserve, cls) && !isWanted(profile.preBind, cls)) return undefined;
    const pod = new CyclePod(cache).set(row);
    const cycle = { cluster: cache.cluster, pod, cls };
    this.#reservations[row] = {
      row,
      pod: cache.pods[row]!,
      profile,
      cycle,
      node,
      nodeName: '',
      works: [],
      nWritten: 0,
      deadlineUs: 0,
    };
    for (const plugin of profile.reserve) {
      if (plugin.reservesFor?.(cls) === false) continue;
      const status = plugin.reserve!(cycle, node);
      if (status === undefined) continue;
      this.abandon(row);
      return status;
    }
    return undefined;
  }

  /** Binds the pod, after PreBind. */
  start(row: number, nodeName: string): void {
    const { client, cache } = this.#options;
    const pod = cache.pods[row]!;
    const reservation = this.#reservations[row];
    if (reservation) this.#collectWork(reservation);
    if (!reservation || reservation.works.length === 0) {
      client.bindPod(pod, nodeName, this.#onBound, pod);
      return;
    }
    reservation.nodeName = nodeName;
    // Says where the pod is about to go (gate NominatedNodeNameForExpectation); only done when binding takes time.
    client.patchPodStatus(pod, nominate, nodeName, this.#onNominated, reservation);
  }

  /** Whether the pod waits in PreBind, where it can be given up without a word to the API. */
  isPreBinding(row: number): boolean {
    return (this.#reservations[row]?.works.length ?? 0) > 0;
  }

  /** A pod in PreBind lost its place to a preemptor. */
  cancel(row: number, message: string): void {
    this.#fail(this.#reservations[row]!, message);
  }

  /** The pod is bound or gone: nothing is to be given back. */
  forget(row: number): void {
    this.#reservations[row] = undefined;
  }

  /** Gives everything back, and nothing comes of what is under way. */
  clear(): void {
    for (let row = 0; row < this.#reservations.length; row++) this.abandon(row);
  }

  /** Gives back what the pod's plugins have reserved; what is under way for it comes to nothing. */
  abandon(row: number): void {
    const reservation = this.#reservations[row];
    if (!reservation) return;
    this.#reservations[row] = undefined;
    const { reserve } = reservation.profile;
    for (let i = reserve.length - 1; i >= 0; i--) {
      reserve[i]!.unreserve?.(reservation.cycle, reservation.node);
    }
  }

  #collectWork(reservation: Reservation): void {
    const { profile, cycle, node } = reservation;
    for (const plugin of profile.preBind) {
      if (plugin.reservesFor?.(cycle.cls) === false) continue;
      const work = plugin.preBind!(cycle, node);
      if (work) reservation.works.push({ plugin, work });
    }
  }

  readonly #onNominated = (
    _error: ApiError | undefined,
    _pod: PodObject | undefined,
    reservation: Reservation,
  ): void => this.#step(reservation);

  readonly #onWritten = (
    error: ApiError | undefined,
    _object: KubeObject | undefined,
    reservation: Reservation,
  ): void => {
    if (!this.#isCurrent(reservation)) return;
    if (error) this.#failPreBind(reservation, error.message);
    else this.#step(reservation);
  };

  readonly #onBound = (error: ApiError | undefined, _: PodObject | undefined, pod: PodObject): void => {
    const row = this.#options.cache.rowOf(pod);
    if (row === -1) return;
    if (error) {
      this.abandon(row);
      this.#options.failed(row, `running Bind plugin "DefaultBinder": ${error.message}`);
    } else {
      this.forget(row);
      this.#options.bound(row);
    }
  };

  #isCurrent(reservation: Reservation): boolean {
    return this.#reservations[reservation.row] === reservation;
  }

  /** The next write of the work under way, then the wait for it, then the next work, then the binding. */
  #step(reservation: Reservation): void {
    if (!this.#isCurrent(reservation)) return;
    const { client, simulation, cache } = this.#options;
    const work = reservation.works[0]?.work;
    if (!work) {
      const pod = cache.pods[reservation.row]!;
      client.bindPod(pod, reservation.nodeName, this.#onBound, pod);
    } else if (reservation.nWritten < work.writes.length) {
      client.update(work.writes[reservation.nWritten++]!, this.#onWritten, reservation);
    } else {
      reservation.deadlineUs = simulation.nowUs + work.timeoutUs;
      this.#pollLater(reservation);
    }
  }

  #pollLater(reservation: Reservation): void {
    const callback = () => this.#poll(reservation);
    this.#options.simulation.after(PRE_BIND_POLL_US, this.#pollKind, 0, 0, callback);
  }

  #poll(reservation: Reservation): void {
    if (!this.#isCurrent(reservation)) return;
    const { simulation } = this.#options;
    const progress = reservation.works[0]!.work.progress();
    if (progress === 'done') {
      reservation.works.shift();
      reservation.nWritten = 0;
      this.#step(reservation);
    } else if (progress !== 'waiting') this.#failPreBind(reservation, progress.failure);
    else if (simulation.nowUs + PRE_BIND_POLL_US > reservation.deadlineUs) {
      this.#failPreBind(reservation, 'timed out waiting for the condition');
    } else this.#pollLater(reservation);
  }

  #failPreBind(reservation: Reservation, message: string): void {
    const { name } = reservation.works[0]!.plugin;
    this.#fail(reservation, `running PreBind plugin "${name}": ${message}`);
  }

  #fail(reservation: Reservation, message: string): void {
    this.abandon(reservation.row);
    this.#options.failed(reservation.row, message);
  }
}

function isWanted(plugins: readonly AnyPlugin[], cls: PodClass): boolean {
  for (let i = 0; i < plugins.length; i++) if (plugins[i]!.reservesFor?.(cls) ?? true) return true;
  return false;
}

function nominate(pod: PodObject, _nowUs: number, nodeName: string): PodObject {
  if (pod.nominatedNodeName === nodeName) return pod;
  const draft = pod.draft();
  draft.nominatedNodeName = nodeName;
  return draft;
}
