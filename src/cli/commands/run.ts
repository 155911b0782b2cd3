// `wavetank run SCENARIO`: one simulation, from the file to the results.

import { defineCommand } from '../command.ts';
import {
  catalogOption,
  dataOption,
  forceOption,
  outOption,
  quietOption,
  seedOption,
  untilOption,
} from '../options.ts';

export interface RunArgs {
  readonly scenario: string;
  readonly out: string | undefined;
  readonly seed: string | undefined;
  readonly until: string | undefined;
  readonly events: boolean;
  readonly check: boolean;
  readonly verify: boolean;
  readonly explainSpeed: boolean;
  readonly ignoreMemory: boolean;
  readonly force: boolean;
  readonly quiet: boolean;
  readonly data: string | undefined;
  readonly catalog: string | undefined;
}

export const runCommand = defineCommand<RunArgs>({
  command: 'run <scenario>',
  describe: 'Simulate a scenario',
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'Scenario file (YAML or JSON)' },
  },
  flags: {
    out: outOption,
    seed: seedOption,
    until: untilOption,
    events: {
      type: 'boolean',
      default: false,
      describe: 'Also write events.csv: every transition of every pod and node',
    },
    check: {
      type: 'boolean',
      default: false,
      describe: 'Check after every change that nothing impossible has happened (slow)',
    },
    verify: {
      type: 'boolean',
      default: false,
      describe:
        'Make every scheduling decision twice, by the index and by asking every node: they must agree',
    },
    'explain-speed': {
      type: 'boolean',
      default: false,
      describe: 'Tell how many scheduling cycles the index served, and why not the others',
    },
    'ignore-memory': {
      type: 'boolean',
      default: false,
      describe: 'Start even if more memory is likely to be needed than there is',
    },
    force: forceOption,
    quiet: quietOption,
    data: dataOption,
    catalog: catalogOption,
  },
  run: async (args) => {
    const { runScenario } = await import('../run-scenario.ts');
    return runScenario(args);
  },
});
