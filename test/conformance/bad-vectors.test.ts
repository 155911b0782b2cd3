/** Recordings that cannot be read: named by line and reason, and the rest still counts. */
import { describe, expect, it } from 'vitest';
import { Agreement } from '../../src/conformance/agreement.ts';
import { checkLine } from '../../src/conformance/check-file.ts';
import { vectorLines } from '../support/vectors.ts';

const GOOD = vectorLines('modern/preempt-1.jsonl.gz')[0]!;

/** The complaint about one line. */
function complaint(text: string): string | undefined {
  const agreement = new Agreement();
  checkLine(text, 1, agreement);
  expect(agreement.disagreements).toEqual([]);
  return agreement.broken[0]?.message;
}

const changed = (change: object) => JSON.stringify({ ...JSON.parse(GOOD), ...change });
const KINDS = 'classic, plugins, sampling, sequence, preempt, default profile';

describe('a line that cannot be checked', () => {
  it.each([
    ['is cut off', GOOD.slice(0, -20), 'not JSON (is the file truncated?)'],
    ['is no JSON', 'hello', 'not JSON (is the file truncated?)'],
    ['is a list', '[1]', 'not a JSON object'],
    ['is a number', '7', 'not a JSON object'],
    ['is null', 'null', 'not a JSON object'],
    ['holds nothing', '{}', `unknown kind of line; known are ${KINDS}`],
    ['has cases that are no list', changed({ cases: {} }), `unknown kind of line; known are ${KINDS}`],
    [
      'is of another release',
      changed({ kubernetes: 'v1.30.0' }),
      'recorded from Kubernetes v1.30.0; preempt lines can be checked for v1.37.2',
    ],
    [
      'does not say its release',
      changed({ kubernetes: undefined }),
      'recorded from Kubernetes undefined; preempt lines can be checked for v1.37.2',
    ],
    [
      'is of another classic release',
      '{"maxPriority": 10, "version": "v1.15.0"}',
      'recorded from Kubernetes v1.15.0; classic lines can be checked for v1.16.15, v1.17.17',
    ],
    ['lacks its cluster', changed({ cluster: undefined }), expect.any(String)],
  ])('because it %s', (_, text, message) => {
    expect(complaint(text)).toEqual(message);
  });

  it('is named by its number, and the lines around it count', () => {
    const agreement = new Agreement();
    [GOOD, GOOD.slice(0, 99), GOOD].forEach((line, i) => {
      checkLine(line, i + 1, agreement);
    });
    expect(agreement.broken.map(({ line }) => line)).toEqual([2]);
    expect(agreement.agrees).toBe(false);
    const counts = [...agreement.counts.values()];
    expect(counts.every(({ agreed, total }) => agreed === total && total % 2 === 0)).toBe(true);
    expect(counts.length).toBeGreaterThan(0);
  });

  it('is nothing against a good line', () => {
    expect(complaint(GOOD)).toBeUndefined();
  });
});

describe('a line that is not what the scheduler does', () => {
  it('is told with the first field that differs', () => {
    const line = JSON.parse(GOOD);
    const agreement = new Agreement();
    line.cases[0].expect.code = 'Wrong';
    checkLine(JSON.stringify(line), 1, agreement);
    expect(agreement.broken).toEqual([]);
    expect(agreement.disagreements[0]).toMatchObject({
      id: line.cases[0].id,
      field: 'code',
      expected: 'Wrong',
    });
    expect(agreement.agrees).toBe(false);
  });
});
