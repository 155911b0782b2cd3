// Runs on several threads of this machine.

import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Piscina } from 'piscina';
import type { Engine, EngineFiles } from './engine.ts';
import { type JobReply, recordOf } from './job.ts';
import type { PoolTask } from './pool-worker.ts';

export interface ThreadPool {
  reply(task: PoolTask): Promise<JobReply>;
  close(): Promise<void>;
}

/** Beside this file, built or not. */
const WORKER = fileURLToPath(new URL(`./pool-worker${extname(import.meta.url)}`, import.meta.url));

/** Room for young objects that a thread has from its start: collected less often, they cost it a tenth of its time less. */
const MIB_YOUNG = 64;

export function openThreads(nThreads: number, files: EngineFiles): ThreadPool {
  setFlagsFromString(`--max-semi-space-size=${MIB_YOUNG}`);
  setFlagsFromString(`--min-semi-space-size=${MIB_YOUNG}`);
  const pool = new Piscina({
    filename: WORKER,
    minThreads: 1,
    maxThreads: nThreads,
    concurrentTasksPerWorker: 1,
    // A thread that has loaded a scenario is kept for its other replications.
    idleTimeout: Number.POSITIVE_INFINITY,
    workerData: files,
  });
  return {
    reply: async (task) => (await pool.run(task)) as JobReply,
    close: () => pool.destroy(),
  };
}

export function openPool(nThreads: number, files: EngineFiles): Engine {
  const threads = openThreads(nThreads, files);
  return {
    // One more than threads: a thread that ends a run finds the next one waiting.
    parallel: nThreads + 1,
    run: async (job) => recordOf(await threads.reply({ job }), job),
    close: () => threads.close(),
  };
}
