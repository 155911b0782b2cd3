// Runs on several threads of this machine.

import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Engine, EngineFiles } from './engine.ts';
import { type JobReply, recordOf } from './job.ts';

export function openPool(nThreads: number, files: EngineFiles): Engine {
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./pool-worker.js', import.meta.url)),
    minThreads: 1,
    maxThreads: nThreads,
    concurrentTasksPerWorker: 1,
    // A thread that has loaded a scenario is kept for its other replications.
    idleTimeout: Number.POSITIVE_INFINITY,
    workerData: files,
  });
  return {
    // One more than threads: a thread that ends a run finds the next one waiting.
    parallel: nThreads + 1,
    run: async (job) => recordOf((await pool.run(job)) as JobReply, job),
    close: () => pool.destroy(),
  };
}
