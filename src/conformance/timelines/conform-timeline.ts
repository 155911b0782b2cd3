/** A recording against a play of its script. */
import { play } from '../../simulator/play/play.ts';
import { readScript } from '../../simulator/play/read-script.ts';
import { type Comparison, compareTimelines } from './compare.ts';
import { Timeline } from './timeline.ts';

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Is this the first line of a timeline? */
export function isTimelineLine(line: string): boolean {
  return /^\{.*"kind":"(Node|Script|Pod)"/.test(line) && /"t":-?[\d.]+/.test(line);
}

/** @throws InputError when the recording or the script is wrong */
export function conformTimeline(recording: Timeline, script: TextFile): Comparison {
  const { rows } = play(readScript(script.text, script.path), recording.startedAt);
  const text = rows.map((row) => JSON.stringify(row)).join('\n');
  return compareTimelines(recording, new Timeline(text, script.path));
}
