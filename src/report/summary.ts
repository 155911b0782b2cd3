/** The summary of a run for a terminal, as lines of text. */
import type { LatencySummary } from '../metrics/latency-book.ts';
import type { PoolSummary, RunMetrics } from '../metrics/run-metrics.ts';
import { inputNotes } from './input-notes.ts';
import { type Painter, PLAIN } from './painter.ts';
import type { RunReport, Timing } from './run-report.ts';
import { totalOf } from './tables/api.ts';
import { resourceUnit } from './tables/resources.ts';
import {
  bytesText,
  countText,
  durationText,
  numberText,
  percentText,
  plural,
  shortened,
  wrapped,
} from './text.ts';

export interface SummaryOptions {
  /** Columns of the terminal; default 100. */
  readonly width?: number;
  readonly painter?: Painter;
  readonly timing?: Timing;
}

const LABEL_WIDTH = 13;
const N_REASONS_MAX = 5;
const N_BAR = 20;
/** Queues that were shorter or faster are in queues.csv alone. */
const LONG_QUEUE = 100;
const LONG_WAIT_US = 1_000_000;
const N_QUEUES_MAX = 4;
/** The others are in summary.json alone. */
const N_REFUSALS_MAX = 20;
/** Resources that the terminal shows even if nobody asks for them. */
const ALWAYS_SHOWN: readonly string[] = ['cpu', 'memory'];
/** Phases that the terminal shows; latency.csv has all of them. */
const SHOWN_PHASES: readonly string[] = [
  'scheduling',
  'start',
  'pull',
  'startup',
  'rollout',
  'recovery',
  'makespan',
];

export function renderSummary(report: RunReport, options: SummaryOptions = {}): string[] {
  const { width = 100, painter = PLAIN, timing } = options;
  const { metrics } = report;
  const label = (name: string, text: string) => `${painter.bold(name.padEnd(LABEL_WIDTH))}${text}`;
  return [
    headLine(report, timing, painter),
    '',
    ...flow('Pods', podParts(metrics, painter), width, label),
    ...pendingLines(metrics, width, painter),
    ...latencyLines(metrics, label, painter),
    ...startupLine(metrics, label, painter),
    ...flow('Nodes', nodesParts(metrics), width, label),
    ...utilizationLines(metrics, label, width, painter),
    ...workloadLines(metrics, label, width),
    ...apiLines(metrics, label, width),
    ...queueLines(metrics, label, width),
    ...inputLines(report, label, width),
  ];
}

function headLine(
  { name, metrics, isPartial }: RunReport,
  timing: Timing | undefined,
  painter: Painter,
): string {
  const simulated = `${durationText(metrics.endUs)} simulated`;
  const took = timing ? ` in ${durationText(timing.wallSeconds * 1e6)}` : '';
  const isFaster = timing !== undefined && metrics.endUs > timing.wallSeconds * 2e6;
  const speed = isFaster
    ? ` (${numberText(metrics.endUs / 1e6 / timing.wallSeconds)} times as fast as the clock)`
    : '';
  const partial = isPartial ? painter.yellow(' · stopped before the end') : '';
  return `${painter.bold(name)} · ${simulated}${took}${speed}${partial}`;
}

type Label = (name: string, text: string) => string;
type Part = readonly [text: string, paint?: (text: string) => string];

/** Parts with dots between them, on as many lines as they need. */
function flow(name: string, parts: readonly Part[], width: number, label: Label): string[] {
  const lines: string[] = [];
  let line = '';
  let nChars = 0;
  for (const [text, paint] of parts) {
    const isFull = nChars > 0 && LABEL_WIDTH + nChars + 3 + text.length > width;
    if (isFull) lines.push(line);
    if (isFull || nChars === 0) {
      line = '';
      nChars = 0;
    }
    const dot = nChars > 0 ? ' · ' : '';
    line += dot + (paint ? paint(text) : text);
    nChars += dot.length + text.length;
  }
  return [...lines, line].map((one, i) => (i === 0 ? label(name, one) : ' '.repeat(LABEL_WIDTH) + one));
}

function podParts({ pods, scheduling, evictions }: RunMetrics, painter: Painter): Part[] {
  const parts: Part[] = [
    [`${countText(pods.nCreated)} created`],
    [`${countText(pods.nScheduled)} scheduled`],
    [`${countText(pods.nPending)} pending`, pods.nPending > 0 ? painter.yellow : painter.green],
  ];
  const more: [number, string][] = [
    [pods.nRunning, 'running'],
    [pods.nStarting, 'starting'],
    [pods.nSucceeded, 'succeeded'],
    [pods.nFailed, 'failed'],
    [pods.nDeleted, 'deleted'],
    [pods.nRestarts, pods.nRestarts === 1 ? 'restart' : 'restarts'],
    [scheduling.nVictims, 'preempted'],
    ...Object.entries(evictions).map(([reason, n]): [number, string] => [n, `evicted (${reason})`]),
  ];
  for (const [n, what] of more) if (n > 0) parts.push([`${countText(n)} ${what}`]);
  return parts;
}

function pendingLines({ pending }: RunMetrics, width: number, painter: Painter): string[] {
  const nWidth = Math.max(0, ...pending.map(({ nPods }) => countText(nPods).length));
  const indent = LABEL_WIDTH + nWidth + 2;
  const lines = pending.slice(0, N_REASONS_MAX).flatMap(({ reason, nPods, example }) => {
    const [first = '', ...others] = wrapped(`${reason} (${example})`, Math.max(40, width - indent));
    const count = painter.yellow(countText(nPods).padStart(nWidth));
    return [
      `${' '.repeat(LABEL_WIDTH)}${count}  ${first}`,
      ...others.map((line) => ' '.repeat(indent) + line),
    ];
  });
  const nMore = pending.length - N_REASONS_MAX;
  if (nMore > 0) lines.push(`${' '.repeat(indent)}and for ${plural(nMore, 'other reason')}: see pods.csv`);
  return lines;
}

function latencyLines({ latency }: RunMetrics, label: Label, painter: Painter): string[] {
  const rows = latency.filter(({ phase, className }) => className === '' && SHOWN_PHASES.includes(phase));
  if (rows.length === 0) return [];
  const cells = (row: LatencySummary) => [row.p50Us, row.p90Us, row.p99Us, row.maxUs].map(durationText);
  const line = (columns: readonly string[]) => columns.map((text) => text.padStart(9)).join('');
  return [
    label('Latency', painter.dim(line(['p50', 'p90', 'p99', 'max', 'count']))),
    ...rows.map((row) => `  ${row.phase.padEnd(LABEL_WIDTH - 2)}${line([...cells(row), countText(row.n)])}`),
  ];
}

function startupLine({ startupObjective }: RunMetrics, label: Label, painter: Painter): string[] {
  const { nPods, p99Us, boundUs, isMet } = startupObjective;
  // Where nothing takes time there is nothing to promise.
  if (p99Us === null || p99Us === 0) return [];
  const verdict = isMet ? painter.green('met') : painter.red('missed');
  const text = `p99 ${durationText(p99Us)} of ${plural(nPods, 'pod')}, objective ${durationText(boundUs)}: ${verdict}`;
  return [label('Start-up', text)];
}

function nodesParts({ pools }: RunMetrics): Part[] {
  const [cluster, ...others] = pools as [PoolSummary, ...PoolSummary[]];
  const most = cluster.nNodesMax > cluster.nNodes ? ` (at most ${countText(cluster.nNodesMax)})` : '';
  const parts: Part[] = [
    [`${countText(cluster.nNodes)}${most} in ${plural(others.length, 'pool')}`],
    [`${numberText(cluster.nodeHours)} node hours`],
  ];
  if (cluster.cost !== null) parts.push([`cost ${cluster.cost.toFixed(2)}`]);
  return parts;
}

function bar(ratio: number, painter: Painter): string {
  const nFull = Math.round(Math.min(1, Math.max(0, ratio)) * N_BAR);
  const paint = ratio > 0.9 ? painter.red : ratio > 0.7 ? painter.yellow : painter.green;
  return paint('█'.repeat(nFull)) + painter.dim('░'.repeat(N_BAR - nFull));
}

function amountText(resource: string, amount: number): string {
  const { unit, scale } = resourceUnit(resource);
  if (unit === 'bytes') return bytesText(amount);
  return `${numberText(amount * scale)}${unit && ` ${unit}`}`;
}

function utilizationLines({ pools }: RunMetrics, label: Label, width: number, painter: Painter): string[] {
  const resources = pools[0]!.resources.filter(
    ({ resource, meanRatio, ratioMax }) =>
      meanRatio !== null && (ratioMax! > 0 || ALWAYS_SHOWN.includes(resource)),
  );
  if (resources.length === 0) return [];
  const line = (columns: readonly string[]) => columns.map((text) => text.padStart(8)).join('');
  const nameWidth = Math.min(
    30,
    Math.max(LABEL_WIDTH, ...resources.map(({ resource }) => resource.length + 3)),
  );
  const isUseKnown = resources.some(({ usedMeanRatio }) => usedMeanRatio !== null);
  const heads = ['mean', 'peak', 'at end', ...(isUseKnown ? ['in use'] : [])];
  const gap = ' '.repeat(nameWidth - LABEL_WIDTH + N_BAR);
  const rows = resources.map(({ resource, meanRatio, ratioMax, requested, allocatable, usedMeanRatio }) => {
    const atEnd = allocatable > 0 ? requested / allocatable : null;
    const ratios = [meanRatio, ratioMax, atEnd, ...(isUseKnown ? [usedMeanRatio] : [])];
    const name = `  ${shortened(resource, nameWidth - 3)} `.padEnd(nameWidth);
    const of = width >= 90 ? `  of ${amountText(resource, allocatable)}` : '';
    return `${name}${bar(meanRatio!, painter)}${line(ratios.map(percentText))}${of}`;
  });
  return [label('Requested', painter.dim(gap + line(heads))), ...rows];
}

function workloadLines({ workloads }: RunMetrics, label: Label, width: number): string[] {
  const { jobs, nWorkloads, nDisruptions, nRollouts, missedReplicaUs, desiredReplicaUs } = workloads;
  const lines: string[] = [];
  if (nWorkloads > 0) {
    const parts: Part[] = [[countText(nWorkloads)]];
    if (desiredReplicaUs > 0)
      parts.push([`${percentText(1 - missedReplicaUs / desiredReplicaUs)} of desired replicas ready`]);
    if (nRollouts > 0) parts.push([plural(nRollouts, 'rollout')]);
    if (nDisruptions > 0) parts.push([plural(nDisruptions, 'disruption')]);
    lines.push(...flow('Workloads', parts, width, label));
  }
  if (jobs.nCreated > 0) {
    const { nCreated, nComplete, nFailed } = jobs;
    const failed = nFailed > 0 ? ` · ${countText(nFailed)} failed` : '';
    lines.push(label('Jobs', `${countText(nCreated)} created · ${countText(nComplete)} complete${failed}`));
  }
  return lines;
}

function apiLines({ api }: RunMetrics, label: Label, width: number): string[] {
  if (!api) return [];
  const nRefused = totalOf(api.failures);
  const parts: Part[] = [
    [plural(totalOf(api.requests), 'request')],
    ...(nRefused > 0 ? [[`${countText(nRefused)} refused`] as const] : []),
    [plural(api.etcdWrites, 'write')],
    [`${bytesText(api.etcdBytes)} in etcd`],
    [plural(api.watchEvents, 'watch event')],
  ];
  return flow('API', parts, width, label);
}

/** Queues that were long for long, the slowest first. */
function queueLines({ queues }: RunMetrics, label: Label, width: number): string[] {
  const long = queues
    .filter(
      ({ depthMax, waitUsMax }) => depthMax >= LONG_QUEUE && waitUsMax !== null && waitUsMax >= LONG_WAIT_US,
    )
    .sort((a, b) => b.waitUsMax! - a.waitUsMax!)
    .slice(0, N_QUEUES_MAX);
  return long.flatMap(({ program, queue, depthMax, waitUsMax }, i) => {
    const text = `${queue} (${program}): ${countText(depthMax)} at most, waits up to ${durationText(waitUsMax!)}`;
    return paragraph(i === 0 ? 'Queues' : '', text, width, label);
  });
}

function inputLines(report: RunReport, label: Label, width: number): string[] {
  const refusals = report.refusals
    .slice(0, N_REFUSALS_MAX)
    .map(({ atUs, place, action, reason }): [string, string] => [
      'Refused',
      `${action} at ${durationText(atUs)} (${place}): ${reason}`,
    ]);
  const nMore = report.refusals.length - N_REFUSALS_MAX;
  if (nMore > 0) refusals.push(['', `and ${countText(nMore)} more: see summary.json`]);
  return [...refusals, ...inputNotes(report)].flatMap(([name, text]) => paragraph(name, text, width, label));
}

/** A sentence, on as many lines as it needs. */
function paragraph(name: string, text: string, width: number, label: Label): string[] {
  const [first = '', ...others] = wrapped(text, Math.max(40, width - LABEL_WIDTH));
  return [label(name, first), ...others.map((line) => ' '.repeat(LABEL_WIDTH) + line)];
}
