// `wavetank plan PLAN`: the cheapest cluster that meets objectives.

import { defineCommand } from '../command.ts';
import { type ExperimentArgs, experimentFlags } from '../experiments/experiment-options.ts';

export interface PlanArgs extends ExperimentArgs {
  readonly plan: string;
  readonly mostAllocated: boolean;
}

export const planCommand = defineCommand<PlanArgs>({
  command: 'plan <plan>',
  describe: 'Find the cheapest cluster that meets objectives',
  positionals: {
    plan: { type: 'string', demandOption: true, describe: 'Scenario file with a plan' },
  },
  flags: {
    'most-allocated': {
      type: 'boolean',
      default: true,
      describe: 'Also plan for a scheduler that fills nodes, where the answer is above the bound',
    },
    ...experimentFlags,
  },
  run: async (args) => (await import('../experiments/plan-scenario.ts')).planScenario(args),
});
