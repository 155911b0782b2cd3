// The kubelets of recorded timelines: fixed delays, one client for all, leases every 10 s from a node's start.
// Their program writes to the API with 500 requests a second and a burst of 1000.

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

export function standInModel(kubelet: StandInKubelet): NodeModel {
  const { runSeconds = 0 } = kubelet;
  return {
    heartbeat: { periodUs: 10_000_000, jitterRatio: 0, hasRandomPhase: false, restartUs: undefined },
    client: { qps: 500, burst: 1000, isPerNode: false },
    life: {
      kind: 'simple',
      start: constant(kubelet.startSeconds),
      ready: constant(kubelet.readySeconds),
      terminate: constant(kubelet.terminateSeconds),
      run: runSeconds > 0 ? constant(runSeconds) : undefined,
      neverReady: kubelet.neverReady ?? [],
      nToFail: kubelet.fail ?? {},
      catchesUp: false,
    },
    failures: [],
    reserved: {},
    thresholds: [],
  };
}
