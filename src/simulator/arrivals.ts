/**
 * Feeds the workload into the API in time order: one pending event at a time, however long the trace is.
 */
import type { ApiClient } from '../kube/api.ts';
import type { PodInit, PodObject } from '../kube/pod-object.ts';
import type { EventKind, Simulation } from '../sim/simulation.ts';
import type { Feedback, PodArrival, WorkloadSource } from '../workload/source.ts';

export class Arrivals {
  readonly #simulation: Simulation;
  readonly #source: WorkloadSource;
  readonly #client: ApiClient;
  readonly #kind: EventKind;
  /** Who wants to hear that a pod has ended, by uid; only pods that a closed loop sent. */
  readonly #feedback = new Map<number, Feedback>();
  #pendingAtUs = Number.POSITIVE_INFINITY;
  nArrived = 0;

  constructor(simulation: Simulation, source: WorkloadSource, client: ApiClient) {
    this.#simulation = simulation;
    this.#source = source;
    this.#client = client;
    this.#kind = simulation.defineKind('workload/arrival', (dueUs) => this.#arrive(dueUs));
  }

  /** True when the simulation must not go on before `refill` has read more input. */
  get needsInput(): boolean {
    return !this.#source.done && this.#source.peek() === undefined && this.#source.refill !== undefined;
  }

  /** Reads more input if the source asks for it, and makes sure that the next arrival is pending. */
  async refill(): Promise<void> {
    while (this.needsInput) await this.#source.refill!();
    this.#arm();
  }

  /** To be told of every pod that is finished or gone. */
  podEnded(pod: PodObject): void {
    const feedback = this.#feedback.get(pod.uid);
    if (!feedback) return;
    this.#feedback.delete(pod.uid);
    feedback.onFinished(this.#simulation.nowUs, 1);
    this.#arm();
  }

  #arm(): void {
    const atUs = this.#source.peek()?.atUs;
    if (atUs === undefined || atUs >= this.#pendingAtUs) return;
    this.#pendingAtUs = atUs;
    this.#simulation.at(Math.max(atUs, this.#simulation.nowUs), this.#kind, atUs);
  }

  #arrive(dueUs: number): void {
    // A feedback may have brought the next arrival forward; the event for the later one then finds nothing to do.
    if (dueUs !== this.#pendingAtUs) return;
    this.#pendingAtUs = Number.POSITIVE_INFINITY;
    for (
      let next = this.#source.peek();
      next && next.atUs <= this.#simulation.nowUs;
      next = this.#source.peek()
    ) {
      this.#source.shift();
      this.nArrived++;
      if (next.kind === 'object') this.#client.create(next.object);
      else this.#create(next);
    }
    if (this.needsInput) this.#simulation.pause();
    this.#arm();
  }

  #create(arrival: PodArrival): void {
    const { name, shape, runUs = Number.POSITIVE_INFINITY, group, feedback } = arrival;
    const init: PodInit = { shape, name, runUs, group };
    if (!feedback) this.#client.createPod(init);
    else this.#client.createPod(init, (error, pod) => !error && this.#feedback.set(pod!.uid, feedback));
  }
}
