// What all experiments share: folder, engine, progress, Ctrl-C. Runs that lie in the folder are not made again.

import { drive } from '../../experiment/drive.ts';
import type { Experiment, Metrics, RunRequest } from '../../experiment/experiment.ts';
import { inputNotes } from '../../report/input-notes.ts';
import { notModelled } from '../../scenario/not-modelled.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { PointSetting } from '../../simulator/points.ts';
import type { Engine } from '../engine/engine.ts';
import type { RunRecord } from '../engine/job.ts';
import { openEngine } from '../engine/open-engine.ts';
import { EXIT } from '../exit.ts';
import { Interrupt } from '../interrupt.ts';
import { version } from '../version.ts';
import { ExperimentFolder } from './experiment-folder.ts';
import { type ExperimentArgs, nJobsOf } from './experiment-options.ts';
import { type ExperimentProgress, openExperimentProgress } from './experiment-progress.ts';

export interface SessionOptions<R> {
  readonly command: string;
  /** Of the scenarios, in order. */
  readonly digests: readonly string[];
  readonly seed: string;
  /** Folder if the user names none. */
  readonly folder: string;
  /** Of one of several experiments there: its folder of runs within that folder, its name for the progress line. */
  readonly part?: Part;
  /** Runs made elsewhere, by the id of the request. */
  readonly known?: ReadonlyMap<string, RunRecord>;
  /** What is known so far, for the progress line. */
  readonly bestOf?: (answer: R) => string;
}

export interface Part {
  readonly runs: string;
  readonly name: string;
}

export interface Outcome<R> {
  readonly answer: R;
  readonly isPartial: boolean;
  readonly folder: ExperimentFolder;
  /** Every run by the id of its request. */
  readonly records: ReadonlyMap<string, RunRecord>;
}

/** What points are to be simulated as. */
export type SettingOf<P> = (setting: P) => PointSetting;

/** Drives an experiment to its end or to Ctrl-C. */
export async function runExperiment<P, R>(
  experiment: Experiment<P, R>,
  settingOf: SettingOf<P>,
  args: ExperimentArgs,
  options: SessionOptions<R>,
): Promise<Outcome<R>> {
  // Before the folder: where no engine is, nothing is replaced.
  const engine = await openEngine({ jobs: nJobsOf(args.jobs), engine: args.engine }, args);
  try {
    return await driveOn(engine, experiment, settingOf, args, options);
  } finally {
    await engine.close();
  }
}

async function driveOn<P, R>(
  engine: Engine,
  experiment: Experiment<P, R>,
  settingOf: SettingOf<P>,
  args: ExperimentArgs,
  { command, digests, seed, folder: path, part, known, bestOf }: SessionOptions<R>,
): Promise<Outcome<R>> {
  const identity = { command, version: version(), scenarios: digests, seed };
  const folder = new ExperimentFolder(args.out ?? path, identity, args, part?.runs);
  for (const [id, record] of known ?? []) folder.keep(id, record);
  const interrupt = new Interrupt(() => {});
  const progress = openExperimentProgress({
    isQuiet: args.quiet,
    name: part?.name ?? '',
    best: () => bestOf?.(experiment.answer) ?? '',
  });
  const session = new Session(folder, engine, progress, settingOf);
  try {
    const answer = await drive(experiment, (request) => session.run(request), {
      parallel: engine.parallel,
      isStopped: () => interrupt.isRequested,
    });
    return { answer, isPartial: !experiment.done, folder, records: session.records };
  } finally {
    progress.stop();
    interrupt.release();
  }
}

class Session<P> {
  readonly records = new Map<string, RunRecord>();
  readonly #folder: ExperimentFolder;
  readonly #engine: Engine;
  readonly #progress: ExperimentProgress;
  readonly #settingOf: SettingOf<P>;

  constructor(
    folder: ExperimentFolder,
    engine: Engine,
    progress: ExperimentProgress,
    settingOf: SettingOf<P>,
  ) {
    this.#folder = folder;
    this.#engine = engine;
    this.#progress = progress;
    this.#settingOf = settingOf;
  }

  async run({ id, point, seed, replication }: RunRequest<P>): Promise<Metrics> {
    const known = this.#folder.find(id);
    const record =
      known ?? (await this.#engine.run({ id, setting: this.#settingOf(point.setting), seed, replication }));
    if (known === undefined) this.#folder.keep(id, record);
    this.records.set(id, record);
    this.#progress.made(known !== undefined);
    return record.metrics;
  }
}

/** Prints the answer, what has no effect in the scenarios, and where the results are; the exit code. */
export function conclude(
  { folder, isPartial }: Pick<Outcome<unknown>, 'folder' | 'isPartial'>,
  scenarios: readonly Scenario[],
  lines: readonly string[],
  isQuiet: boolean,
): number {
  if (!isQuiet) {
    const notes = noteLines(scenarios);
    const paragraphs = [lines, ...(notes.length > 0 ? [notes] : []), [`Results are in ${folder.path}/`]];
    console.log(paragraphs.map((paragraph) => paragraph.join('\n')).join('\n\n'));
  }
  if (isPartial) console.error('interrupted: the answer is the best so far; go on with --resume');
  return isPartial ? EXIT.interrupted : EXIT.ok;
}

/** Each once, though several scenarios share it. */
function noteLines(scenarios: readonly Scenario[]): string[] {
  const notes = scenarios.flatMap((scenario) =>
    inputNotes({ ...scenario, nSkippedRows: 0, notModelled: notModelled(scenario) }),
  );
  const width = Math.max(0, ...notes.map(([label]) => label.length));
  return [...new Set(notes.map(([label, text]) => `${label.padEnd(width)}  ${text}`))];
}
