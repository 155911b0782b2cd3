import { describe, expect, it } from 'vitest';
import { checkMetrics, decided, judge, type Objective, objectiveText } from './objectives.ts';
import { SampleStore } from './samples.ts';

const samplesOf = (values: (number | null)[]) => {
  const store = new SampleStore(1);
  for (const [replication, value] of values.entries()) store.set(0, replication, { wait: value });
  return store;
};

const atMost = (bound: number, over: Objective['over']): Objective => ({
  metric: 'wait',
  operator: '<=',
  bound,
  over,
});
const atLeast = (bound: number, over: Objective['over']): Objective => ({
  metric: 'wait',
  operator: '>=',
  bound,
  over,
});

describe('judge', () => {
  // mean 10, 95 % half-width 1.96
  const values = [8, 9, 10, 11, 12];
  it.each<[string, Objective, (number | null)[], string, boolean]>([
    ['a mean surely below the bound', atMost(12, 'mean'), values, 'met', true],
    ['a mean surely above the bound', atMost(8, 'mean'), values, 'missed', false],
    ['a bound within the interval, mean on the right side', atMost(10.5, 'mean'), values, 'unsure', true],
    ['a bound within the interval, mean on the wrong side', atMost(9.5, 'mean'), values, 'unsure', false],
    ['a lower bound met', atLeast(8, 'mean'), values, 'met', true],
    ['a lower bound missed', atLeast(12, 'mean'), values, 'missed', false],
    ['every value within', atMost(12, 'every'), values, 'met', true],
    ['one value outside', atMost(11, 'every'), values, 'missed', false],
    ['one value below a lower bound', atLeast(8.5, 'every'), values, 'missed', false],
    ['a metric without values', atMost(0, 'every'), [null, null], 'met', true],
    ['a single value', atMost(12, 'mean'), [8], 'unsure', true],
    ['equal values exactly at the bound', atMost(3, 'mean'), [3, 3], 'met', true],
  ])('judges %s', (_name, objective, column, verdict, met) => {
    const judgement = judge([objective], samplesOf(column), 0, 0.95);
    expect(judgement.verdict).toBe(verdict);
    expect(decided(judgement)).toEqual({ met, certain: verdict !== 'unsure' });
  });

  it('is missed if any objective is, unsure if any other is', () => {
    const samples = samplesOf(values);
    const verdictOf = (...objectives: Objective[]) => judge(objectives, samples, 0, 0.95).verdict;
    expect(verdictOf(atMost(12, 'mean'), atMost(10, 'mean'))).toBe('unsure');
    expect(verdictOf(atMost(10, 'mean'), atMost(2, 'every'))).toBe('missed');
  });

  it('refuses an objective on a metric that runs do not report', () => {
    expect(() => checkMetrics([atMost(1, 'mean')], { wiat: 1, count: 2 })).toThrow(
      'no metric "wait"; did you mean "wiat"?',
    );
    expect(() => checkMetrics([atMost(1, 'mean')], { wait: null })).not.toThrow();
  });

  it('has a text', () => {
    expect(objectiveText(atMost(5, 'mean'))).toBe('wait <= 5');
  });
});
