// `wavetank replicate SCENARIO`: the same scenario with other random numbers, and how sure its figures are.

import { defineCommand } from '../command.ts';
import {
  type ExperimentArgs,
  experimentFlags,
  type MetricsArgs,
  metricsFlag,
  type ReplicationArgs,
  replicationFlags,
} from '../experiments/experiment-options.ts';

export interface ReplicateArgs extends ExperimentArgs, ReplicationArgs, MetricsArgs {
  readonly scenario: string;
  readonly from: string | undefined;
}

export const replicateCommand = defineCommand<ReplicateArgs>({
  command: 'replicate <scenario>',
  describe: 'Simulate a scenario many times: means and confidence intervals',
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'Scenario file (YAML or JSON)' },
  },
  flags: {
    from: { type: 'string', describe: 'Logs of the pods of wavetank k8s-job: their runs are not made again' },
    ...replicationFlags,
    ...metricsFlag,
    ...experimentFlags,
  },
  run: async (args) => (await import('../experiments/replicate-scenario.ts')).replicateScenario(args),
});
