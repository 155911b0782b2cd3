// Replays recording files and prints a line for each subject, then the first disagreements side by side.

import Table from 'cli-table3';
import { InputError } from '../base/errors.ts';
import { Agreement, type Disagreement } from '../conformance/agreement.ts';
import { checkLine } from '../conformance/check-file.ts';
import { isTimelineLine } from '../conformance/timelines/conform-timeline.ts';
import type { ConformArgs } from './commands/conform.ts';
import { conformTimelineFile } from './conform-timeline.ts';
import { DiskFiles } from './disk-files.ts';
import { painterOf } from './painter.ts';

const PLAIN = { style: { head: [], border: [], compact: true } };
const WIDTH_MAX = 60;

/** @returns 1 if anything disagrees or could not be read */
export async function conform({ files, show, script }: ConformArgs): Promise<number> {
  const agreement = new Agreement();
  const unread: string[] = [];
  let agreesOverTime = true;
  for (const file of files) {
    const before = agreement.broken.length;
    try {
      if (await isTimelineFile(file)) {
        if (!(await conformTimelineFile(file, script))) agreesOverTime = false;
      } else await conformFile(file, agreement);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      unread.push(error.message);
    }
    for (const { line, message } of agreement.broken.slice(before))
      unread.push(`${file}:${line}: ${message}`);
  }
  print(agreement, unread, show);
  return agreement.agrees && agreesOverTime && unread.length === 0 ? 0 : 1;
}

async function isTimelineFile(file: string): Promise<boolean> {
  for await (const line of new DiskFiles().lines(file)) if (line.trim() !== '') return isTimelineLine(line);
  return false;
}

async function conformFile(file: string, agreement: Agreement): Promise<void> {
  let number = 0;
  for await (const line of new DiskFiles().lines(file)) {
    number++;
    if (line.trim() !== '') checkLine(line, number, agreement);
  }
  if (number === 0) throw new InputError([{ file, message: 'the file is empty' }]);
}

function print(agreement: Agreement, unread: readonly string[], show: number): void {
  const paint = painterOf(process.stdout);
  const table = new Table({ head: ['subject', 'agreed', 'total', ''], ...PLAIN });
  for (const [subject, { agreed, total }] of agreement.counts) {
    const verdict = agreed === total ? paint.green('all') : paint.red(`${total - agreed} differ`);
    table.push([subject, agreed, total, verdict]);
  }
  if (agreement.counts.size > 0) console.log(table.toString());
  const { disagreements } = agreement;
  if (disagreements.length > 0 && show > 0) console.log(sideBySide(disagreements.slice(0, show)));
  if (disagreements.length > show) console.log(`… and ${disagreements.length - show} more differences`);
  for (const message of unread) console.error(message);
}

function sideBySide(disagreements: readonly Disagreement[]): string {
  const table = new Table({
    head: ['case', 'subject', 'field', 'recorded', 'got'],
    wordWrap: true,
    ...PLAIN,
  });
  for (const { id, subject, field, expected, got } of disagreements) {
    table.push([id, subject, field, shortened(expected), shortened(got)]);
  }
  return table.toString();
}

function shortened(value: unknown): string {
  const text = value === undefined ? '(nothing)' : JSON.stringify(value);
  return text.length > WIDTH_MAX ? `${text.slice(0, WIDTH_MAX)}…` : text;
}
