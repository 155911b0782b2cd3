// How long the hops to and from the API server take. Calibrated delays stand for an unloaded control plane on one
// machine; instant ones turn every hop into the same virtual instant (same code, no delays, no client limits).
// Source of the figures: etcd's published commit times (about 1 ms on SSD) and recordings of a 1.37 control plane.

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

/** Constant delays; the defaults are those of the calibrated mode. */
export function constantLatency(requestUs = 4000, replyUs = 1000, watchUs = 2000): LatencyModel {
  return { isInstant: false, requestUs: () => requestUs, replyUs: () => replyUs, watchUs: () => watchUs };
}
