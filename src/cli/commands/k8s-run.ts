// `wavetank k8s-run JOB`: what a pod of the Job of `wavetank k8s-job` does.

import { defineCommand } from '../command.ts';

export interface K8sRunArgs {
  readonly job: string;
  readonly index: number | undefined;
}

export const k8sRunCommand = defineCommand<K8sRunArgs>({
  command: 'k8s-run <job>',
  describe: 'Make one replication in a pod of that Job, and print its result as a line',
  positionals: {
    job: { type: 'string', demandOption: true, describe: "The Job's file, as it lies in its ConfigMap" },
  },
  flags: {
    index: {
      type: 'number',
      describe: 'Number of the replication',
      defaultDescription: '$JOB_COMPLETION_INDEX',
    },
  },
  run: async (args) => (await import('../experiments/k8s-run.ts')).runInPod(args),
});
