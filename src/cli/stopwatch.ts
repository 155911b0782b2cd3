// How long this computer works: kept apart from results, which never depend on it.

import type { Timing } from '../report/run-report.ts';

export class Stopwatch {
  readonly #startedMs = performance.now();
  readonly #cpuAtStart = process.cpuUsage();

  stop(nEvents: number): Timing {
    const { user, system } = process.cpuUsage(this.#cpuAtStart);
    return {
      wallSeconds: (performance.now() - this.#startedMs) / 1e3,
      cpuSeconds: (user + system) / 1e6,
      nEvents,
      rssBytesMax: process.resourceUsage().maxRSS * 1024,
    };
  }
}
