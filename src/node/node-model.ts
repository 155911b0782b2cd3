// The figures that the nodes' model works with, in microseconds: what a scenario's `model.node` comes down to.

import type { DistributionSpec } from '../sim/distributions.ts';
import type { Reserved } from './allocatable.ts';
import type { FailureModel } from './faults/failures.ts';
import type { HeartbeatModel } from './heartbeats.ts';
import type { ImageModel } from './images/node-images.ts';
import type { PullModel } from './images/puller.ts';
import type { BandwidthModel } from './images/transfers.ts';
import type { KubeletClientModel } from './kubelet-clients.ts';
import type { AppSpec } from './pods/apps.ts';
import type { CrashBackoffModel } from './pods/crash-backoff.ts';
import type { EvictionModel } from './pressure/eviction-manager.ts';
import type { Threshold } from './pressure/thresholds.ts';
import type { ShutdownGroup } from './shutdown.ts';

/** All delays in microseconds. */
export interface SimpleLifeModel {
  readonly kind: 'simple';
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
  /** Does a kubelet notice what ended while it was away or by another's hand? Stand-ins do not. */
  readonly catchesUp: boolean;
}

/** The steps of a pod's start and end, in microseconds. */
export interface DetailedLifeModel {
  readonly kind: 'detailed';
  /** Until all volumes are mounted. */
  readonly volumes: DistributionSpec;
  /** Creation of the pod's sandbox, network included. */
  readonly sandbox: DistributionSpec;
  /** Creation and start of one container whose image is there. */
  readonly create: DistributionSpec;
  /** From the end of the last container until the pod is removed from the API. */
  readonly cleanup: DistributionSpec;
  /** Programs that say nothing of it run so long in init containers … */
  readonly runInit: DistributionSpec;
  /** … and in pods whose restartPolicy is not Always; undefined: forever. */
  readonly run: DistributionSpec | undefined;
  readonly apps: readonly AppSpec[];
  readonly crashBackoff: CrashBackoffModel;
  /** The kubelet notices that a container has ended at its next full look at the runtime (PLEG). */
  readonly relistUs: number;
  /** Pods whose next sync is due are looked for so often. */
  readonly tickerUs: number;
  /** The next sync of a pod that could not be synced. */
  readonly retryUs: number;
  /** Each wait for a next sync is longer by up to this share. */
  readonly resyncJitterRatio: number;
  /** Do kubelets write Event objects? */
  readonly recordsEvents: boolean;
  readonly images: ImageModel;
  readonly pull: PullModel;
  readonly bandwidth: BandwidthModel;
  readonly eviction: EvictionModel;
  readonly shutdownGroups: readonly ShutdownGroup[];
}

export interface NodeModel {
  readonly heartbeat: HeartbeatModel;
  readonly client: KubeletClientModel;
  readonly life: SimpleLifeModel | DetailedLifeModel;
  readonly failures: readonly FailureModel[];
  /** Kept from the pods of a node that names its capacity only. */
  readonly reserved: Reserved;
  readonly thresholds: readonly Threshold[];
  /** A kubelet goes on when its Node object is deleted, as the recording program's; absent: the machine goes with it. */
  readonly outlivesNode?: boolean;
}
