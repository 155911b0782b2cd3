/** The recorded timelines, and playing their scripts. */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Timeline } from '../../src/conformance/timelines/timeline.ts';
import { play } from '../../src/simulator/play/play.ts';
import { readScript } from '../../src/simulator/play/read-script.ts';

export const FOLDER = 'conformance/timelines';

export const NAMES: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.jsonl.gz'))
  .map((file) => file.replace('.jsonl.gz', ''))
  .sort();

export function recordedText(name: string): string {
  return gunzipSync(readFileSync(`${FOLDER}/${name}.jsonl.gz`)).toString();
}

/** The rows of a play of the script of that name, as a file. */
export function playedText(name: string, startedAt: string, seed?: number): string {
  const file = `${FOLDER}/scripts/${name}.yaml`;
  const { rows } = play(readScript(readFileSync(file, 'utf8'), file), startedAt, seed);
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

/** A recording and a play of its script. */
export function pairOf(name: string, seed?: number): readonly [recorded: Timeline, simulated: Timeline] {
  const recorded = new Timeline(recordedText(name), name);
  return [recorded, new Timeline(playedText(name, recorded.startedAt, seed), name)];
}
