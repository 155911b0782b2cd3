/**
 * What a plugin answers when it does not simply pass. Statuses are made once and shared: a filter over thousands of
 * nodes allocates nothing.
 */

/** Codes of kube-scheduler's framework (v1.37.2 staging kube-scheduler/framework/interface.go) that plugins return. */
export type Code = 'Error' | 'Unschedulable' | 'UnschedulableAndUnresolvable' | 'Wait' | 'Pending';

export interface Status {
  readonly code: Code;
  readonly reasons: readonly string[];
  /** The plugin that said so; filled in by the profile. */
  readonly plugin: string;
}

/** Removing pods may help: preemption looks at such nodes. */
export function unschedulable(plugin: string, ...reasons: string[]): Status {
  return Object.freeze({ code: 'Unschedulable', reasons, plugin });
}

/** No preemption on this node can help. */
export function unresolvable(plugin: string, ...reasons: string[]): Status {
  return Object.freeze({ code: 'UnschedulableAndUnresolvable', reasons, plugin });
}

/** The attempt cannot be carried out: fails the whole scheduling cycle. */
export function errorStatus(plugin: string, ...reasons: string[]): Status {
  return Object.freeze({ code: 'Error', reasons, plugin });
}

/** Several rejections of one node told together; signed by the first. Preemption helps only if it helps against each. */
export function mergedStatus(statuses: readonly Status[]): Status {
  const { plugin } = statuses[0]!;
  const reasons = statuses.flatMap((status) => status.reasons);
  const isHopeless = statuses.some(({ code }) => code === 'UnschedulableAndUnresolvable');
  return (isHopeless ? unresolvable : unschedulable)(plugin, ...reasons);
}

/** A plugin's Score or PreScore failed; the cycle ends with this status. */
export class CycleError extends Error {
  readonly status: Status;
  constructor(status: Status) {
    super(status.reasons.join(', '));
    this.status = status;
  }
}
