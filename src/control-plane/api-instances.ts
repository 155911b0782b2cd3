// Several API servers behind a load balancer. Each program keeps one connection; when its server goes, the connection
// breaks, and watches list anew through another server.
// A balancer in front of the servers notices a dead one by its health checks; clients that know all servers turn to the
// next at once. The time of the checks is an assumption.

import { assert } from '../base/assert.ts';
import type { QueueLoad } from '../metrics/run-metrics.ts';
import { FlowControl } from './flow-control.ts';

export interface ApiInstancesOptions {
  readonly nServers: number;
  readonly balancing: 'server' | 'client';
  /** How long a balancer in front of the servers sends connections to a dead one. */
  readonly healthCheckUs: number;
}

export const ONE_SERVER: ApiInstancesOptions = { nServers: 1, balancing: 'server', healthCheckUs: 2_000_000 };

export class ApiInstances {
  readonly #options: ApiInstancesOptions;
  readonly #flows: FlowControl[];
  readonly #isUp: boolean[];
  #nConnections = 0;

  constructor(options: ApiInstancesOptions) {
    assert(options.nServers >= 1, 'there must be an API server');
    this.#options = options;
    this.#flows = Array.from({ length: options.nServers }, () => new FlowControl());
    this.#isUp = this.#flows.map(() => true);
  }

  get nServers(): number {
    return this.#flows.length;
  }

  isUp(server: number): boolean {
    return this.#isUp[server] ?? false;
  }

  get isAnyUp(): boolean {
    return this.#isUp.includes(true);
  }

  flow(server: number): FlowControl {
    return this.#flows[server]!;
  }

  /** The lines for seats at each server. */
  loads(nowUs: number): QueueLoad[] {
    const nameOf = (server: number) => `kube-apiserver${this.nServers > 1 ? ` ${server}` : ''}`;
    return this.#flows.flatMap((flow, server) => flow.loads(nameOf(server), nowUs));
  }

  setUp(server: number, isUp: boolean): void {
    assert(server >= 0 && server < this.nServers, 'no such API server');
    this.#isUp[server] = isUp;
  }

  /** The server of a new connection: the servers that run take turns; -1 when none runs. */
  connect(): number {
    for (let nTries = 0; nTries < this.nServers; nTries++) {
      const server = this.#nConnections++ % this.nServers;
      if (this.isUp(server)) return server;
    }
    return -1;
  }

  /** From a connection's breaking to the next attempt to connect. */
  get failoverUs(): number {
    return this.#options.balancing === 'server' ? this.#options.healthCheckUs : 0;
  }
}
