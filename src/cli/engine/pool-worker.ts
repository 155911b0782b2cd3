// A thread of the pool: makes one run at a time, from the files of this machine or from those that came with the job.

import { workerData } from 'piscina';
import { type Bundle, bundleFiles } from './bundle.ts';
import type { EngineFiles } from './engine.ts';
import { type JobReply, JobRunner, type RunJob, replyTo } from './job.ts';
import { openRunner } from './local.ts';

export interface PoolTask {
  readonly job: RunJob;
  readonly bundle?: { readonly digest: string; readonly text: string };
}

/** By digest of the bundle, '' for this machine's files; the last one is kept. */
let current: { readonly digest: string; readonly runner: JobRunner } | undefined;

async function runnerFor(bundle: PoolTask['bundle']): Promise<JobRunner> {
  const digest = bundle?.digest ?? '';
  if (current?.digest !== digest) current = { digest, runner: await newRunner(bundle) };
  return current.runner;
}

async function newRunner(bundle: PoolTask['bundle']): Promise<JobRunner> {
  if (bundle === undefined) return openRunner(workerData as EngineFiles);
  const parsed = JSON.parse(bundle.text) as Bundle;
  return new JobRunner(bundleFiles(parsed), parsed.instanceTypes);
}

export default async function run({ job, bundle }: PoolTask): Promise<JobReply> {
  return replyTo(await runnerFor(bundle), job);
}
