import { describe, expect, it } from 'vitest';
import type { Judged } from '../search/search.ts';
import type { Counts } from './bound.ts';
import type { Cluster } from './cluster.ts';
import type { PlanProblem, Pool } from './demand.ts';
import { Ledger } from './ledger.ts';
import { exchange, grow, judgeOne, lookAround, type Step, trim } from './moves.ts';

const pool = (name: string, pricePerHour: number): Pool => ({
  name,
  nodeType: name,
  allocatable: {},
  nPodsMax: 110,
  pricePerHour,
  nMin: 0,
  nMax: 200,
  zones: [],
});
const problem: PlanProblem = {
  demand: { pods: [], daemons: [] },
  pools: [pool('small', 1), pool('large', 1.9)],
  weights: { cost: 1, nodes: 0 },
};

/** Runs a step, judging clusters by `met(small, large)`; counts the verdicts asked for. */
function run<T>(step: Step<T>, met: (small: number, large: number) => boolean): { value: T; nAsked: number } {
  let nAsked = 0;
  let state = step.next();
  while (!state.done) {
    nAsked += state.value.length;
    const judged = state.value.map((point): Judged<Cluster> => {
      const { small = 0, large = 0 } = point.setting.nodes;
      return {
        point,
        met: met(small, large),
        certain: true,
        nReplications: 1,
        judgement: { verdict: 'met', results: [] },
      };
    });
    state = step.next(judged);
  }
  return { value: state.value, nAsked };
}

const needs = (amount: number) => (small: number, large: number) => small + 2 * large >= amount;

function known(ledger: Ledger, counts: Counts, met: (small: number, large: number) => boolean) {
  return run(judgeOne(ledger, counts), met).value;
}

describe('grow', () => {
  it('grows all used pools until the objectives are met', () => {
    const ledger = new Ledger(problem);
    const { value, nAsked } = run(grow(ledger, [40, 5], Infinity), needs(55));
    expect(value!.counts).toEqual([44, 6]);
    expect(nAsked).toBe(4);
  });

  it('gives up at the weight it is given, and at the maxima', () => {
    expect(run(grow(new Ledger(problem), [40, 0], 43), needs(55)).value).toBeUndefined();
    expect(run(grow(new Ledger(problem), [40, 0], Infinity), () => false).value).toBeUndefined();
  });
});

describe('trim', () => {
  it('takes away the dearest first, by galloping rather than one by one', () => {
    const ledger = new Ledger(problem);
    const { value } = run(trim(ledger, known(ledger, [50, 60], needs(75))), needs(75));
    expect(value.counts).toEqual([49, 13]);
    // 48 nodes less, one by one, would be 48 clusters.
    expect(ledger.entries.length).toBeLessThan(20);
    expect(ledger.best).toBe(value);
  });

  it('leaves a cluster that can spare nothing', () => {
    const ledger = new Ledger(problem);
    const entry = known(ledger, [3, 1], needs(5));
    expect(run(trim(ledger, entry), needs(5)).value).toBe(entry);
  });

  it('respects the minimum of a pool', () => {
    const ledger = new Ledger({ ...problem, pools: [{ ...problem.pools[0]!, nMin: 7 }, problem.pools[1]!] });
    expect(run(trim(ledger, known(ledger, [20, 0], needs(1))), needs(1)).value.counts).toEqual([7, 0]);
  });
});

describe('exchange', () => {
  it('finds that large nodes are cheaper', () => {
    const ledger = new Ledger(problem);
    run(exchange(ledger, known(ledger, [30, 0], needs(30)), 1, 5), needs(30));
    expect(ledger.best!.counts).toEqual([20, 5]);
  });
});

describe('lookAround', () => {
  it('sees that a node more is worse', () => {
    const ledger = new Ledger(problem);
    const odd = (small: number) => small === 10;
    run(lookAround(ledger, known(ledger, [10, 0], odd)), odd);
    expect(ledger.violation).toMatchObject({ larger: { counts: [11, 0] }, smaller: { counts: [10, 0] } });
    expect(ledger.isWithinMissed([9, 0])).toBe(false);
    expect(ledger.isWithinMissed([8, 0])).toBe(true);
  });
});
