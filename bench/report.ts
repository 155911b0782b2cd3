/** Figures of a run as a table for people, in the terminal and in BENCHMARKS.md. */
import { cpus, totalmem } from 'node:os';
import type { Figures } from './child.ts';

export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly figures: Figures;
  /** Pods per CPU second of the real scheduler, one value a turn, and of ours in the same turns. */
  readonly baseline?: { readonly theirs: readonly number[]; readonly ours: readonly number[] };
  readonly ratioWanted?: number;
  /** What is aimed at without a comparison. */
  readonly wanted?: string;
}

export interface Report {
  readonly machine: string;
  readonly node: string;
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
  'left to the plain scan because',
];

function cells({ name, unit, figures, baseline, ratioWanted, wanted = '' }: Row): string[] {
  const { rates, ratesFromCreation, cold, plain, peakRssMiB } = figures;
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
    plain.join('; '),
  ];
}

export function markdown({ machine, node, rows }: Report): string {
  const lines = [HEAD, HEAD.map(() => '---'), ...rows.map(cells)].map((row) => `| ${row.join(' | ')} |`);
  return [
    '# Benchmarks',
    '',
    `Machine: ${machine}. Node ${node}. CPU time is user and system time of the whole process. Each case runs in a`,
    'process of its own; the median is that of the repetitions after uncounted ones, "cold" is the very first.',
    '',
    ...lines,
    '',
    growth(rows),
    '',
  ].join('\n');
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
