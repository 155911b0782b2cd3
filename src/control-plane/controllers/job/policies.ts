// What a Job's policies say about failed pods and completed indexes.
// Source: pkg/controller/job/{pod_failure_policy,success_policy}.go, 1.37.
// Deviation: of a pod without container states the one exit code it keeps stands for all its containers.

import type { PodObject } from '../../../kube/pod-object.ts';
import type { Job, PodFailurePolicyRule } from '../../../kube/types.ts';
import { parseIndexes } from './indexes.ts';

export type FailureAction = PodFailurePolicyRule['action'];

function exitCodes(pod: PodObject, container: string | undefined): number[] {
  if (!pod.containers)
    return container === undefined || pod.shape.spec.containers[0]?.name === container ? [pod.exitCode] : [];
  const states = pod.containers.filter(({ name }) => container === undefined || name === container);
  return states.flatMap(({ state }) => (state?.terminated ? [state.terminated.exitCode] : []));
}

function matches(rule: PodFailurePolicyRule, pod: PodObject): boolean {
  const { onExitCodes, onPodConditions } = rule;
  if (onExitCodes) {
    const { containerName, operator, values } = onExitCodes;
    const failures = exitCodes(pod, containerName).filter((code) => code !== 0);
    return failures.some((code) => values.includes(code) === (operator === 'In'));
  }
  const isDisrupted = pod.disruption !== '';
  return (onPodConditions ?? []).some(
    ({ type, status = 'True' }) => type === 'DisruptionTarget' && isDisrupted === (status === 'True'),
  );
}

/** The action of the first rule that matches; failures count where none does. */
export function failureAction(job: Job, pod: PodObject): FailureAction {
  const rule = job.spec.podFailurePolicy?.rules.find((candidate) => matches(candidate, pod));
  return rule?.action ?? 'Count';
}

/** Has one of the success rules been met by these indexes? */
export function isSuccessMet(job: Job, succeeded: ReadonlySet<number>): boolean {
  return (job.spec.successPolicy?.rules ?? []).some(({ succeededIndexes, succeededCount }) => {
    const wanted =
      succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes, job.spec.completions ?? 0);
    const nMet = wanted ? [...wanted].filter((index) => succeeded.has(index)).length : succeeded.size;
    return nMet >= (succeededCount ?? wanted?.size ?? 0);
  });
}
