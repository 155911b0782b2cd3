// What `wavetank run` does: one simulation, from the file to the results.

import { resultFiles, streamTables } from '../report/result-files.ts';
import type { RunIdentity, RunReport, Timing } from '../report/run-report.ts';
import { renderSummary } from '../report/summary.ts';
import { countText } from '../report/text.ts';
import { notModelled } from '../scenario/not-modelled.ts';
import { type RunResult, simulate } from '../simulator/simulate.ts';
import type { RunArgs } from './commands/run.ts';
import { EXIT } from './exit.ts';
import { Interrupt } from './interrupt.ts';
import { OutputFolder } from './output-folder.ts';
import { painterOf } from './painter.ts';
import { openProgress } from './progress.ts';
import { type OpenedScenario, readScenario } from './read-scenario.ts';
import { Stopwatch } from './stopwatch.ts';
import { version } from './version.ts';

/** Returns the exit code. */
export async function runScenario(args: RunArgs): Promise<number> {
  const opened = await readScenario(args.scenario, args);
  const folder = new OutputFolder(args.out ?? `results/${opened.scenario.name}`, args.force);
  const interrupt = new Interrupt(() => folder.abort());
  try {
    const { report, timing, speed } = await runInto(folder, opened, interrupt, args);
    if (!args.quiet) printSummary(report, timing, folder.path);
    if (args.explainSpeed) console.log(speedLines(speed).join('\n'));
    return ending(report, interrupt);
  } catch (error) {
    folder.abort();
    throw error;
  } finally {
    interrupt.release();
  }
}

/** Says why a run ended before its end; returns the exit code. */
function ending({ isPartial, refusals }: RunReport, interrupt: Interrupt): number {
  if (!isPartial) return EXIT.ok;
  const refusal = refusals.at(-1);
  if (interrupt.isRequested || refusal === undefined) {
    console.error('interrupted: the results end where the run was stopped');
    return EXIT.interrupted;
  }
  const { place, action, reason } = refusal;
  console.error(
    `${place}: ${action}: ${reason}\nstopped at the refused action, as onActionError says: the results end there`,
  );
  return EXIT.input;
}

interface Outcome {
  readonly report: RunReport;
  readonly timing: Timing;
  readonly speed: RunResult['speed'];
}

async function runInto(
  folder: OutputFolder,
  { scenario, files, overrides }: OpenedScenario,
  interrupt: Interrupt,
  args: RunArgs,
): Promise<Outcome> {
  const stopwatch = new Stopwatch();
  const progress = openProgress(args.quiet);
  const tables = streamTables(
    (name) => {
      const file = folder.file(name);
      return (text) => file.write(text);
    },
    { events: args.events },
  );
  const result = await simulate(scenario, files, {
    sinks: tables.sinks,
    search: args.verify ? 'verified' : 'index',
    checks: args.check,
    onSlice: async (state) => {
      progress.update(state);
      // Signals are heard between slices.
      await new Promise(setImmediate);
      return !interrupt.isRequested;
    },
  }).finally(() => progress.stop());
  tables.flush();
  const timing = stopwatch.stop(result.nEvents);
  const report = reportOf(result);
  for (const { file, text } of resultFiles(report, identityOf(result, overrides), timing)) {
    folder.write(file, text);
  }
  folder.commit();
  return { report, timing, speed: result.speed };
}

function reportOf(result: RunResult): RunReport {
  const { scenario, metrics, nSkippedRows, refusals, isPartial } = result;
  const { name, ignored, nHooks } = scenario;
  const gaps = notModelled(scenario);
  return { name, metrics, ignored, nHooks, nSkippedRows, refusals, notModelled: gaps, isPartial };
}

function identityOf(result: RunResult, overrides: Readonly<Record<string, string>>): RunIdentity {
  const { scenario, seed, replication, traceHash, nTransitions, endUs, isPartial } = result;
  return {
    version: version(),
    engine: `node ${process.version}`,
    scenario: scenario.name,
    file: scenario.file,
    digest: scenario.digest,
    seed,
    replication,
    overrides,
    traceHash,
    nTransitions,
    endUs,
    isPartial,
  };
}

function printSummary(report: RunReport, timing: Timing, path: string): void {
  const { columns = 100 } = process.stdout;
  const painter = painterOf(process.stdout);
  const lines = renderSummary(report, { width: Math.min(columns, 120), painter, timing });
  console.log([...lines, '', `Results are in ${path}/`].join('\n'));
}

/** What kept the scheduler from being as fast as it can be. */
function speedLines(speed: RunResult['speed']): string[] {
  return speed.flatMap(({ schedulerName, counts }) => {
    if (!counts) return [`${schedulerName}: every node is asked in every cycle`];
    const { nIndexed, nPlain } = counts;
    const nAsked = [...nPlain.values()].reduce((sum, n) => sum + n, 0);
    const reasons = [...nPlain].sort((a, b) => b[1] - a[1]);
    return [
      `${schedulerName}: ${countText(nIndexed)} cycles served by the index, ${countText(nAsked)} by asking every node`,
      ...reasons.map(([reason, n]) => `  ${countText(n)}: ${reason}`),
    ];
  });
}
