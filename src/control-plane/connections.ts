// Programs' connections to the API servers: each program has one; when its server dies it breaks, and so do the watches
// over it, which list anew through the next server. A list also waits for etcd.

import type { EventKind, Simulation } from '../sim/simulation.ts';
import type { ApiInstances } from './api-instances.ts';
import type { Process } from './api-process.ts';
import type { LatencyModel } from './latency.ts';
import type { WatchReader } from './watch-delivery.ts';

const AGAIN_US = 1_000_000;
const STEP = { list: 0, connect: 1 } as const;

export interface ConnectionsOptions {
  readonly simulation: Simulation;
  readonly latency: LatencyModel;
  readonly instances: ApiInstances;
  readonly processes: () => Iterable<Process>;
  /** The revision that a list would be of now; undefined while etcd answers nothing. */
  readonly revision: () => number | undefined;
  /** Told before an API server dies. */
  readonly disturb: () => void;
}

export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #kind: EventKind;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#kind = options.simulation.defineKind('api/connection', (step, b, ref) => {
      if (step === STEP.list) this.#list(ref as WatchReader<unknown>, b);
      else this.#connect(ref as Process, b);
    });
  }

  /** One of the API servers dies: connections to it break. */
  stopServer(server: number): void {
    const { instances, processes, disturb } = this.#options;
    disturb();
    instances.setUp(server, false);
    for (const process of processes()) {
      if (process.connection !== server) continue;
      process.connection = -1;
      for (const watch of process.watches()) watch.disconnect();
      this.connectLater(process);
    }
  }

  startServer(server: number): void {
    this.#options.instances.setUp(server, true);
  }

  /** A program without a connection looks for another server; so does one that has just started. */
  connectLater(process: Process): void {
    const { simulation, instances } = this.#options;
    simulation.after(instances.failoverUs, this.#kind, STEP.connect, process.life, process);
  }

  /** A watch lists anew: at once in instant mode, else after a request's delay. */
  listLater(reader: WatchReader<unknown>): void {
    const { simulation, latency } = this.#options;
    const delayUs = latency.requestUs() + latency.replyUs();
    simulation.after(delayUs, this.#kind, STEP.list, reader.generation, reader);
  }

  #list(reader: WatchReader<unknown>, generation: number): void {
    const { simulation, processes, revision } = this.#options;
    if (reader.generation !== generation) return;
    const nowRevision = revision();
    if (nowRevision === undefined) {
      simulation.after(AGAIN_US, this.#kind, STEP.list, generation, reader);
      return;
    }
    reader.reconnect(nowRevision);
    for (const process of processes()) process.listed();
  }

  #connect(process: Process, life: number): void {
    const { simulation, instances } = this.#options;
    if (process.life !== life || process.connection >= 0) return;
    process.connection = instances.connect();
    if (process.connection < 0) simulation.after(AGAIN_US, this.#kind, STEP.connect, life, process);
    else for (const watch of process.watches()) this.listLater(watch);
  }
}
