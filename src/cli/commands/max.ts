// `wavetank max SCENARIO --scale FIELD`: the largest load that still meets the objectives.

import { defineCommand } from '../command.ts';
import {
  type ExperimentArgs,
  experimentFlags,
  type ReplicationArgs,
  replicationFlags,
} from '../experiments/experiment-options.ts';

export interface MaxArgs extends ExperimentArgs, ReplicationArgs {
  readonly scenario: string;
  readonly scale: string;
  readonly objective: readonly string[];
  readonly tolerance: number;
  readonly max: number | undefined;
  readonly each: boolean;
}

export const maxCommand = defineCommand<MaxArgs>({
  command: 'max <scenario>',
  describe: 'Find the largest load that meets objectives',
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'Scenario file (YAML or JSON)' },
  },
  flags: {
    scale: {
      type: 'string',
      demandOption: true,
      describe: 'Field to scale, as in workload.arrivals.rate, or "copies": the replicas of all manifests',
    },
    objective: {
      type: 'string',
      array: true,
      default: ['pods.pending <= 0'],
      defaultDescription: 'pods.pending <= 0',
      describe: 'What must hold, as in "latency.scheduling.p99 <= 5s"',
    },
    tolerance: { type: 'number', default: 0.01, describe: 'Precision of the answer, as a share of it' },
    max: { type: 'number', describe: "Largest multiple of the scenario's load that is tried" },
    each: {
      type: 'boolean',
      default: false,
      describe: 'Beside --scale copies: how many more pods of each workload alone',
    },
    ...replicationFlags,
    replications: { ...replicationFlags.replications, default: 1 },
    ...experimentFlags,
  },
  run: async (args) => (await import('../experiments/max-scenario.ts')).maxScenario(args),
});
