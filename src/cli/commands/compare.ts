// `wavetank compare A B …`: alternatives on the same random numbers.

import { defineCommand } from '../command.ts';
import {
  type ExperimentArgs,
  experimentFlags,
  type MetricsArgs,
  metricsFlag,
  type ReplicationArgs,
  replicationFlags,
} from '../experiments/experiment-options.ts';

export interface CompareArgs extends ExperimentArgs, ReplicationArgs, MetricsArgs {
  readonly scenarios: readonly string[];
  readonly schedulers: readonly string[];
}

export const compareCommand = defineCommand<CompareArgs>({
  command: 'compare <scenarios..>',
  describe: 'Compare scenarios, or schedulers, on the same random numbers',
  positionals: {
    scenarios: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Scenario files; each is compared with the first',
    },
  },
  flags: {
    schedulers: {
      type: 'string',
      array: true,
      describe: 'Scheduler configurations to compare on one scenario; "default" is that of kube-scheduler',
    },
    ...replicationFlags,
    ...metricsFlag,
    ...experimentFlags,
  },
  run: async (args) => (await import('../experiments/compare-scenarios.ts')).compareScenarios(args),
});
