/**
 * A timeline in memory: recorded or simulated rows, with stable names for generated ones, and moved to fit another
 * timeline where that is allowed.
 * Source of the rules: README.md and compare.py of the recordings.
 */
import { InputError } from '../../base/errors.ts';

/** One row: what a watcher saw of an object (or what the script did) at `t` seconds after the start. */
export interface TimelineRow {
  t: number;
  readonly kind: string;
  readonly name?: string;
  readonly gone?: boolean;
  readonly [field: string]: unknown;
}

/** A moment from which on rows are moved. */
interface Shift {
  readonly fromS: number;
  readonly byS: number;
}

/** 60 times a second is finer than any delay compared here. */
const EPSILON_S = 1e-9;
const GENERATED_JOB = /^(.*)-\d{6,}$/;

export class Timeline {
  readonly name: string;
  readonly startedAt: string;
  readonly toleranceS: number;
  /** From the start on; before them the last row of each node, at 0. */
  readonly rows: readonly TimelineRow[];
  readonly endS: number;
  /** When the script did something. */
  readonly stepsS: readonly number[];
  /** Stable names by kind and generated name. */
  readonly #aliases: ReadonlyMap<string, string>;

  /** @throws InputError when the lines are no timeline */
  constructor(text: string, file: string) {
    const all = parseRows(text, file);
    const first = all.findIndex(({ kind, step }) => kind === 'Script' && step === 'start');
    const start = all[first];
    if (!start) throw new InputError([{ file, message: 'no start row: this is no timeline' }]);
    this.name = start.name ?? '';
    this.startedAt = String(start.startedAt ?? '');
    this.toleranceS = typeof start.tolerance === 'number' ? start.tolerance : 1;
    const settled = new Map(
      all.slice(0, first).flatMap((row) => (row.kind === 'Node' ? [[row.name, row]] : [])),
    );
    const nodes = [...settled.values()].map((row) => ({ ...row, t: 0 }));
    this.rows = [...nodes, ...all.slice(first).sort((a, b) => a.t - b.t)];
    this.endS = all.find(({ kind, step }) => kind === 'Script' && step === 'end')?.t ?? this.rows.at(-1)!.t;
    this.stepsS = this.rows.flatMap(({ kind, step, t }) =>
      kind === 'Script' && typeof step === 'object' ? [t] : [],
    );
    this.#aliases = aliasesOf(this.rows);
  }

  /** `web-7d9f…` is `web#0`, by order of creation; names that a user gave stay. */
  alias(kind: string, name: string): string {
    return this.#aliases.get(`${kind}/${name}`) ?? name;
  }

  /** When the last step before (or at) `t` was. */
  lastStepS(t: number): number {
    let last = 0;
    for (const at of this.stepsS) if (at <= t + EPSILON_S) last = Math.max(last, at);
    return last;
  }

  /**
   * Moves what follows a change of a node's readiness by its difference to `recorded`, until the next step: such changes
   * hang on timers with a free phase. Answers the largest move in seconds.
   */
  alignTo(recorded: Timeline): number {
    const theirs = readinessChanges(recorded.rows);
    const moves: Shift[] = [];
    for (const [key, t] of readinessChanges(this.rows)) {
      const other = theirs.get(key);
      if (other !== undefined) moves.push({ fromS: t, byS: t - other });
    }
    if (moves.length === 0) return 0;
    const points = [...this.stepsS.map((fromS) => ({ fromS, byS: 0 })), ...moves];
    points.sort((a, b) => a.fromS - b.fromS || a.byS - b.byS);
    for (const row of this.rows) {
      const point = points.findLast(({ fromS }) => fromS <= row.t + EPSILON_S);
      if (point) row.t -= point.byS;
    }
    return Math.max(...points.map(({ byS }) => Math.abs(byS)));
  }
}

function parseRows(text: string, file: string): TimelineRow[] {
  return text.split('\n').flatMap((line, lineIdx) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as TimelineRow];
    } catch {
      throw new InputError([{ file, line: lineIdx + 1, message: 'not JSON (is the file truncated?)' }]);
    }
  });
}

/** Node and number of the change of its Ready condition -> time. */
function readinessChanges(rows: readonly TimelineRow[]): Map<string, number> {
  const changes = new Map<string, number>();
  const last = new Map<string, unknown>();
  const counts = new Map<string, number>();
  for (const { kind, name = '', gone, ready, t } of rows) {
    if (kind !== 'Node' || gone) continue;
    if (last.has(name) && last.get(name) !== ready) {
      const n = counts.get(name) ?? 0;
      counts.set(name, n + 1);
      changes.set(`${name}/${n}`, t);
    }
    last.set(name, ready);
  }
  return changes;
}

function aliasesOf(rows: readonly TimelineRow[]): Map<string, string> {
  const aliases = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const { kind, name = '', gone } = row;
    const key = `${kind}/${name}`;
    if (gone || aliases.has(key)) continue;
    const base = baseName(kind, name, row);
    if (base === undefined) continue;
    const n = counts.get(`${kind}/${base}`) ?? 0;
    counts.set(`${kind}/${base}`, n + 1);
    aliases.set(key, `${base}#${n}`);
  }
  return aliases;
}

/** What a generated name was made from; undefined for a name that a user gave. */
function baseName(kind: string, name: string, { service }: TimelineRow): string | undefined {
  if (kind === 'ReplicaSet') return name.replace(/-[^-]*$/, '');
  if (kind === 'EndpointSlice') return String(service);
  return kind === 'Job' ? GENERATED_JOB.exec(name)?.[1] : undefined;
}
