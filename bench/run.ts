// npm run bench [-- --only TEXT] [--repetitions N] [--compare FILE]; npm run bench:baseline adds --baseline.
// Runs the cases, each in a process of its own, and writes results/bench.json and results/BENCHMARKS.md. All of them take
// about an hour, the command with ten million pods four minutes of it, the cases of 100,000 nodes half of it. With --only,
// other cases keep the rows that the same machine wrote earlier. With --baseline the real scheduler's benchmark runs in
// turn with ours: theirs, ours, theirs, ours.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { type Baseline, buildBaseline } from './baseline.ts';
import { CASES, type Case } from './cases.ts';
import type { Figures } from './child.ts';
import { limitOf } from './limits/limits.ts';
import type { MachineSpeed } from './limits/machine-speed.ts';
import { comparison, figure, machine, markdown, median, type Report, type Row } from './report.ts';

const N_TURNS = 2;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    repetitions: { type: 'string' },
    compare: { type: 'string' },
    baseline: { type: 'boolean', default: false },
  },
});

/** What runs in processes of their own, as one file of plain JavaScript: loaders of TypeScript wrap functions. */
const CHILD = join('results', 'bench-child.mjs');
/** Young objects have the room from the start that a process gives them once it is warm. */
const FLAGS = ['--min-semi-space-size=64', '--max-semi-space-size=64', '--expose-gc'];

function runChild(...args: string[]): unknown {
  const { stdout, status } = spawnSync(process.execPath, [...FLAGS, CHILD, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${args[0]} failed`);
  return JSON.parse(stdout);
}

function runOurs({ name, nRepetitions }: Case): Figures {
  return runChild(name, options.repetitions ?? String(nRepetitions)) as Figures;
}

function runCase(each: Case, baseline: Baseline | undefined): Row {
  const { name, unit, wanted } = each;
  if (!baseline || each.kind !== 'scheduling' || each.ratioWanted === undefined)
    return { name, unit, figures: runOurs(each), ...(wanted && { wanted }) };
  const theirs: number[] = [];
  const turns: Figures[] = [];
  for (let turn = 0; turn < N_TURNS; turn++) {
    theirs.push(baseline(each.of));
    turns.push(runOurs(each));
  }
  const figures = {
    ...turns[0]!,
    rates: turns.flatMap(({ rates }) => rates),
    ratesFromCreation: turns.flatMap(({ ratesFromCreation }) => ratesFromCreation),
  };
  const ours = turns.map(({ rates }) => median(rates));
  return { name, unit, figures, ratioWanted: each.ratioWanted, baseline: { theirs, ours } };
}

function isWanted(each: Case): boolean {
  if (!each.name.includes(options.only ?? '')) return false;
  if (each.kind !== 'scenario' || !each.needsData || process.env.WAVETANK_DATA) return true;
  console.log(`${each.name}: skipped, WAVETANK_DATA does not name the data folder`);
  return false;
}

/** Rows of cases that are not run this time. */
function earlierRows(file: string): readonly Row[] {
  if (options.only === undefined || !existsSync(file)) return [];
  const earlier = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const isOfToday = earlier.speed !== undefined;
  return isOfToday && earlier.machine === machine() && earlier.node === process.version ? earlier.rows : [];
}

const built = options.baseline ? buildBaseline() : undefined;
if (typeof built === 'string') console.log(built);
const baseline = typeof built === 'string' ? undefined : built;
const before = options.compare ? (JSON.parse(readFileSync(options.compare, 'utf8')) as Report) : undefined;
mkdirSync('results', { recursive: true });
await build({
  entryPoints: [join('bench', 'child.ts')],
  outfile: CHILD,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
});
// The commands are started as users start them.
spawnSync(process.execPath, [join('scripts', 'prepare.js')], { stdio: 'inherit' });
const speed = runChild('machine') as MachineSpeed;
const rows: Row[] = [];
for (const each of CASES.filter(isWanted)) {
  const measured = runCase(each, baseline);
  const limit = limitOf(each, measured.figures, speed);
  const row = {
    ...measured,
    ...(limit && { limit }),
    ...(each.kind === 'command' && { nItems: each.of.nPods }),
  };
  rows.push(row);
  const { theirs, ours } = row.baseline ?? {};
  const ratio =
    theirs && ours ? `, ${Math.round(median(ours) / median(theirs))} times the real scheduler` : '';
  console.log(`${row.name}: ${figure(median(row.figures.rates))} ${row.unit}${ratio}`);
}
const report: Report = { machine: machine(), node: process.version, speed, rows };
const file = join('results', 'bench.json');
const known = new Map([...earlierRows(file), ...rows].map((row) => [row.name, row]));
const whole = { ...report, rows: CASES.flatMap(({ name }) => known.get(name) ?? []) };
writeFileSync(file, `${JSON.stringify(whole, undefined, 2)}\n`);
writeFileSync(join('results', 'BENCHMARKS.md'), markdown(whole));
console.log(`\n${markdown(report)}`);
if (before) console.log(comparison(report, before));
