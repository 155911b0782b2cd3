// What a kubelet writes into a pod's status, as pure changes of the version that the server holds.
// A pod that is being deleted or has finished is left alone: the kubelet's next word about it is its end.

import type { PodObject } from '../kube/pod-object.ts';

/** The containers run; `isReady`: and they serve already. Says nothing against what was said later and arrived first. */
export function nowRunning(pod: PodObject, nowUs: number, isReady: boolean): PodObject {
  if (pod.phase === 'Running') return isReady ? nowReady(pod, nowUs, true) : pod;
  if (!pod.active) return pod;
  const next = pod.draft();
  next.phase = 'Running';
  next.startUs = nowUs;
  next.hasIp = true;
  next.ready = isReady;
  next.readyChangedUs = nowUs;
  return next;
}

/** What is ready runs, whether that was said before or not. */
export function nowReady(pod: PodObject, nowUs: number, isReady: boolean): PodObject {
  if (pod.phase === 'Pending' && isReady) return nowRunning(pod, nowUs, true);
  if (!pod.active || pod.phase !== 'Running' || pod.ready === isReady) return pod;
  const next = pod.draft();
  next.ready = isReady;
  next.readyChangedUs = nowUs;
  return next;
}

/** The containers have ended for good: Succeeded with exit code 0, else Failed. */
export function nowFinished(pod: PodObject, nowUs: number, exitCode: number): PodObject {
  return pod.terminal ? pod : finishedAgain(pod, nowUs, exitCode);
}

/** The same for a pod that may have been declared finished before. */
export function finishedAgain(pod: PodObject, nowUs: number, exitCode: number): PodObject {
  if (pod.deletionUs !== undefined) return pod;
  const next = pod.draft();
  next.phase = exitCode === 0 ? 'Succeeded' : 'Failed';
  next.exitCode = exitCode;
  next.finishedUs = nowUs;
  if (pod.ready || pod.readyChangedUs === undefined) next.readyChangedUs = nowUs;
  next.ready = false;
  return next;
}
