// When things arrive: Poisson, at a fixed rate, along a daily curve, in bursts, in batches.

import { assert } from '../base/assert.ts';
import { type DistributionSpec, distributionFault, sampler } from './distributions.ts';
import type { RandomStream } from './random-streams.ts';

/** Plain data, as it stands in a scenario. Rates are per second of virtual time. */
export type ArrivalSpec =
  | { readonly kind: 'poisson'; readonly ratePerSec: number }
  /** Evenly spaced; the first arrival comes one interval after the start. */
  | { readonly kind: 'fixed'; readonly ratePerSec: number }
  /**
   * Poisson with a rate that follows a daily curve: `weights` divide the day evenly from midnight (24 of them are hours), each
   * holds at the start of its part, linear in between; only their proportions count. `ratePerSec` is the mean over a day.
   */
  | { readonly kind: 'diurnal'; readonly ratePerSec: number; readonly weights: readonly number[] }
  /** Poisson with a rate that moves through the states in a circle, staying in each for an exponential time (MMPP). */
  | { readonly kind: 'bursts'; readonly states: readonly BurstState[] }
  /** At each arrival of another process, several at once: a size drawn and rounded to a whole number, at least 1. */
  | { readonly kind: 'batch'; readonly of: ArrivalSpec; readonly size: DistributionSpec };

export interface BurstState {
  readonly ratePerSec: number;
  readonly meanUs: number;
}

export interface ArrivalProcess {
  /**
   * The time of the next arrival in whole microseconds, when the last one (at first: the start) was at `nowUs`. May be `nowUs`
   * itself; Infinity when nothing will ever arrive.
   */
  next(nowUs: number): number;
}

export const DAY_US = 86_400e6;

/** Why a spec describes no arrivals, or undefined when it does. */
export function arrivalFault(spec: ArrivalSpec): string | undefined {
  switch (spec.kind) {
    case 'batch':
      return arrivalFault(spec.of) ?? distributionFault(spec.size);
    case 'bursts':
      if (spec.states.length === 0) return 'states is empty';
      if (spec.states.some((s) => !(s.meanUs > 0) || !(s.ratePerSec >= 0))) {
        return 'every state needs a positive mean time and a rate of 0 or more';
      }
      return spec.states.some((s) => s.ratePerSec > 0) ? undefined : 'all rates are zero';
    case 'diurnal':
      if (spec.weights.some((w) => !(w >= 0))) return 'weights must not be negative';
      if (!spec.weights.some((w) => w > 0)) return 'all weights are zero';
  }
  return spec.ratePerSec > 0 ? undefined : 'the rate must be positive';
}

/** Builds the process; it draws only from `stream`. */
export function arrivalProcess(spec: ArrivalSpec, stream: RandomStream): ArrivalProcess {
  const fault = arrivalFault(spec);
  assert(fault === undefined, `faulty arrivals: ${fault}`);
  switch (spec.kind) {
    case 'poisson':
      return poisson(spec.ratePerSec, stream);
    case 'fixed':
      return fixedRate(spec.ratePerSec);
    case 'diurnal':
      return diurnal(spec.ratePerSec, spec.weights, stream);
    case 'bursts':
      return bursts(spec.states, stream);
    case 'batch':
      return batches(arrivalProcess(spec.of, stream), sampler(spec.size, stream));
  }
}

function exponentialGap(ratePerSec: number, stream: RandomStream): () => number {
  return sampler({ kind: 'exponential', mean: 1e6 / ratePerSec }, stream);
}

function poisson(ratePerSec: number, stream: RandomStream): ArrivalProcess {
  const gap = exponentialGap(ratePerSec, stream);
  return { next: (nowUs) => Math.round(nowUs + gap()) };
}

function fixedRate(ratePerSec: number): ArrivalProcess {
  let startUs = -1;
  let n = 0;
  return {
    next(nowUs) {
      if (n === 0) startUs = nowUs;
      n++;
      // Multiplied, not added up, so that rounding does not drift.
      return Math.round(startUs + (n * 1e6) / ratePerSec);
    },
  };
}

/** Thinning: candidates come at the peak rate and are kept with probability rate / peak rate. */
function diurnal(ratePerSec: number, weights: readonly number[], stream: RandomStream): ArrivalProcess {
  const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
  const peak = Math.max(...weights);
  const gap = exponentialGap((ratePerSec * peak) / mean, stream);
  const partUs = DAY_US / weights.length;
  const weightAt = (timeUs: number) => {
    const position = (timeUs % DAY_US) / partUs;
    const part = Math.floor(position);
    const from = weights[part % weights.length]!;
    return from + (position - part) * (weights[(part + 1) % weights.length]! - from);
  };
  return {
    next(nowUs) {
      let timeUs = nowUs;
      do timeUs += gap();
      while (stream.next() * peak >= weightAt(timeUs));
      return Math.round(timeUs);
    },
  };
}

function bursts(states: readonly BurstState[], stream: RandomStream): ArrivalProcess {
  const gaps = states.map((s) => (s.ratePerSec > 0 ? exponentialGap(s.ratePerSec, stream) : undefined));
  const stays = states.map((s) => sampler({ kind: 'exponential', mean: s.meanUs }, stream));
  let state = -1;
  let stateEndUs = 0;
  return {
    next(nowUs) {
      if (state < 0) stateEndUs = nowUs;
      let fromUs = nowUs;
      for (;;) {
        if (state >= 0) {
          const timeUs = fromUs + (gaps[state]?.() ?? Number.POSITIVE_INFINITY);
          if (timeUs <= stateEndUs) return Math.round(timeUs);
        }
        // Nothing more in this state; what is left of the gap is forgotten, as exponential gaps may be.
        fromUs = Math.max(fromUs, stateEndUs);
        state = (state + 1) % states.length;
        stateEndUs += stays[state]!();
      }
    },
  };
}

function batches(epochs: ArrivalProcess, drawSize: () => number): ArrivalProcess {
  let nLeft = 0;
  let timeUs = 0;
  return {
    next(nowUs) {
      if (nLeft === 0) {
        timeUs = epochs.next(nowUs);
        nLeft = Math.max(1, Math.round(drawSize()));
      }
      nLeft--;
      return timeUs;
    },
  };
}
