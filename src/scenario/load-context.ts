/** What all steps of loading share: the scenario's text with its places, the files around it, and the problems so far. */
import { InputError, type Problem } from '../base/errors.ts';
import { formatPath } from '../kube/validate.ts';
import type { Files } from './files.ts';
import type { LocatedData, Place } from './located-yaml.ts';

export type Path = readonly (string | number)[];

export class LoadContext {
  readonly file: string;
  readonly files: Files;
  readonly problems: Problem[] = [];
  readonly #located: LocatedData;

  constructor(file: string, files: Files, located: LocatedData) {
    this.file = file;
    this.files = files;
    this.#located = located;
  }

  /** What the file says. */
  get data(): unknown {
    return this.#located.data;
  }

  place(path: Path): Place {
    return this.#located.place(path);
  }

  /** Reports a problem of the scenario file. */
  add(path: Path, message: string): void {
    this.problems.push({ ...this.place(path), path: formatPath(path), message });
  }

  /** The files that a pattern at `path` of the scenario names; reports it when there are none. */
  async find(pattern: string, path: Path): Promise<readonly string[]> {
    const found = await this.files.expand(pattern, this.file);
    if (found.length === 0) {
      const what = /[*?[{]/.test(pattern) ? 'no file matches' : 'there is no such file';
      this.add(
        path,
        `found ${JSON.stringify(pattern)}, but ${what} (looked ${this.files.searched(this.file)})`,
      );
    }
    return found;
  }

  /** The one file at `path` of the scenario; undefined, and reported, when there is none or are several. */
  async findOne(pattern: string, path: Path): Promise<string | undefined> {
    const found = await this.find(pattern, path);
    if (found.length > 1)
      this.add(path, `found ${JSON.stringify(pattern)}, which names ${found.length} files; expected one`);
    return found.length === 1 ? found[0] : undefined;
  }

  /** Runs a step that reads a file; what is wrong with the file is collected. */
  async attempt<T>(step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.problems.push(...error.problems);
      return undefined;
    }
  }
}
