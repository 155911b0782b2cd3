/**
 * What a run says of single things as it goes on: one record for each pod that has ended, each transition, each change of
 * a workload's replicas, each workload that is gone. A record is only valid during the call: the same object is filled
 * in again for the next one.
 */
import type { PodObject } from '../kube/pod-object.ts';

/** How a pod ended, or what it was doing when the run did. */
export type PodOutcome = 'Succeeded' | 'Failed' | 'Deleted' | 'Running' | 'Starting' | 'Pending';

/** A pod's whole life. Times in microseconds of virtual time, undefined where it never came so far. */
export interface PodRecord {
  /** Its newest version. */
  pod: PodObject;
  /** What the pod belongs to in reports. */
  className: string;
  outcome: PodOutcome;
  queuedUs: number | undefined;
  scheduledUs: number | undefined;
  runningUs: number | undefined;
  readyUs: number | undefined;
  finishedUs: number | undefined;
  /** When its deletion was asked for. */
  deletedUs: number | undefined;
  nAttempts: number;
  nRestarts: number;
  /** Why it is pending, failed or was evicted, in Kubernetes' own words; '' for no reason. */
  reason: string;
}

/** One transition of something. */
export interface EventRecord {
  atUs: number;
  kind: 'Pod' | 'Node' | 'Action';
  namespace: string;
  name: string;
  /** Created, Queued, Unschedulable, Scheduled, Running, Ready, …. */
  event: string;
  nodeName: string;
  detail: string;
}

/** Ready and desired replicas of a workload after all changes of an instant. */
export interface ReplicasRecord {
  atUs: number;
  kind: string;
  namespace: string;
  name: string;
  nDesired: number;
  nReady: number;
}

/** The whole life of a Deployment, StatefulSet, DaemonSet, ReplicaSet of its own, or Job. */
export interface WorkloadRecord {
  kind: string;
  namespace: string;
  name: string;
  createdUs: number;
  /** When it was deleted; undefined if it is there at the end. */
  deletedUs: number | undefined;
  /** At the end. */
  nDesired: number;
  nReady: number;
  /** When all desired replicas were ready for the first time. */
  firstFullUs: number | undefined;
  /** Desired replicas that were not ready, summed over time. */
  missedReplicaUs: number;
  /** Desired replicas summed over time. */
  desiredReplicaUs: number;
  /** How often it had fewer ready replicas than desired because some were lost. */
  nDisruptions: number;
  /** The longest time until all were ready again, and the sum of all such times. */
  recoveryUsMax: number;
  recoveryUsTotal: number;
  /** Templates brought out completely, and how long the last and the longest took. */
  nRollouts: number;
  rolloutUsLast: number;
  rolloutUsMax: number;
  nRestarts: number;
  nEvictions: number;
  /** Of a Job: from creation to its end. */
  makespanUs: number | undefined;
  /** Of a Job: Complete, Failed or ''. */
  outcome: string;
}

/** Something that the scenario wanted done and the API server refused. */
export interface RefusalRecord {
  readonly atUs: number;
  /** Where it stands, as `file:line:column`. */
  readonly place: string;
  /** The action of the timeline, or `create` for what the workload brings. */
  readonly action: string;
  /** In the API server's words. */
  readonly reason: string;
}

/** Takes the records; what is absent is not recorded. */
export interface RecordSinks {
  readonly pod?: (record: PodRecord) => void;
  readonly event?: (record: EventRecord) => void;
  readonly replicas?: (record: ReplicasRecord) => void;
  readonly workload?: (record: WorkloadRecord) => void;
}
