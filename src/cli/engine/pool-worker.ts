// A thread of the pool: makes one run at a time.

import { workerData } from 'piscina';
import type { EngineFiles } from './engine.ts';
import { type JobReply, type RunJob, replyTo } from './job.ts';
import { openRunner } from './local.ts';

const runner = await openRunner(workerData as EngineFiles);

export default function run(job: RunJob): Promise<JobReply> {
  return replyTo(runner, job);
}
