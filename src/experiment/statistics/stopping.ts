// Sequential stopping: how many replications until an interval is narrow enough (Law, Simulation Modeling,
// section 9.4.1). Looking at the data to decide when to stop makes intervals slightly too optimistic; the minimum
// number of replications keeps the loss small, and callers look only between waves, not after every run.
import { InputError, type Problem } from '../../base/errors.ts';
import type { Interval } from './interval.ts';

/** When the interval of a mean is precise enough. With both targets given, both must be met. */
export interface Precision {
  readonly confidence: number;
  /** Wanted half-width in the metric's unit. */
  readonly halfWidthAbsolute?: number;
  /** Wanted half-width as a ratio of the true mean: the rule is halfWidth / |mean| <= r / (1 + r). */
  readonly halfWidthRatio?: number;
}

/** How many replications to make. */
export interface ReplicationRule {
  readonly nMin: number;
  readonly nMax: number;
}

/** Problems of a rule that cannot be meant; the result is empty when all is well. */
export function ruleProblems(rule: ReplicationRule, precision?: Precision): Problem[] {
  const problems: Problem[] = [];
  const say = (path: string, message: string) => problems.push({ path, message });
  if (!Number.isInteger(rule.nMin) || rule.nMin < 1)
    say('replications.min', `${rule.nMin} is not a whole number >= 1`);
  if (!Number.isInteger(rule.nMax) || rule.nMax < rule.nMin) {
    say('replications.max', `${rule.nMax} is not a whole number >= the minimum of ${rule.nMin}`);
  }
  if (precision === undefined) return problems;
  const { confidence, halfWidthAbsolute, halfWidthRatio } = precision;
  if (!(confidence > 0 && confidence < 1)) say('confidence', `${confidence} is not between 0 and 1`);
  for (const width of [halfWidthAbsolute, halfWidthRatio]) {
    if (width !== undefined && !(width > 0)) say('halfWidth', `${width} is not a positive number`);
  }
  return problems;
}

/** Throws an {@link InputError} listing every problem of the rule. */
export function checkRule(rule: ReplicationRule, precision?: Precision): void {
  const problems = ruleProblems(rule, precision);
  if (problems.length > 0) throw new InputError(problems);
}

/** The half-width that satisfies `precision` at this mean; Infinity when nothing is asked. */
export function wantedHalfWidth(mean: number, precision: Precision): number {
  const { halfWidthAbsolute = Infinity, halfWidthRatio } = precision;
  const relative =
    halfWidthRatio === undefined ? Infinity : (Math.abs(mean) * halfWidthRatio) / (1 + halfWidthRatio);
  return Math.min(halfWidthAbsolute, relative);
}

/** Whether the interval is as narrow as wanted. */
export function isPreciseEnough(interval: Interval, precision: Precision): boolean {
  const wanted = wantedHalfWidth(interval.mean, precision);
  return wanted === Infinity || interval.halfWidth <= wanted;
}

/**
 * The number of replications at which the interval will probably be narrow enough, from the spread seen so far:
 * half-widths shrink with the square root of n. At least one more than now unless precise already.
 */
export function neededReplications(interval: Interval, precision: Precision): number {
  if (isPreciseEnough(interval, precision)) return interval.n;
  if (interval.n < 2) return 2;
  const ratio = interval.halfWidth / wantedHalfWidth(interval.mean, precision);
  return Math.max(interval.n + 1, Math.ceil(interval.n * ratio * ratio));
}
