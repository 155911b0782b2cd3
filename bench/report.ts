/** Figures of a run as a table for people, in the terminal and in BENCHMARKS.md. */
import { cpus, totalmem } from 'node:os';
import type { Figures } from './child.ts';
import type { Limit } from './limits/limits.ts';
import type { AccessCost, MachineSpeed } from './limits/machine-speed.ts';

export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly figures: Figures;
  /** Pods per CPU second of the real scheduler, one value a turn, and of ours in the same turns. */
  readonly baseline?: { readonly theirs: readonly number[]; readonly ours: readonly number[] };
  readonly ratioWanted?: number;
  /** What is aimed at without a comparison. */
  readonly wanted?: string;
  /** Pods in the whole run, where the figure is that of a run. */
  readonly nItems?: number;
  /** What the machine sets, measured in the same run; absent where nothing is counted. */
  readonly limit?: Limit;
}

export interface Report {
  readonly machine: string;
  readonly node: string;
  readonly speed: MachineSpeed;
  readonly rows: readonly Row[];
}

export function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} x ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const whole = (n: number) => Math.round(n).toLocaleString('en-US');
/** Three digits, or whole. */
export const figure = (n: number) => (n < 100 ? n.toPrecision(3) : whole(n));

const HEAD = [
  'case',
  'unit',
  'median',
  'min',
  'max',
  'cold',
  'from creation',
  'peak MiB',
  'real scheduler',
  'ratio',
  'wanted',
  'notes',
];

function cells({ name, unit, figures, baseline, ratioWanted, wanted = '' }: Row): string[] {
  const { rates, ratesFromCreation, cold, notes, peakRssMiB } = figures;
  const theirs = baseline && median(baseline.theirs);
  return [
    name,
    unit,
    figure(median(rates)),
    figure(Math.min(...rates)),
    figure(Math.max(...rates)),
    figure(cold),
    ratesFromCreation.length > 0 ? whole(median(ratesFromCreation)) : '',
    whole(peakRssMiB),
    theirs ? whole(theirs) : '',
    theirs ? `${whole(median(baseline.ours) / theirs)}` : '',
    theirs && ratioWanted ? `>= ${ratioWanted}` : wanted,
    notes.join('; '),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
}

export function markdown({ machine, node, speed, rows }: Report): string {
  return [
    '# Benchmarks',
    '',
    `Machine: ${machine}. Node ${node}. CPU time is user and system time of the whole process. Each case runs in a`,
    'process of its own; the median is that of the repetitions after uncounted ones, "cold" is the very first.',
    '',
    ...table(HEAD, rows.map(cells)),
    '',
    growth(rows),
    '',
    ...limits(rows, speed),
    '',
  ].join('\n');
}

const LIMIT_HEAD = ['case', 'measured ns', 'bound', 'ns at the bound', 'factor', 'counted'];

function limits(rows: readonly Row[], { copyBytesPerSecond, multiplyNs, ...costs }: MachineSpeed): string[] {
  const accesses = (list: readonly AccessCost[]) =>
    list.map(({ bytes, ns }) => `${bytes / 1024} KiB ${figure(ns)}`).join(', ');
  return [
    '## Physical limits',
    '',
    'What an event or a pod costs, and what it would at least cost on this machine: the highest of the bounds that follow from',
    "what must be read, written and computed for it, at the machine's speed as measured in the same run. The code of a bound",
    'is in `bench/limits/limits.ts`. Cases that are missing do not touch much memory again and again: they are bound by the',
    'number of steps.',
    '',
    `Copying: ${figure(copyBytesPerSecond / 1e9)} GB/s. A multiplication that waits for another: ${figure(multiplyNs)} ns.`,
    `A read that waits for another, by size of the memory: ${accesses(costs.dependentNs)} ns.`,
    `Reads that do not wait: ${accesses(costs.independentNs)} ns each.`,
    '',
    ...table(LIMIT_HEAD, rows.flatMap(limitCells)),
  ];
}

function limitCells({ name, unit, figures, limit, nItems = 1 }: Row): string[][] {
  if (!limit) return [];
  const rate = median(figures.rates);
  const ns = 1e9 / (unit === 'CPU s' ? nItems / rate : rate);
  return [[name, figure(ns), limit.bound, figure(limit.ns), (ns / limit.ns).toFixed(1), limit.counts]];
}

/** What one pod costs on the largest cluster against the smallest, every node scored. */
function growth(rows: readonly Row[]): string {
  const plain = rows
    .map(({ name, figures }) => ({ match: /^plain, (\d+) nodes, all scored$/.exec(name), figures }))
    .flatMap(({ match, figures }) =>
      match ? [{ nNodes: Number(match[1]), rate: median(figures.rates) }] : [],
    )
    .sort((a, b) => a.nNodes - b.nNodes);
  const steps = plain.map(
    ({ nNodes, rate }) => `${whole(nNodes)} nodes ${(plain[0]!.rate / rate).toFixed(2)}`,
  );
  return steps.length < 2 ? '' : `Cost of a pod, plain, all scored, by number of nodes: ${steps.join(', ')}.`;
}

/** The change of each case's median against an earlier run. */
export function comparison(now: Report, before: Report): string {
  const lines = now.rows.map(({ name, figures }) => {
    const old = before.rows.find((row) => row.name === name);
    if (!old) return `${name}: new`;
    const change = median(figures.rates) / median(old.figures.rates) - 1;
    return `${name}: ${change >= 0 ? '+' : ''}${(100 * change).toFixed(1)} %`;
  });
  return [`Against ${before.machine}, Node ${before.node}:`, ...lines].join('\n');
}
