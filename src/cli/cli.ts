// The command line: finds the command, and turns whatever happens into messages and an exit code.

import yargs, { type Argv } from 'yargs';
import type { Command } from './command.ts';
import { compareCommand } from './commands/compare.ts';
import { conformCommand } from './commands/conform.ts';
import { explainCommand } from './commands/explain.ts';
import { k8sJobCommand } from './commands/k8s-job.ts';
import { k8sRunCommand } from './commands/k8s-run.ts';
import { maxCommand } from './commands/max.ts';
import { planCommand } from './commands/plan.ts';
import { playCommand } from './commands/play.ts';
import { replicateCommand } from './commands/replicate.ts';
import { runCommand } from './commands/run.ts';
import { schemaCommand } from './commands/schema.ts';
import { sweepCommand } from './commands/sweep.ts';
import { validateCommand } from './commands/validate.ts';
import { workerCommand } from './commands/worker.ts';
import { exitCodeOf, messageOf } from './exit.ts';
import { UsageError, usageMessage } from './usage.ts';
import { version } from './version.ts';

/** Each command adds itself and loads what is heavy only when it is called. */
export const COMMANDS: readonly Command[] = [
  runCommand,
  planCommand,
  maxCommand,
  replicateCommand,
  sweepCommand,
  compareCommand,
  workerCommand,
  k8sJobCommand,
  k8sRunCommand,
  explainCommand,
  validateCommand,
  schemaCommand,
  conformCommand,
  playCommand,
];

const EXAMPLES: [command: string, what: string][] = [
  ['$0 run scenarios/shop.yaml', 'simulate a scenario, results in results/shop/'],
  ['$0 run my.yaml --until 1h --seed 7', 'only its first hour, with other random numbers'],
  ['$0 plan scenarios/plan-shop.yaml', 'find the cheapest nodes for it'],
  ['$0 explain my.yaml --pod web-0', 'why its pod went where it did, node by node'],
  ['$0 validate my.yaml k8s/*.yaml', 'find every mistake without running'],
  ['$0 schema > scenario.schema.json', 'the JSON Schema, for completion in editors'],
];

/** Runs the command line and sets the exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const cli = parser(args);
  try {
    if (args.length === 0) console.log(await cli.getHelp());
    else await cli.parseAsync();
  } catch (error) {
    console.error(messageOf(error, args));
    process.exitCode = exitCodeOf(error);
  }
}

function parser(args: readonly string[]): Argv {
  const cli = yargs([...args])
    .scriptName('wavetank')
    .usage('Simulates scheduling in Kubernetes clusters.\n\nUsage: $0 <command> [options]')
    .version(version())
    .alias('version', 'V')
    .help()
    .alias('help', 'h')
    .strict()
    .exitProcess(false)
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .example(EXAMPLES)
    .epilogue('Exit codes: 0 done, 1 the machine refused, 2 wrong input, 70 a bug, 130 interrupted.')
    .demandCommand(1, 'Give a command.')
    .parserConfiguration({ 'dot-notation': false })
    .fail((complaint, error) => {
      throw error ?? new UsageError(usageMessage(complaint, args, COMMANDS));
    });
  for (const { module } of COMMANDS) cli.command(module);
  return cli;
}
