// How long the hops to and from the API server take. Calibrated delays stand for an unloaded control plane on one
// machine; instant ones turn every hop into the same virtual instant (same code, no delays, no client limits).

import { type DistributionSpec, meanOf, sampler } from '../sim/distributions.ts';
import type { RandomStreams } from '../sim/random-streams.ts';

/** Delays in whole microseconds; each call may draw a new one. */
export interface LatencyModel {
  /** No delays at all: writes commit within the call, everybody hears of them at the same instant. */
  readonly isInstant: boolean;
  /** From a request's arrival to its commit in etcd: network, admission, fsync. */
  requestUs(): number;
  /** From the commit to the reply at the client. */
  replyUs(): number;
  /** From the commit to the informer's handlers. */
  watchUs(): number;
  /** Before an eviction whose budget was written meanwhile tries again: 500 ms and up to a tenth more (EvictionsRetry). */
  evictionRetryUs(): number;
  /** From the start of a lease's renewal to a watcher's hearing of it; constant, as renewals have no events of their own. */
  readonly leaseUs: number;
}

const EVICTION_RETRY_US = 525_000;
const EVICTION_RETRY: DistributionSpec = { kind: 'uniform', min: 500_000, max: 550_000 };

export const INSTANT: LatencyModel = {
  isInstant: true,
  requestUs: () => 0,
  replyUs: () => 0,
  watchUs: () => 0,
  evictionRetryUs: () => EVICTION_RETRY_US,
  leaseUs: 0,
};

/** Constant delays; the defaults are about the medians of the calibrated mode. */
export function constantLatency(requestUs = 4000, replyUs = 1000, watchUs = 2000): LatencyModel {
  return {
    isInstant: false,
    requestUs: () => requestUs,
    replyUs: () => replyUs,
    watchUs: () => watchUs,
    evictionRetryUs: () => EVICTION_RETRY_US,
    leaseUs: requestUs + watchUs,
  };
}

/** The parts of the delays, as distributions of microseconds. */
export interface LatencySpec {
  /** Network and work of the API server before the commit. */
  readonly request: DistributionSpec;
  /** Raft round and fsync. */
  readonly commit: DistributionSpec;
  readonly reply: DistributionSpec;
  readonly watch: DistributionSpec;
}

const about = (meanUs: number): DistributionSpec => ({ kind: 'uniform', min: meanUs / 2, max: meanUs * 1.5 });

/**
 * Means that agree with recordings of a 1.37 control plane on one machine (a write and its reply take some 5 ms there),
 * each longer or shorter by up to half: without a spread, requests that race each other would always end the same way.
 * The commit's mean is that of a published histogram of etcd's fsync on SSD (0.957 ms of 100,037; 97.2 % within 2 ms,
 * 99.9 % within 16 ms), without its tail, which the recordings do not show.
 */
export const CALIBRATED: LatencySpec = {
  request: about(3000),
  commit: about(1000),
  reply: about(1000),
  watch: about(1500),
};

/** Draws each delay from a stream of its own. */
export function calibratedLatency(streams: RandomStreams, spec: LatencySpec = CALIBRATED): LatencyModel {
  const drawn = (name: string, distribution: DistributionSpec): (() => number) => {
    const draw = sampler(distribution, streams.open(`api/${name}`));
    return () => Math.round(Math.max(0, draw()));
  };
  const open = (part: keyof LatencySpec) => drawn(part, spec[part]);
  const request = open('request');
  const commit = open('commit');
  return {
    isInstant: false,
    requestUs: () => request() + commit(),
    replyUs: open('reply'),
    watchUs: open('watch'),
    evictionRetryUs: drawn('eviction-retry', EVICTION_RETRY),
    leaseUs: Math.round(meanOf(spec.request) + meanOf(spec.commit) + meanOf(spec.watch)),
  };
}
