import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CpuClaim, cpuWeight, divideCpu } from './cpu-shares.ts';

const claim = (wantedMilli: number, requestMilli: number, limitMilli = Infinity): CpuClaim => ({
  wantedMilli,
  requestMilli,
  limitMilli,
});

function grants(claims: CpuClaim[], capacityMilli: number): number[] {
  const granted = new Float64Array(claims.length);
  divideCpu(claims, capacityMilli, granted);
  return [...granted].map((milli) => Math.round(milli));
}

describe('CPU', () => {
  it('is given to everybody who wants it while there is enough', () => {
    expect(grants([claim(1000, 100), claim(3000, 100)], 4000)).toEqual([1000, 3000]);
  });

  it('is throttled at the limit even on an idle node', () => {
    expect(grants([claim(1000, 100, 250)], 4000)).toEqual([250]);
  });

  it('is divided by requests when all want more', () => {
    expect(grants([claim(9000, 1000), claim(9000, 3000)], 4000)).toEqual([1000, 3000]);
  });

  it('leaves what one does not want to the others', () => {
    expect(grants([claim(500, 2000), claim(9000, 1000), claim(9000, 1000)], 4000)).toEqual([500, 1750, 1750]);
  });

  it('leaves almost nothing to a pod without a request beside one with', () => {
    expect(cpuWeight(0)).toBe(2);
    expect(grants([claim(4000, 4000), claim(4000, 0)], 4000)).toEqual([3998, 2]);
  });

  it('is never granted beyond wants, limits and the node, and never left over while somebody wants it', () => {
    const amount = fc.integer({ min: 0, max: 5000 });
    const claims = fc.array(fc.tuple(amount, amount, amount), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(claims, fc.integer({ min: 1, max: 8000 }), (triples, capacityMilli) => {
        const all = triples.map(([wanted, request, limit]) => claim(wanted, request, limit));
        const granted = new Float64Array(all.length);
        divideCpu(all, capacityMilli, granted);
        const caps = all.map(({ wantedMilli, limitMilli }) => Math.min(wantedMilli, limitMilli));
        const sum = granted.reduce((a, b) => a + b, 0);
        const wanted = caps.reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(Math.min(wanted, capacityMilli), 6);
        caps.forEach((cap, i) => {
          expect(granted[i]).toBeLessThanOrEqual(cap + 1e-9);
        });
      }),
    );
  });
});
