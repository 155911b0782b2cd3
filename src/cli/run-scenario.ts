// What `wavetank run` does: one simulation, from the file to the results.

import { resultFiles, streamTables } from '../report/result-files.ts';
import type { RunIdentity, RunReport, StopReason, Timing } from '../report/run-report.ts';
import { renderSummary } from '../report/summary.ts';
import { countText } from '../report/text.ts';
import { notModelled } from '../scenario/not-modelled.ts';
import { estimateMemory, sizeOfScenario, sizeOfSpec } from '../simulator/memory-estimate.ts';
import { type RunResult, simulate } from '../simulator/simulate.ts';
import type { RunArgs } from './commands/run.ts';
import { EXIT } from './exit.ts';
import { Interrupt } from './interrupt.ts';
import { checkMemory, LargerHeapNeeded } from './memory/check-memory.ts';
import { rerunWithHeap } from './memory/larger-heap.ts';
import { memoryLimits } from './memory/memory-limits.ts';
import { leftovers, OutputFolder } from './output-folder.ts';
import { painterOf } from './painter.ts';
import { openProgress } from './progress.ts';
import { type OpenedScenario, readScenario } from './read-scenario.ts';
import { RunWatch } from './run-watch.ts';
import { Stopwatch } from './stopwatch.ts';
import { version } from './version.ts';

/** Returns the exit code. */
export async function runScenario(args: RunArgs): Promise<number> {
  try {
    return await runHere(args);
  } catch (error) {
    if (!(error instanceof LargerHeapNeeded)) throw error;
    if (!args.quiet) console.error(`the heap may grow to ${countText(error.heapMib)} MiB for this run`);
    return rerunWithHeap(error.heapMib);
  }
}

async function runHere(args: RunArgs): Promise<number> {
  const opened = await openScenario(args);
  const path = args.out ?? `results/${opened.scenario.name}`;
  for (const left of leftovers(path))
    console.error(`an earlier run was killed; what it had recorded is in ${left}/`);
  const folder = new OutputFolder(path, args.force);
  const interrupt = new Interrupt(() => folder.abort());
  try {
    const { report, timing, speed } = await runInto(folder, opened, interrupt, args);
    if (!args.quiet) printSummary(report, timing, folder.path);
    if (args.explainSpeed) console.log(speedLines(speed).join('\n'));
    return ending(report);
  } catch (error) {
    folder.abort();
    throw error;
  } finally {
    interrupt.release();
  }
}

/** What is too large is refused before its nodes and objects are made. */
async function openScenario(args: RunArgs): Promise<OpenedScenario> {
  if (args.ignoreMemory) return readScenario(args.scenario, args);
  const limits = memoryLimits();
  const opened = await readScenario(args.scenario, args, {
    onSpec: (spec) => checkMemory(estimateMemory(sizeOfSpec(spec)), limits),
  });
  checkMemory(estimateMemory(sizeOfScenario(opened.scenario)), limits);
  return opened;
}

/** Says why a run ended before its end; returns the exit code. */
function ending({ stopReason, refusals }: RunReport): number {
  if (stopReason === undefined) return EXIT.ok;
  if (stopReason === 'out of memory') {
    console.error(
      'memory is nearly used up: the results end where the run was stopped (node --max-old-space-size raises the limit of the heap)',
    );
    return EXIT.environment;
  }
  if (stopReason === 'interrupted') {
    console.error('interrupted: the results end where the run was stopped');
    return EXIT.interrupted;
  }
  const { place, action, reason } = refusals.at(-1)!;
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
      return (piece) => file.write(piece);
    },
    { events: args.events },
  );
  const watch = new RunWatch(interrupt, progress, tables);
  const result = await simulate(scenario, files, {
    sinks: tables.sinks,
    search: args.verify ? 'verified' : 'index',
    checks: args.check,
    onSlice: (state) => watch.onSlice(state),
  }).finally(() => progress.stop());
  tables.flush();
  const timing = stopwatch.stop(result.nEvents);
  const report = reportOf(result, watch.stopReason);
  for (const { file, text } of resultFiles(report, identityOf(result, overrides), timing)) {
    folder.write(file, text);
  }
  folder.commit();
  return { report, timing, speed: result.speed };
}

function reportOf(result: RunResult, stopReason: StopReason = 'refused action'): RunReport {
  const { scenario, metrics, nSkippedRows, refusals, isPartial } = result;
  const { name, ignored, missing, nHooks } = scenario;
  const gaps = notModelled(scenario);
  return {
    name,
    metrics,
    ignored,
    missing,
    nHooks,
    nSkippedRows,
    refusals,
    notModelled: gaps,
    isPartial,
    ...(isPartial && { stopReason }),
  };
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
