// What becomes of a pod on its node: the simple life of four delays, or the detailed one with containers and probes.

import type { PodObject } from '../kube/pod-object.ts';

export interface PodLife {
  /** A new version of a pod of a node whose kubelet acts; also the first. Must be cheap for versions of its own making. */
  heard(pod: PodObject): void;
  /** The pod is gone from the API; called before its row is given up. */
  forget(pod: PodObject): void;
  /** The kubelet of a node stops, or its runtime: what they were doing is lost, what runs goes on. */
  paused(nodeRow: number): void;
  /** The machine is dead, and so is every container on it. */
  machineDied(nodeRow: number): void;
  /** The kubelet of a node acts again and looks at all its pods. */
  resume(nodeRow: number): void;
  /** All main containers of a running pod end now with this exit code; where containers are not modelled, the pod does. */
  finish(pod: PodObject, exitCode: number): void;
  /** Its readiness changes now, whatever its probes say. */
  setReady(pod: PodObject, isReady: boolean): void;
}
