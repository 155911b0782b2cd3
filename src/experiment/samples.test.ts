import { describe, expect, it } from 'vitest';
import { columnInterval, SampleStore } from './samples.ts';

describe('SampleStore', () => {
  it('shows only replications that every point has, in their order', () => {
    const store = new SampleStore(2);
    store.set(0, 2, { wait: 30 });
    store.set(1, 0, { wait: 1, extra: 5 });
    expect([store.n, store.column(0, 'wait'), store.metricNames(1)]).toEqual([0, [], []]);
    store.set(0, 0, { wait: 10 });
    expect([store.n, store.column(0, 'wait'), store.column(1, 'wait')]).toEqual([1, [10], [1]]);
    store.set(0, 1, { wait: null });
    store.set(1, 2, { wait: 3 });
    store.set(1, 1, { wait: 2 });
    expect(store.column(0, 'wait')).toEqual([10, null, 30]);
    expect(store.column(1, 'extra')).toEqual([5, null, null]);
    expect(store.metricNames(1)).toEqual(['wait', 'extra']);
    expect(store.metrics(1, 2)).toEqual({ wait: 3 });
  });

  it('takes each result once', () => {
    const store = new SampleStore(1);
    store.set(0, 0, {});
    expect(() => store.set(0, 0, {})).toThrow('a result arrives once');
    expect(() => store.set(1, 0, {})).toThrow('a result arrives once');
  });
});

describe('columnInterval', () => {
  it('is of the values there are', () => {
    expect(columnInterval([1, null, 3], 0.95)).toMatchObject({ n: 2, mean: 2 });
    expect(columnInterval([null], 0.95).n).toBe(0);
  });
});
