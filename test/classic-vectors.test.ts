import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Agreement } from '../src/conformance/agreement.ts';
import { checkLine } from '../src/conformance/check-file.ts';

const FOLDER = new URL('../conformance/vectors/classic/', import.meta.url);

function linesOf(version: string): string[] {
  const folder = new URL(`${version}/`, FOLDER);
  return readdirSync(folder).flatMap((file) =>
    gunzipSync(readFileSync(new URL(file, folder)))
      .toString()
      .trimEnd()
      .split('\n'),
  );
}

function replay(lines: readonly string[]): Agreement {
  const agreement = new Agreement();
  lines.forEach((line, i) => {
    checkLine(line, i + 1, agreement);
  });
  return agreement;
}

describe('recorded answers of the classic scheduler', () => {
  // 24 predicates in 360 cases, 18 priorities in 264, 176 whole decisions; 1.17 has 4 predicates fewer and 1 priority more.
  test.each([
    ['v1.16.15', 24 * 360 + 18 * 264 + 176],
    ['v1.17.17', 20 * 360 + 19 * 264 + 176],
  ])(
    '%s: all agree in every field',
    (version, nAnswers) => {
      const agreement = replay(linesOf(version));
      expect(agreement.disagreements.slice(0, 3)).toEqual([]);
      expect(agreement.broken).toEqual([]);
      expect([...agreement.counts.values()].reduce((sum, { total }) => sum + total, 0)).toBe(nAnswers);
    },
    60_000,
  );

  test('an answer of the other release is told apart', () => {
    const line = linesOf('v1.16.15').find((text) => text.startsWith('{"id":"priorities-'))!;
    const agreement = replay([line.replace('"version":"v1.16.15"', '"version":"v1.17.17"')]);
    expect(agreement.agrees).toBe(false);
  });

  test('a release that was not recorded is refused by its name', () => {
    const agreement = replay(['{"version":"v1.15.0","maxPriority":10}']);
    expect(agreement.broken[0]?.message).toMatch(/v1\.15\.0; classic lines .* v1\.16\.15, v1\.17\.17/);
  });
});
