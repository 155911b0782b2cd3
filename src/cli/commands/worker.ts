// `wavetank worker --engine redis://…`: makes runs for experiments on other machines.

import { defineCommand } from '../command.ts';

export interface WorkerArgs {
  readonly engine: string;
  readonly jobs: number | undefined;
}

export const workerCommand = defineCommand<WorkerArgs>({
  command: 'worker',
  describe: 'Make runs for experiments that use the same Redis',
  flags: {
    engine: {
      type: 'string',
      demandOption: true,
      describe: 'Redis to take runs from, as in redis://host:6379',
    },
    jobs: { type: 'number', describe: 'Runs at once on this machine', defaultDescription: 'all cores' },
  },
  run: async (args) => (await import('../engine/redis-worker.ts')).runWorker(args),
});
