// Runs on several threads of this machine.

import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
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

export function openThreads(nThreads: number, files: EngineFiles): ThreadPool {
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
