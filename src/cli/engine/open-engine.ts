// The engine that the flags ask for.

import type { Engine, EngineFiles } from './engine.ts';

export async function openEngine(
  { jobs, engine }: { readonly jobs: number; readonly engine: string | undefined },
  files: EngineFiles,
): Promise<Engine> {
  if (engine !== undefined) return (await import('./redis.ts')).openRedisEngine(engine, files);
  if (jobs === 1) return (await import('./local.ts')).openLocalEngine(files);
  return (await import('./pool.ts')).openPool(jobs, files);
}
