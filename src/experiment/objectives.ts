// What a cluster or a load must achieve, and whether the replications at hand say that it does.
import { InputError, type Problem } from '../base/errors.ts';
import { nearestName } from '../base/nearest.ts';
import type { Metrics } from './experiment.ts';
import { columnInterval, type Samples } from './samples.ts';

/** One requirement on one metric. A run without a value of the metric violates nothing. */
export interface Objective {
  readonly metric: string;
  readonly operator: '<=' | '>=';
  readonly bound: number;
  /**
   * `every`: each replication must meet it (nothing pending). `mean`: the mean must, at the judge's confidence.
   */
  readonly over: 'every' | 'mean';
}

export type ObjectiveVerdict = 'met' | 'missed' | 'unsure';

export interface ObjectiveResult {
  readonly objective: Objective;
  readonly verdict: ObjectiveVerdict;
  /** The worst value for `every`, the mean otherwise; null when no run has a value. */
  readonly value: number | null;
}

export interface Judgement {
  /** `missed` if any objective is; `unsure` if any is and none is missed. */
  readonly verdict: ObjectiveVerdict;
  readonly results: readonly ObjectiveResult[];
}

/** `format` turns a value of a metric into text, as the bound is. */
export function objectiveText(
  { metric, operator, bound }: Objective,
  format: (metric: string, value: number) => string = (_, value) => String(value),
): string {
  return `${metric} ${operator} ${format(metric, bound)}`;
}

/** Throws an InputError for an empty list and for bounds that are no numbers. */
export function checkObjectives(objectives: readonly Objective[]): void {
  if (objectives.length === 0) throw new InputError('there is no objective to meet');
  const problems = objectives.flatMap((objective): Problem[] =>
    Number.isFinite(objective.bound)
      ? []
      : [{ path: objective.metric, message: `the bound ${objective.bound} is no number` }],
  );
  if (problems.length > 0) throw new InputError(problems);
}

/** Throws an InputError when a run does not report the metric of an objective (null is a report). */
export function checkMetrics(objectives: readonly Objective[], metrics: Metrics): void {
  const problems = objectives.flatMap(({ metric }): Problem[] => {
    if (metric in metrics) return [];
    const nearest = nearestName(metric, Object.keys(metrics));
    const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
    return [{ path: 'objectives', message: `there is no metric "${metric}"${hint}` }];
  });
  if (problems.length > 0) throw new InputError(problems);
}

function isMet(value: number, { operator, bound }: Objective): boolean {
  return operator === '<=' ? value <= bound : value >= bound;
}

function judgeEvery(objective: Objective, values: readonly number[]): ObjectiveResult {
  const value = objective.operator === '<=' ? Math.max(...values) : Math.min(...values);
  return { objective, value, verdict: isMet(value, objective) ? 'met' : 'missed' };
}

function judgeMean(
  objective: Objective,
  samples: Samples,
  pointIdx: number,
  confidence: number,
): ObjectiveResult {
  const { n, mean, low, high } = columnInterval(samples.column(pointIdx, objective.metric), confidence);
  const [near, far] = objective.operator === '<=' ? [low, high] : [high, low];
  // A single value has no spread to judge by: more are wanted if the rule allows.
  const isSure = n > 1 && isMet(near, objective) === isMet(far, objective);
  return { objective, value: mean, verdict: isSure ? (isMet(mean, objective) ? 'met' : 'missed') : 'unsure' };
}

function judgeOne(
  objective: Objective,
  samples: Samples,
  pointIdx: number,
  confidence: number,
): ObjectiveResult {
  const values = samples.column(pointIdx, objective.metric).filter((value) => value !== null);
  if (values.length === 0) return { objective, value: null, verdict: 'met' };
  if (objective.over === 'every') return judgeEvery(objective, values);
  return judgeMean(objective, samples, pointIdx, confidence);
}

/** Judges a point by its complete replications. */
export function judge(
  objectives: readonly Objective[],
  samples: Samples,
  pointIdx: number,
  confidence: number,
): Judgement {
  const results = objectives.map((objective) => judgeOne(objective, samples, pointIdx, confidence));
  const verdicts = results.map((result) => result.verdict);
  const verdict = verdicts.includes('missed') ? 'missed' : verdicts.includes('unsure') ? 'unsure' : 'met';
  return { verdict, results };
}

/** The last word when no more replications are allowed: what is unsure is decided by the mean. */
export function decided(judgement: Judgement): { met: boolean; certain: boolean } {
  const met = judgement.results.every(({ objective, verdict, value }) =>
    verdict === 'unsure' && value !== null ? isMet(value, objective) : verdict !== 'missed',
  );
  return { met, certain: judgement.verdict !== 'unsure' };
}

/** Whether each objective is met, or its value is no worse than in the other judgement of the same objectives. */
export function isAsGood({ results }: Judgement, other: Judgement): boolean {
  return results.every(({ objective, verdict, value }, i) => {
    const bound = other.results[i]!.value;
    return verdict === 'met' || (value !== null && bound !== null && isMet(value, { ...objective, bound }));
  });
}
