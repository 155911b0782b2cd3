// What goes wrong outside a scenario's own text: exit codes, messages, and nothing left behind.

import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, cli, removeCli, SMALL, TestFolder } from '../support/cli.ts';

beforeAll(buildCli);
afterAll(removeCli);

let folder = new TestFolder();
afterEach(() => {
  folder.remove();
  folder = new TestFolder();
});

const CLUSTER = 'cluster: {nodeGroups: [{name: a, count: 1, allocatable: {cpu: 4, memory: 8Gi}}]}\n';
const trace = (file: string, more = '') =>
  `${CLUSTER}workload: [{trace: csv, file: ${file}, columns: {submit: t}${more}}]\n`;
const rows = `t\n${Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join('')}`;
const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);

interface Row {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly args?: readonly string[];
  readonly message: string;
}

const TABLE: Readonly<Record<string, Row>> = {
  'a scenario that is not there': { files: {}, message: 's.yaml: there is no such file' },
  'a folder instead of a scenario': {
    files: { 's.yaml/a.txt': '' },
    message: 's.yaml: this is a folder, not a file',
  },
  'a scenario with mistakes': {
    files: { 's.yaml': 'clutser: {}\ncluster: {nodeGroups: 5}' },
    message: 's.yaml:2:11: cluster.nodeGroups: found 5, expected a list\n2 problems; nothing was written',
  },
  'an empty trace': {
    files: { 's.yaml': trace('t.csv'), 't.csv': '' },
    message: 't.csv:1: the trace is empty',
  },
  'a trace with a header only': {
    files: { 's.yaml': trace('t.csv'), 't.csv': 't\n' },
    message: 't.csv:1: the trace has no usable row',
  },
  'a trace without the column': {
    files: { 's.yaml': trace('t.csv'), 't.csv': 'time\n1\n' },
    message: 't.csv:1: no column "t" in the header (time)',
  },
  'a wrong row late in a trace, after the run has begun': {
    files: { 's.yaml': trace('t.csv'), 't.csv': `${rows}late\n` },
    message: 't.csv:20002: t: found "late", expected a number of at least 0',
  },
  'a truncated .gz': {
    files: { 's.yaml': trace('t.csv.gz'), 't.csv.gz': half(gzipSync(rows)) },
    message: 't.csv.gz: the .gz file is truncated: it ends in the middle of its data',
  },
  'a .gz that is none': {
    files: { 's.yaml': trace('t.csv.gz'), 't.csv.gz': 't\n1\n' },
    message: 't.csv.gz: this is no .gz file, though it is named so',
  },
  'a snapshot whose .gz is truncated': {
    files: { 's.yaml': 'cluster: {snapshot: [n.json.gz]}', 'n.json.gz': half(gzipSync(rows)) },
    message: 'n.json.gz: the .gz file is truncated: it ends in the middle of its data',
  },
  'a catalogue that is not there': {
    files: { 's.yaml': SMALL },
    args: ['--catalog', 'types.csv'],
    message: 'types.csv: there is no such file',
  },
  'an end that is no duration': {
    files: { 's.yaml': SMALL },
    args: ['--until', '5'],
    message: 'wavetank: --until: "5" has no unit: write "5s" for seconds, or one of ns us ms s m h d w',
  },
  'an end in the past': {
    files: { 's.yaml': SMALL },
    args: ['--until', '0s'],
    message: 'wavetank: --until: must be greater than 0',
  },
};

describe('wavetank run refuses', () => {
  it.each(Object.entries(TABLE))('%s', async (_, { files, args = [], message }) => {
    for (const [name, content] of Object.entries(files)) folder.write(name, content);
    const before = folder.list();
    const { code, stdout, stderr } = await cli(['run', 's.yaml', ...args], { cwd: folder.path });
    expect(stderr).toContain(`${message}\n`);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([code, stdout]).toEqual([2, '']);
    expect(folder.list().filter((name) => name !== 'results')).toEqual(before);
    expect(folder.list('results')).toEqual([]);
  });

  it('nothing when wrong rows are to be skipped, and counts them', async () => {
    folder.write('s.yaml', trace('t.csv', ', onBadRow: skip'));
    folder.write('t.csv', 't\n1\nx\n2\n');
    const { code, stdout } = await cli(['run', 's.yaml'], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stdout).toContain('1 row of input that cannot be read');
  });
});
