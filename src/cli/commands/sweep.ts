// `wavetank sweep SCENARIO [GRID]`: every combination of values of some fields.

import { defineCommand } from '../command.ts';
import {
  type ExperimentArgs,
  experimentFlags,
  type MetricsArgs,
  metricsFlag,
  type ReplicationArgs,
  replicationFlags,
} from '../experiments/experiment-options.ts';

export interface SweepArgs extends ExperimentArgs, ReplicationArgs, MetricsArgs {
  readonly scenario: string;
  readonly grid: string | undefined;
  readonly over: readonly string[];
  readonly yes: boolean;
}

export const sweepCommand = defineCommand<SweepArgs>({
  command: 'sweep <scenario> [grid]',
  describe: 'Simulate every combination of values of some fields',
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'Scenario file (YAML or JSON)' },
    grid: {
      type: 'string',
      describe: 'File of the same shape as the scenario: every field with a list of values is an axis',
    },
  },
  flags: {
    over: {
      type: 'string',
      array: true,
      describe: 'An axis: FIELD=a,b,c, as in cluster.nodeGroups.general.count=4,6,8',
    },
    yes: { type: 'boolean', default: false, describe: 'Make grids of more than 10,000 points' },
    ...replicationFlags,
    ...metricsFlag,
    ...experimentFlags,
  },
  run: async (args) => (await import('../experiments/sweep-scenario.ts')).sweepScenario(args),
});
