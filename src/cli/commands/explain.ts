// `wavetank explain SCENARIO --pod NAME`: how one scheduling attempt was decided.

import { defineCommand } from '../command.ts';
import { catalogOption, dataOption, quietOption, seedOption, untilOption } from '../options.ts';

export interface ExplainArgs {
  readonly scenario: string;
  readonly pod: string;
  readonly at: string | undefined;
  readonly nodes: number;
  readonly json: boolean;
  readonly seed: string | undefined;
  readonly until: string | undefined;
  readonly data: string | undefined;
  readonly catalog: string | undefined;
  readonly quiet: boolean;
}

export const explainCommand = defineCommand<ExplainArgs>({
  command: 'explain <scenario>',
  describe: 'Show how one scheduling attempt of a pod was decided, node by node',
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'Scenario file (YAML or JSON)' },
  },
  flags: {
    pod: { type: 'string', demandOption: true, describe: 'The pod, as name or namespace/name' },
    at: {
      type: 'string',
      describe: 'The first attempt at or after this time, as in 90s',
      defaultDescription: "the pod's last attempt",
    },
    nodes: { type: 'number', default: 20, describe: 'How many nodes a table shows; 0 for all' },
    json: { type: 'boolean', default: false, describe: 'Everything as JSON' },
    seed: seedOption,
    until: untilOption,
    quiet: { ...quietOption, describe: 'No progress' },
    data: dataOption,
    catalog: catalogOption,
  },
  run: async (args) => {
    const { explainScenario } = await import('../explain-scenario.ts');
    return explainScenario(args);
  },
});
