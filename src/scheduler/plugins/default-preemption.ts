/**
 * DefaultPreemption: makes room for a pod that fits nowhere by removing pods of lower priority.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/defaultpreemption. The work is in ../preemption.
 */
import type { Plugin } from '../framework/plugin.ts';
import { preempt } from '../preemption/preempt.ts';
import type { DefaultPreemptionArgs } from './default-preemption.schema.ts';

export function defaultPreemption(args: DefaultPreemptionArgs): Plugin {
  return { name: 'DefaultPreemption', postFilter: (attempt) => preempt(attempt, args) };
}
