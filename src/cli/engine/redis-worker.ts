// What `wavetank worker` does: takes runs from a Redis and makes them on threads of this machine. A worker that dies loses
// nothing: its runs are taken by others when its locks run out.

import { Worker } from 'bullmq';
import type { WorkerArgs } from '../commands/worker.ts';
import { nJobsOf } from '../experiments/experiment-options.ts';
import { SIGNALS } from '../interrupt.ts';
import type { JobReply } from './job.ts';
import { openThreads } from './pool.ts';
import type { QueuedRun } from './redis.ts';
import { bundleKey, connectRedis, queueName } from './redis-connection.ts';

const MS_LOCK = 5000;
/** A run is never given up because its workers died. */
const N_STALLED_MAX = 1_000_000;
const N_BUNDLES_MAX = 8;

export async function runWorker({ engine, jobs }: WorkerArgs): Promise<number> {
  const nThreads = nJobsOf(jobs);
  const redis = await connectRedis(engine);
  const threads = openThreads(nThreads, {});
  const bundles = new Map<string, string>();
  const bundleText = async (digest: string): Promise<string> => {
    const text = bundles.get(digest) ?? (await redis.get(bundleKey(digest)));
    if (text === null) throw new Error('the files of the run are gone from Redis');
    bundles.set(digest, text);
    if (bundles.size > N_BUNDLES_MAX) bundles.delete(bundles.keys().next().value!);
    return text;
  };
  const worker = new Worker<QueuedRun, JobReply>(
    queueName(),
    async ({ data: { job, bundle: digest } }) =>
      threads.reply({ job, bundle: { digest, text: await bundleText(digest) } }),
    {
      connection: redis,
      concurrency: nThreads,
      lockDuration: MS_LOCK,
      stalledInterval: MS_LOCK / 2,
      maxStalledCount: N_STALLED_MAX,
    },
  );
  worker.on('error', () => {});
  console.error(`worker for ${nThreads} runs at a time at ${engine}; Ctrl-C ends it`);
  await new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });
  await worker.close();
  await threads.close();
  redis.disconnect();
  return 0;
}
