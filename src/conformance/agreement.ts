/** Counting how far answers agree with recorded ones, and showing the first disagreements side by side. */

/** One field that differs. */
export interface Disagreement {
  /** The recorded case. */
  readonly id: string;
  /** The plugin, profile or kind of decision that is counted. */
  readonly subject: string;
  /** Where in the answer, as in `filter.node-3.reasons`. */
  readonly field: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** Agreed and total cases by subject. */
export class Agreement {
  readonly counts = new Map<string, { agreed: number; total: number }>();
  readonly disagreements: Disagreement[] = [];
  /** Lines that could not be read or run, with the reason. */
  readonly broken: { readonly line: number; readonly message: string }[] = [];

  /** Compares one answer, field by field, and counts it. */
  check(id: string, subject: string, expected: unknown, got: unknown): void {
    const count = this.counts.get(subject) ?? { agreed: 0, total: 0 };
    this.counts.set(subject, count);
    count.total++;
    const difference = firstDifference(expected, got, '');
    if (difference === undefined) count.agreed++;
    else this.disagreements.push({ id, subject, ...difference });
  }

  get agrees(): boolean {
    return this.disagreements.length === 0 && this.broken.length === 0;
  }
}

type Difference = Pick<Disagreement, 'field' | 'expected' | 'got'>;

/** The first place where two plain values differ; a missing key is the same as undefined. */
export function firstDifference(expected: unknown, got: unknown, field: string): Difference | undefined {
  if (Object.is(expected, got)) return undefined;
  if (!isContainer(expected) || !isContainer(got) || Array.isArray(expected) !== Array.isArray(got)) {
    return { field, expected, got };
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
    const path = field === '' ? key : `${field}.${key}`;
    const difference = firstDifference(expected[key], got[key], path);
    if (difference) return difference;
  }
  return undefined;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
