/** Replays recorded vector files; a test for each file, so that a red one is named. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { Agreement } from '../../src/conformance/agreement.ts';
import { checkLine } from '../../src/conformance/check-file.ts';
import { root } from './cli.ts';

const VECTORS = join(root, 'conformance', 'vectors');
const N_SHOWN = 3;

/** The recordings in a folder. */
export function vectorFiles(folder: string): string[] {
  return readdirSync(join(VECTORS, folder))
    .filter((name) => name.endsWith('.jsonl.gz'))
    .sort()
    .map((name) => join(folder, name));
}

export function vectorLines(file: string): string[] {
  const text = gunzipSync(readFileSync(join(VECTORS, file))).toString();
  return text.split('\n').filter((line) => line !== '');
}

/** Every line of every file must agree in every field, and count for something. */
export function itAgreesWith(files: readonly string[]): void {
  it.each(files)('%s', (file) => {
    const agreement = new Agreement();
    const lines = vectorLines(file);
    lines.forEach((line, i) => {
      const before = totalOf(agreement);
      checkLine(line, i + 1, agreement);
      expect(totalOf(agreement), `line ${i + 1} holds no answer`).toBeGreaterThan(before);
    });
    expect(agreement.broken).toEqual([]);
    expect(agreement.disagreements.slice(0, N_SHOWN)).toEqual([]);
  });
}

function totalOf({ counts, broken }: Agreement): number {
  let sum = broken.length;
  for (const { total } of counts.values()) sum += total;
  return sum;
}
