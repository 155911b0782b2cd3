// Runs on this very thread, one after another.

import { DiskFiles } from '../disk-files.ts';
import { dataFolder } from '../options.ts';
import { readInstanceTypes } from '../read-scenario.ts';
import type { Engine, EngineFiles } from './engine.ts';
import { JobRunner } from './job.ts';

export async function openRunner({ data, catalog }: EngineFiles): Promise<JobRunner> {
  const files = new DiskFiles(dataFolder(data));
  return new JobRunner(files, await readInstanceTypes(catalog, files));
}

export async function openLocalEngine(files: EngineFiles): Promise<Engine> {
  const runner = await openRunner(files);
  return { parallel: 1, run: (job) => runner.run(job), close: async () => {} };
}
