// `wavetank k8s-job SCENARIO`: a manifest that makes the replications on a cluster.

import { defineCommand } from '../command.ts';

export interface K8sJobArgs {
  readonly scenario: string;
  readonly replications: number;
  readonly parallelism: number;
  readonly image: string;
  readonly seed: string | undefined;
  readonly until: string | undefined;
  readonly data: string | undefined;
  readonly catalog: string | undefined;
}

export const k8sJobCommand = defineCommand<K8sJobArgs>({
  command: 'k8s-job <scenario>',
  describe: 'Print a Kubernetes Indexed Job that makes the replications on a cluster',
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'Scenario file (YAML or JSON)' },
  },
  flags: {
    replications: { type: 'number', default: 10, describe: 'Replications: completions of the Job' },
    parallelism: { type: 'number', default: 10, describe: 'Pods at once' },
    image: { type: 'string', default: 'node:22-slim', describe: 'Image with Node.js and npx' },
    seed: { type: 'string', describe: "Seed instead of the scenario's" },
    until: { type: 'string', describe: "End of the run instead of the scenario's, as in 90m" },
    data: {
      type: 'string',
      describe: 'Folder in which relative paths are looked for that are not beside the scenario',
      defaultDescription: '$WAVETANK_DATA',
    },
    catalog: { type: 'string', describe: 'CSV file of instance types beside the built-in ones' },
  },
  run: async (args) => (await import('../experiments/print-k8s-job.ts')).printK8sJob(args),
});
