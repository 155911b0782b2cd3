// What a plan must achieve: its objectives, those that go without saying, and how sure their verdicts must be.

import type { JudgeOptions } from '../../experiment/search/search.ts';
import { checkRule } from '../../experiment/statistics/stopping.ts';
import type { PlanSpec } from '../../scenario/plan.schema.ts';
import { parseObjective } from './objective-text.ts';

const PENDING = 'pods.pending';
const WAITING = 'queue.unschedulable.max';

/** @throws InputError for what cannot be meant */
export function judgeOptionsOf(plan: PlanSpec, seed: string): JudgeOptions {
  const rule = { nMin: plan.replications.min, nMax: plan.replications.max };
  checkRule(rule);
  const isOneRun = rule.nMax === 1;
  const survival = plan.survive.map((trial) => `survive.${trial}.pending <= 0`);
  const wanted = plan.objectives.map((text) => parseObjective(text, isOneRun));
  // The bound rests on it: a cluster may not do without room for what is there at the end.
  const isImplied = wanted.length > 0 && !wanted.some(({ metric }) => metric === PENDING);
  const implied = [...(isImplied ? [`${PENDING} <= 0`] : []), ...survival];
  const objectives = [...wanted, ...implied.map((text) => parseObjective(text, isOneRun))];
  return { seed, objectives, rule, confidence: plan.confidence };
}

/** Whether no pod may be without a node at any time. */
export function isNobodyToWait({ objectives }: JudgeOptions): boolean {
  return objectives.some(
    ({ metric, operator, bound }) => metric === WAITING && operator === '<=' && bound === 0,
  );
}
