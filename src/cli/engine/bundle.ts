// All files that a scenario is read from, as one text: workers on other machines need no files of their own.

import { digestOf } from '../../base/canonical-json.ts';
import { InputError } from '../../base/errors.ts';
import type { InstanceType } from '../../catalog/instance-type.ts';
import type { Files } from '../../scenario/files.ts';
import { loadPoint, type PointSetting } from '../../simulator/points.ts';

export interface Bundle {
  readonly texts: Readonly<Record<string, string>>;
  /** What a pattern was found to name, by {@link foundKey}. */
  readonly found: Readonly<Record<string, readonly string[]>>;
  readonly instanceTypes: readonly InstanceType[];
}

function foundKey(pattern: string, base: string): string {
  return `${base}\n${pattern}`;
}

/** Reads all that a setting names. @throws InputError for a setting that is no sound scenario */
export async function bundleOf(
  setting: PointSetting,
  files: Files,
  instanceTypes: readonly InstanceType[],
): Promise<Bundle> {
  const recorder = new RecordingFiles(files);
  const scenario = await loadPoint(setting, recorder, instanceTypes);
  for (const path of scenario.traceFiles.values()) await recorder.read(path);
  const { texts, found } = recorder;
  return { texts, found, instanceTypes };
}

export function bundleDigest(bundle: Bundle): string {
  return digestOf(bundle);
}

class RecordingFiles implements Files {
  readonly texts: Record<string, string> = {};
  readonly found: Record<string, readonly string[]> = {};
  readonly #files: Files;

  constructor(files: Files) {
    this.#files = files;
  }

  async read(path: string): Promise<string> {
    this.texts[path] ??= await this.#files.read(path);
    return this.texts[path];
  }

  async *lines(path: string): AsyncIterable<string> {
    yield* linesOf(await this.read(path));
  }

  async expand(pattern: string, base: string): Promise<readonly string[]> {
    const found = await this.#files.expand(pattern, base);
    this.found[foundKey(pattern, base)] = found;
    return found;
  }

  searched(base: string): string {
    return this.#files.searched(base);
  }
}

export function bundleFiles({ texts, found }: Bundle): Files {
  const read = (path: string): string => {
    const text = texts[path];
    if (text === undefined) throw new InputError([{ file: path, message: 'this file was not sent along' }]);
    return text;
  };
  return {
    read: async (path) => read(path),
    async *lines(path) {
      yield* linesOf(read(path));
    },
    expand: async (pattern, base) => found[foundKey(pattern, base)] ?? [],
    searched: () => 'among the files that were sent along',
  };
}

/** As files of the disk are read: a line feed at the end ends the last line. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
