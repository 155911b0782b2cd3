/** What the scheduler tells whoever watches a run. Observers only look: nothing they do can change the run. */
import type { PodIdentity } from '../kube/pod-object.ts';

export interface SchedulerObserver {
  /** A pod came to the scheduler for the first time. */
  podQueued(pod: PodIdentity, nowUs: number): void;
  /** A scheduling cycle found a node; binding begins. */
  podAssumed(pod: PodIdentity, nodeName: string, cycleUs: number, nowUs: number): void;
  /**
   * A scheduling or binding cycle ended without success.
   * @param reason of the condition PodScheduled.
   */
  podFailed(
    pod: PodIdentity,
    reason: 'Unschedulable' | 'SchedulerError',
    message: string,
    cycleUs: number,
    nowUs: number,
  ): void;
  /**
   * The API confirmed the binding.
   * @param nAttempts scheduling cycles it took.
   * @param queuedUs since the pod first got into activeQ: the latency that kube-scheduler reports as
   *   pod_scheduling_sli_duration_seconds.
   */
  podBound(pod: PodIdentity, nAttempts: number, queuedUs: number, nowUs: number): void;
  /** Preemption chose a node for a pod. */
  podPreempts(pod: PodIdentity, nodeName: string, nVictims: number, nowUs: number): void;
  /** Lengths of the queues changed (told once for what happens together). */
  queueChanged(
    nActive: number,
    nBackoff: number,
    nUnschedulable: number,
    nGated: number,
    nowUs: number,
  ): void;
}

/** Watches nothing. */
export const NO_SCHEDULER_OBSERVER: SchedulerObserver = {
  podQueued() {},
  podAssumed() {},
  podFailed() {},
  podBound() {},
  podPreempts() {},
  queueChanged() {},
};
