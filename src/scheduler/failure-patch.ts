/**
 * The condition that tells a pod's owner why it was not scheduled.
 * Source: kubernetes v1.37.2 pkg/scheduler/schedule_one.go updatePod: nothing is sent if nothing would change.
 */
import type { ApiClient } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';

export interface Failure {
  readonly reason: 'Unschedulable' | 'SchedulerError';
  readonly message: string;
  /** The new status.nominatedNodeName; undefined = leave it. */
  readonly nominatedNodeName: string | undefined;
}

/** @param pod the version that the scheduler has heard of. */
export function patchFailure(client: ApiClient, pod: PodObject, failure: Failure): void {
  if (edit(pod, 0, failure) !== pod) client.patchPodStatus(pod, edit, failure);
}

function edit(pod: PodObject, _nowUs: number, { reason, message, nominatedNodeName }: Failure): PodObject {
  const nominated = nominatedNodeName ?? pod.nominatedNodeName;
  if (
    pod.scheduledReason === reason &&
    pod.scheduledMessage === message &&
    pod.nominatedNodeName === nominated
  ) {
    return pod;
  }
  const draft = pod.draft();
  draft.scheduledReason = reason;
  draft.scheduledMessage = message;
  draft.nominatedNodeName = nominated;
  return draft;
}
