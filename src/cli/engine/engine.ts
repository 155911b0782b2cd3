// Who makes the runs of an experiment: this thread, a pool of threads, or workers on many machines.

import type { RunJob, RunRecord } from './job.ts';

export interface Engine {
  /** Runs that are worth having under way at once. */
  readonly parallel: number;
  run(job: RunJob): Promise<RunRecord>;
  close(): Promise<void>;
}

/** What a thread needs beside its jobs. */
export interface EngineFiles {
  /** Data folder of the command line. */
  readonly data?: string | undefined;
  /** Catalogue of the command line. */
  readonly catalog?: string | undefined;
}
