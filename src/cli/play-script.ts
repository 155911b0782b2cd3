// Plays a timeline's script into a file. The file appears when all of it is written.

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { EnvironmentError } from '../base/errors.ts';
import { play } from '../simulator/play/play.ts';
import { readScript } from '../simulator/play/read-script.ts';
import type { PlayArgs } from './commands/play.ts';
import { DiskFiles } from './disk-files.ts';

export async function playScript({ script: file, startedAt, out, seed, quiet }: PlayArgs): Promise<void> {
  const script = readScript(await new DiskFiles().read(file), file);
  const { rows, refused, nEvents } = play(script, startedAt, seed);
  writeWhole(out, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  for (const { action, doneUs, refusal } of refused) {
    console.error(`${script.name}: ${action.name} was refused at ${(doneUs / 1e6).toFixed(3)} s: ${refusal}`);
  }
  if (!quiet) console.log(`${script.name}: ${rows.length} rows of ${nEvents} events are in ${out}`);
}

function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.part`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new EnvironmentError(`${path}: cannot be written: ${(error as Error).message}`);
  }
}
