/** What the nodes tell whoever watches a run. Observers only look: nothing they do can change the run. */
import type { PodIdentity } from '../kube/pod-object.ts';

export interface NodeObserver {
  /** A container of the pod begins to wait for its image. Waits of several containers may overlap. */
  pullBegan(pod: PodIdentity, nowUs: number): void;
  /** Such a wait has ended, with or without the image. */
  pullEnded(pod: PodIdentity, nowUs: number): void;
  /**
   * All containers on the node together use so much. Told whenever one starts or ends; use that drifts in between is not.
   */
  nodeUses(nodeName: string, cpuMilli: number, memoryBytes: number, nowUs: number): void;
}

/** Watches nothing. */
export const NO_NODE_OBSERVER: NodeObserver = {
  pullBegan() {},
  pullEnded() {},
  nodeUses() {},
};
