// A station of c identical servers with one FIFO queue. As service times are known on arrival, so are start and finish: the station
// needs no events of its own, and whoever uses it schedules what happens at the finish.

import { assert } from '../base/assert.ts';
import { HeapQueue } from './heap-queue.ts';

export class Station {
  /** Servers by the time at which they are free next. */
  readonly #servers: HeapQueue;
  #lastUs = 0;
  #startUs = 0;
  #busyUs = 0;

  constructor(nServers: number) {
    assert(Number.isInteger(nServers) && nServers >= 1, 'a station needs at least one server');
    this.#servers = new HeapQueue(nServers);
    for (let server = 0; server < nServers; server++) this.#servers.push(0, server, server);
  }

  /** Service time (us) handed out so far. */
  get busyUs(): number {
    return this.#busyUs;
  }

  /** When the service of the customer admitted last starts (us). */
  get startUs(): number {
    return this.#startUs;
  }

  /** Queues a customer who arrives now and answers when the service is finished (us). `nowUs` never falls. */
  admit(nowUs: number, serviceUs: number): number {
    assert(nowUs >= this.#lastUs, 'station: time runs backwards');
    assert(serviceUs >= 0, 'station: negative service time');
    this.#lastUs = nowUs;
    this.#startUs = Math.max(nowUs, this.#servers.topTimeUs);
    const finishUs = this.#startUs + serviceUs;
    const server = this.#servers.pop();
    this.#servers.push(finishUs, server, server);
    this.#busyUs += serviceUs;
    return finishUs;
  }
}
