// Runs by workers at a Redis, through BullMQ. A job's name is the digest of all that it depends on, so that asking twice is
// asking once. Results are looked for again and again instead of waited for: whatever Redis forgets is asked for anew.

import { type Job, Queue } from 'bullmq';
import { digestOf } from '../../base/canonical-json.ts';
import type { InstanceType } from '../../catalog/instance-type.ts';
import { DiskFiles } from '../disk-files.ts';
import { dataFolder } from '../options.ts';
import { readInstanceTypes } from '../read-scenario.ts';
import { bundleDigest, bundleOf } from './bundle.ts';
import type { Engine, EngineFiles } from './engine.ts';
import { type JobReply, type RunJob, type RunRecord, recordOf } from './job.ts';
import { ALIVE_KEY, bundleKey, connectRedis, queueName } from './redis-connection.ts';

/** Runs under way at once: enough for many workers, few enough to look for one by one. */
const N_PARALLEL = 64;
const MS_PER_LOOK = 100;
const MS_WITHOUT_WORKERS = 10_000;
const MS_AFTER_REFUSAL = 2000;
/** A full Redis still answers who only looks: it is asked to take something now and then. */
const MS_PER_WRITE = 1000;
const SECONDS_KEPT = 24 * 3600;

export interface QueuedRun {
  readonly job: RunJob;
  readonly bundle: string;
}

export async function openRedisEngine(url: string, flags: EngineFiles): Promise<Engine> {
  const redis = await connectRedis(url);
  const queue = new Queue<QueuedRun, JobReply>(queueName(), { connection: redis });
  queue.on('error', () => {});
  const files = new DiskFiles(dataFolder(flags.data));
  const engine = new RedisEngine(queue, redis, files, await readInstanceTypes(flags.catalog, files));
  return {
    parallel: N_PARALLEL,
    run: (job) => engine.run(job),
    close: async () => {
      await queue.close();
      redis.disconnect();
    },
  };
}

type Redis = Awaited<ReturnType<typeof connectRedis>>;

class RedisEngine {
  readonly #queue: Queue<QueuedRun, JobReply>;
  readonly #redis: Redis;
  readonly #files: DiskFiles;
  readonly #instanceTypes: readonly InstanceType[];
  /** By digest of the setting. */
  readonly #bundles = new Map<string, Promise<{ digest: string; text: string }>>();
  #wroteMs = performance.now();
  #isRefusalTold = false;
  #isLonelinessTold = false;

  constructor(
    queue: Queue<QueuedRun, JobReply>,
    redis: Redis,
    files: DiskFiles,
    instanceTypes: readonly InstanceType[],
  ) {
    this.#queue = queue;
    this.#redis = redis;
    this.#files = files;
    this.#instanceTypes = instanceTypes;
  }

  async run(job: RunJob): Promise<RunRecord> {
    const bundle = await this.#bundle(job);
    const { setting, seed, replication } = job;
    const id = digestOf({ setting, seed, bundle: bundle.digest });
    const jobId = `${id}-${replication}`;
    for (const startedMs = performance.now(); ; ) {
      const queued = await this.#insisting(() => this.#queue.getJob(jobId));
      const reply = await this.#replyOf(queued, { job, bundle: bundle.digest }, jobId, bundle.text);
      if (reply) return recordOf(reply, job);
      if (performance.now() - startedMs > MS_WITHOUT_WORKERS) await this.#tellLoneliness();
      if (performance.now() - this.#wroteMs > MS_PER_WRITE) await this.#write();
      await pause(MS_PER_LOOK);
    }
  }

  /** The result if it is there; what is not asked for, or failed for reasons of its worker, is asked for. */
  async #replyOf(
    queued: Job<QueuedRun, JobReply> | undefined,
    data: QueuedRun,
    jobId: string,
    bundle: string,
  ): Promise<JobReply | undefined> {
    if (queued?.returnvalue && queued.finishedOn !== undefined) return queued.returnvalue;
    if (queued?.failedReason !== undefined && queued.finishedOn !== undefined) {
      await this.#insisting(() => queued.remove());
    } else if (queued) return undefined;
    await this.#insisting(async () => {
      await this.#redis.set(bundleKey(data.bundle), bundle, 'EX', SECONDS_KEPT);
      await this.#queue.add('run', data, { jobId, removeOnComplete: { age: SECONDS_KEPT } });
    });
    return undefined;
  }

  async #bundle(job: RunJob): Promise<{ digest: string; text: string }> {
    const key = digestOf(job.setting);
    const known = this.#bundles.get(key);
    if (known) return known;
    const made = bundleOf(job.setting, this.#files, this.#instanceTypes).then((bundle) => ({
      digest: bundleDigest(bundle),
      text: JSON.stringify(bundle),
    }));
    this.#bundles.set(key, made);
    return made;
  }

  /** Does what Redis refuses (it is full, it is loading) again until it does not. */
  async #insisting<T>(action: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const result = await action();
        if (this.#isRefusalTold) console.error('Redis takes runs again');
        this.#isRefusalTold = false;
        return result;
      } catch (error) {
        if (!this.#isRefusalTold)
          console.error(`Redis refuses (${reasonOf(error)}): waiting; nothing is lost`);
        this.#isRefusalTold = true;
        await pause(MS_AFTER_REFUSAL);
      }
    }
  }

  async #write(): Promise<void> {
    this.#wroteMs = performance.now();
    await this.#insisting(() => this.#redis.set(ALIVE_KEY, '', 'EX', SECONDS_KEPT));
  }

  async #tellLoneliness(): Promise<void> {
    if (this.#isLonelinessTold || (await this.#queue.getWorkersCount()) > 0) return;
    this.#isLonelinessTold = true;
    console.error('no worker is there: start some with wavetank worker --engine URL');
  }
}

function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return /OOM/.test(message) ? 'its memory is full' : message;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
