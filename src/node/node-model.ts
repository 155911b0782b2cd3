// The figures that the nodes' model works with, in microseconds: what a scenario's `model.node` comes down to.

import type { DistributionSpec } from '../sim/distributions.ts';
import type { HeartbeatModel } from './heartbeats.ts';
import type { KubeletClientModel } from './kubelet-clients.ts';

/** All delays in microseconds. */
export interface SimpleLifeModel {
  /** From the kubelet's hearing of the pod to Running. */
  readonly start: DistributionSpec;
  /** From Running to Ready. */
  readonly ready: DistributionSpec;
  /** From the kubelet's hearing of the deletion to the pod's end. */
  readonly terminate: DistributionSpec;
  /** How long pods run that are meant to end (restartPolicy other than Always) and do not say; undefined: forever. */
  readonly run: DistributionSpec | undefined;
  /** Pods with a container of one of these images never become Ready. */
  readonly neverReady: readonly string[];
  /** By the label `app`: how many of the pods that finish first fail instead of succeeding. */
  readonly nToFail: Readonly<Record<string, number>>;
}

export interface NodeModel {
  readonly heartbeat: HeartbeatModel;
  readonly client: KubeletClientModel;
  readonly life: SimpleLifeModel;
}
