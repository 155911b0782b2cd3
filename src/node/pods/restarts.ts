// Which containers are started next, and which are started again.
// Source: pkg/kubelet/kuberuntime computePodActions and computeInitContainerActions, pkg/kubelet/container
// ShouldContainerBeRestarted, 1.37. Deviation: the rule RestartAllContainers restarts its own container only.

import type { ContainerRestartRule } from '../../kube/types.ts';
import { ROLE } from './pod-plan.ts';
import { type ContainerRun, type PodWorker, STATE } from './pod-worker.ts';

function ruleMatches({ exitCodes }: ContainerRestartRule, exitCode: number): boolean {
  if (!exitCodes) return false;
  const isListed = exitCodes.values?.includes(exitCode) ?? false;
  return exitCodes.operator === 'In' ? isListed : !isListed;
}

/** Does a container that has ended run again? A pod whose run time is given ends with it, whatever its policy. */
export function isRestarted(run: ContainerRun): boolean {
  const { plan, exitCode, worker } = run;
  if (worker.pod.identity.runUs !== undefined && plan.role === ROLE.main && exitCode === 0) return false;
  if (plan.restartRules.some((rule) => ruleMatches(rule, exitCode))) return true;
  if (plan.restartPolicy === 'Always') return true;
  return plan.restartPolicy === 'OnFailure' && exitCode !== 0;
}

/** A container that has ended and stays so. */
export function isDone(run: ContainerRun): boolean {
  return run.state === STATE.exited && !isRestarted(run);
}

/** An init container failed for good: so has the pod. */
export function hasFailedInit({ runs, plan }: PodWorker): boolean {
  for (let i = 0; i < plan.nInit; i++) {
    const run = runs[i]!;
    if (run.plan.role === ROLE.init && isDone(run) && run.exitCode !== 0) return true;
  }
  return false;
}

/** All main containers have ended for good, or an init container has failed for good. */
export function isPodDone(worker: PodWorker): boolean {
  const { runs, plan } = worker;
  if (hasFailedInit(worker)) return true;
  for (let i = plan.nInit; i < runs.length; i++) if (!isDone(runs[i]!)) return false;
  return true;
}

/**
 * Visits the containers that should be running and are not, in the order in which the kubelet starts them: init
 * containers one after the other, each waiting for the one before it, and main containers when all of them are through.
 */
export function forEachToStart(worker: PodWorker, visit: (run: ContainerRun) => void): void {
  const { runs, plan } = worker;
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i]!;
    const isThrough = run.plan.role === ROLE.sidecar ? run.isStarted : run.succeeded;
    if (run.state !== STATE.running && !isDone(run)) visit(run);
    if (i < plan.nInit && !isThrough) return;
  }
}
