// A connection to Redis that outlives it: commands wait until it is back, and the user is told.

import { Redis } from 'ioredis';
import { EnvironmentError } from '../../base/errors.ts';
import { UsageError } from '../usage.ts';
import { version } from '../version.ts';

const MS_FIRST_TRY = 5000;

/** Versions do not mix: a worker of another version might come to other results. */
export function queueName(): string {
  return `wavetank-${version()}`;
}

/** Written by whoever waits for results. */
export const ALIVE_KEY = 'wavetank:alive';

export function bundleKey(digest: string): string {
  return `wavetank:bundle:${digest}`;
}

/** @throws UsageError for something that is no address, EnvironmentError when nothing answers there */
export async function connectRedis(url: string): Promise<Redis> {
  if (!/^rediss?:\/\//.test(url)) throw new UsageError(`--engine: found ${url}, expected redis://HOST:PORT`);
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => {});
  try {
    await within(redis.ping(), MS_FIRST_TRY);
  } catch {
    redis.disconnect();
    throw new EnvironmentError(`there is no Redis at ${url}`);
  }
  tellOutages(redis, url);
  return redis;
}

function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), ms);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}

function tellOutages(redis: Redis, url: string): void {
  let isAway = false;
  redis.on('reconnecting', () => {
    if (!isAway) console.error(`Redis at ${url} is away: waiting for it; nothing is lost`);
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) console.error(`Redis at ${url} is back`);
    isAway = false;
  });
}
