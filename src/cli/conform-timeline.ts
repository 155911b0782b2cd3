// Plays the script of a recorded timeline and prints how far the two agree, by kind of object and owner.

import { dirname, join } from 'node:path';
import { InputError } from '../base/errors.ts';
import type { Comparison } from '../conformance/timelines/compare.ts';
import { conformTimeline } from '../conformance/timelines/conform-timeline.ts';
import type { Finding } from '../conformance/timelines/findings.ts';
import { Timeline } from '../conformance/timelines/timeline.ts';
import { DiskFiles } from './disk-files.ts';
import { painterOf } from './painter.ts';
import { terminalTable } from './terminal-table.ts';

/** @returns whether it agrees */
export async function conformTimelineFile(file: string, script: string | undefined): Promise<boolean> {
  const files = new DiskFiles();
  const recording = new Timeline(await files.read(file), file);
  const path = script ?? join(dirname(file), 'scripts', `${recording.name}.yaml`);
  const text = await files.read(path).catch((error) => {
    if (script !== undefined || !(error instanceof InputError)) throw error;
    throw new InputError([
      { file, message: `its script ${path} cannot be read; name it by --script: ${error.message}` },
    ]);
  });
  const comparison = conformTimeline(recording, { path, text });
  print(comparison);
  return comparison.agrees;
}

function print({ name, agrees, toleranceS, shiftS, findings }: Comparison): void {
  const paint = painterOf(process.stdout);
  const list = findings.list();
  const nMismatches = list.reduce((sum, finding) => sum + finding.nMismatches, 0);
  const verdict = agrees ? paint.green('agrees') : paint.red(`${nMismatches} differences`);
  const moved = shiftS > 0 ? `; moved by up to ${shiftS.toFixed(1)} s after changes of nodes` : '';
  console.log(`${name}: ${verdict}; tolerance ${toleranceS} s${moved}`);
  const rows = [...list].sort(byWeight).map((finding) => rowOf(finding));
  const head = ['  kind', 'of', 'largest difference', 'first mismatch'];
  for (const line of terminalTable(head, rows, head.length)) console.log(line);
}

/** Mismatches first, then by the largest difference. */
function byWeight(a: Finding, b: Finding): number {
  return Math.sign(b.nMismatches) - Math.sign(a.nMismatches) || b.largestS - a.largestS;
}

function rowOf({ kind, owner, largestS, largestWhat, firstMismatch = '' }: Finding): string[] {
  const largest = largestWhat === '' ? '' : `${largestS.toFixed(2)} s ${largestWhat}`;
  return [`  ${kind}`, owner, largest, firstMismatch];
}
