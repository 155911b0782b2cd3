// How long the hops to and from the API server take. Calibrated delays stand for an unloaded control plane on one
// machine; instant ones turn every hop into the same virtual instant (same code, no delays, no client limits).
// Source of the figures: etcd's published commit times (about 1 ms on SSD) and recordings of a 1.37 control plane.

import type { RandomStreams } from '../sim/random-streams.ts';

/** Delays in whole microseconds; each call may draw a new one. */
export interface LatencyModel {
  /** No delays at all: writes commit within the call, everybody hears of them at the same instant. */
  readonly isInstant: boolean;
  /** From the client's call to the commit in etcd: network, admission, fsync. */
  requestUs(): number;
  /** From the commit to the reply at the client. */
  replyUs(): number;
  /** From the commit to the informer's handlers. */
  watchUs(): number;
}

export const INSTANT: LatencyModel = {
  isInstant: true,
  requestUs: () => 0,
  replyUs: () => 0,
  watchUs: () => 0,
};

/**
 * The delays of the calibrated mode: the default ones, each longer or shorter by up to half. Without such a spread
 * requests that race each other in reality would be decided always the same way.
 */
export function calibratedLatency(streams: RandomStreams): LatencyModel {
  const { requestUs, replyUs, watchUs } = constantLatency();
  const drawn = (meanUs: number, name: string) => {
    const stream = streams.open(`api/${name}`);
    return () => Math.round(meanUs * (0.5 + stream.next()));
  };
  return {
    isInstant: false,
    requestUs: drawn(requestUs(), 'request'),
    replyUs: drawn(replyUs(), 'reply'),
    watchUs: drawn(watchUs(), 'watch'),
  };
}

/** Constant delays, by default the mean ones of the calibrated mode. */
export function constantLatency(requestUs = 4000, replyUs = 1000, watchUs = 2000): LatencyModel {
  return { isInstant: false, requestUs: () => requestUs, replyUs: () => replyUs, watchUs: () => watchUs };
}
