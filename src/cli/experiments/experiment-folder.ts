// The folder of an experiment: `experiment.json` says of what, `runs/<point>/<replication>.json` holds each run as soon as
// it is made, tables come at the end. An experiment that was interrupted, even by the machine, goes on from its runs.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { type RunRecord, recordText } from '../engine/job.ts';
import { guarded, MARKER, markerText, OutputFolder } from '../output-folder.ts';
import { MOST_ALLOCATED_PART } from './plan-data.ts';

const IDENTITY = 'experiment.json';
/** Folders of runs that an experiment may have. */
const RUNS = ['runs/', MOST_ALLOCATED_PART.runs];

/** What an experiment is of: results of another one are not mixed with its own. */
export interface ExperimentIdentity {
  readonly command: string;
  readonly version: string;
  /** Digests of the scenarios. */
  readonly scenarios: readonly string[];
  readonly seed: string;
}

export interface FolderFlags {
  readonly resume: boolean;
  readonly force: boolean;
}

export class ExperimentFolder {
  readonly path: string;
  readonly #names = [IDENTITY, ...RUNS];
  readonly #runs: string;

  /** @throws InputError for the folder of another experiment, EnvironmentError for one that cannot be written */
  constructor(path: string, identity: ExperimentIdentity, { resume, force }: FolderFlags, runs = 'runs/') {
    this.path = path;
    this.#runs = runs;
    if (resume && existsSync(join(path, IDENTITY))) checkIdentity(path, identity);
    else this.#replace(identity, force);
  }

  /** The run of this id, if it was made before. */
  find(id: string): RunRecord | undefined {
    const path = join(this.path, this.#runs, `${id}.json`);
    if (!existsSync(path)) return undefined;
    return JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
  }

  keep(id: string, record: RunRecord): void {
    this.#put(`${this.#runs}${id}.json`, recordText(record));
  }

  write(name: string, text: string): void {
    this.#put(name, text);
    if (!this.#names.includes(name)) this.#names.push(name);
    this.#put(MARKER, markerText(this.#names));
  }

  #replace(identity: ExperimentIdentity, force: boolean): void {
    const fresh = new OutputFolder(this.path, force);
    fresh.write(IDENTITY, `${JSON.stringify(identity, null, 2)}\n`);
    fresh.commit();
    this.#put(MARKER, markerText(this.#names));
  }

  /** A file is there whole or not at all. */
  #put(name: string, text: string): void {
    const path = join(this.path, name);
    guarded(this.path, () => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.partial`, text);
      renameSync(`${path}.partial`, path);
    });
  }
}

function checkIdentity(path: string, identity: ExperimentIdentity): void {
  const found = readIdentity(path);
  const differs = (Object.keys(identity) as (keyof ExperimentIdentity)[]).filter(
    (key) => String(found[key]) !== String(identity[key]),
  );
  if (differs.length === 0) return;
  const what = differs.map((key) => `${key} ${found[key]}, not ${identity[key]}`).join('; ');
  throw new InputError(
    `${path} holds the results of another experiment (${what}): choose another folder with --out, or leave out --resume to replace it`,
  );
}

function readIdentity(path: string): Partial<ExperimentIdentity> {
  try {
    return JSON.parse(readFileSync(join(path, IDENTITY), 'utf8')) as Partial<ExperimentIdentity>;
  } catch {
    throw new InputError([
      { file: join(path, IDENTITY), message: 'this is no JSON: nothing can be resumed' },
    ]);
  }
}
