/** What the reader of results must know of the input: what was left out of it, and what has no effect. */
import type { RunReport } from './run-report.ts';
import { countText, plural } from './text.ts';

export type InputNotes = Pick<RunReport, 'ignored' | 'nHooks' | 'nSkippedRows' | 'missing' | 'notModelled'>;

/** A label and a sentence each. */
export function inputNotes({
  ignored,
  nHooks,
  nSkippedRows,
  missing,
  notModelled,
}: InputNotes): [label: string, text: string][] {
  const texts: [string, string][] = [];
  if (ignored.size > 0)
    texts.push(['Ignored', [...ignored].map(([kind, n]) => `${countText(n)} ${kind}`).join(', ')]);
  if (nHooks > 0) texts.push(['Left out', `${plural(nHooks, 'object')} that Helm runs as hooks or tests`]);
  if (nSkippedRows > 0)
    texts.push(['Skipped', `${plural(nSkippedRows, 'row')} of input that cannot be read`]);
  for (const sentence of missing) texts.push(['Missing', sentence]);
  for (const sentence of notModelled) texts.push(['Not modelled', sentence]);
  return texts;
}
