// The kubelets of recorded timelines: fixed delays, one client for all, leases every 10 s from a node's start.
// Their program writes to the API with 500 requests a second and a burst of 1000; it reads a pod before each report about
// it, and waits for the next change only once the report is answered.

import type { NodeModel } from './node-model.ts';

/** The `kubelet` of a timeline's script. */
export interface StandInKubelet {
  readonly startSeconds?: number;
  readonly readySeconds?: number;
  readonly terminateSeconds?: number;
  /** 0: pods never finish by themselves. */
  readonly runSeconds?: number;
  readonly fail?: Readonly<Record<string, number>>;
  readonly neverReady?: readonly string[];
}

const constant = (seconds = 0) => ({ kind: 'constant', value: Math.round(seconds * 1e6) }) as const;

/** `requestSeconds`: what a request and its answer take. */
export function standInModel(kubelet: StandInKubelet, requestSeconds = 0): NodeModel {
  const { startSeconds = 0, readySeconds = 0, runSeconds = 0 } = kubelet;
  return {
    heartbeat: { periodUs: 10_000_000, jitterRatio: 0, hasRandomPhase: false, restartUs: undefined },
    client: { qps: 500, burst: 1000, isPerNode: false },
    life: {
      kind: 'simple',
      start: constant(startSeconds + requestSeconds),
      ready: constant(readySeconds + 2 * requestSeconds),
      terminate: constant(kubelet.terminateSeconds),
      run: runSeconds > 0 ? constant(runSeconds + 4 * requestSeconds) : undefined,
      neverReady: kubelet.neverReady ?? [],
      nToFail: kubelet.fail ?? {},
      catchesUp: false,
    },
    failures: [],
    reserved: {},
    thresholds: [],
  };
}
