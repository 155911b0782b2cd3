/** The comparison in TypeScript gives the verdicts of compare.py, on agreeing and on spoilt pairs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareTimelines } from '../src/conformance/timelines/compare.ts';
import { Timeline, type TimelineRow } from '../src/conformance/timelines/timeline.ts';
import { FOLDER, NAMES, playedText, recordedText } from './support/timelines.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;

type Spoil = (row: TimelineRow, rowIdx: number) => TimelineRow[];

/** Ways to make a timeline differ a little. */
const SPOILS: Readonly<Record<string, Spoil>> = {
  'as played': (row) => [row],
  'pods half a second late': (row) => [row.kind === 'Pod' ? { ...row, t: row.t + 0.5 } : row],
  'pods three seconds late': (row) => [row.kind === 'Pod' && row.t > 1 ? { ...row, t: row.t + 3 } : row],
  'every 40th row missing': (row, rowIdx) => (rowIdx % 40 === 39 && row.kind !== 'Script' ? [] : [row]),
  'status ten seconds late': (row) => [/Set|Job|Depl/.test(row.kind) ? { ...row, t: row.t + 10 } : row],
  'all pods on one node': (row) => [row.kind === 'Pod' && row.node ? { ...row, node: 'node-0' } : row],
  'another image': (row, rowIdx) => [row.kind === 'Pod' && rowIdx % 9 === 0 ? { ...row, image: 'x' } : row],
  'nodes twelve seconds late': (row) => [row.kind === 'Node' && row.t > 1 ? { ...row, t: row.t + 12 } : row],
  'refused evictions twice': (row) => (row.result === 'refused' ? [row, row, row] : [row]),
};

describe.skipIf(!hasPython)('verdicts of compare.py', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wavetank-timelines-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  // A process each: every recording gets its share of the ways.
  test.each(NAMES.filter((name) => name !== 'burst'))('%s', (name) => {
    const nameIdx = NAMES.indexOf(name);
    const recorded = recordedText(name);
    const { startedAt } = new Timeline(recorded, name);
    const rows = playedText(name, startedAt)
      .split('\n')
      .map((line) => JSON.parse(line) as TimelineRow);
    const ways = Object.entries(SPOILS).filter((_, wayIdx) => (wayIdx + nameIdx) % 4 === 0);
    for (const [how, spoil] of ways) {
      const text = rows
        .flatMap(spoil)
        .map((row) => JSON.stringify(row))
        .join('\n');
      const file = join(folder, `${name}.jsonl`);
      writeFileSync(file, text);
      const python = spawnSync(
        'python3',
        [`${FOLDER}/compare.py`, `${FOLDER}/${name}.jsonl.gz`, file, '-v'],
        {
          encoding: 'utf8',
        },
      );
      const { findings } = compareTimelines(new Timeline(recorded, name), new Timeline(text, name));
      const nMismatches = findings.list().reduce((sum, finding) => sum + finding.nMismatches, 0);
      const said = /: (\d+) differences/.exec(python.stdout)?.[1] ?? '0';
      expect(`${how}: ${nMismatches}`).toBe(`${how}: ${said}`);
    }
  });
});
