import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MaxResult, maxSearch } from './search/max.ts';
import { driveInOrder, pickerFrom } from './testing/drivers.ts';
import { Together } from './together.ts';

const judgeOptions = {
  seed: 's',
  objectives: [{ metric: 'wait', operator: '<=', bound: 0, over: 'every' }],
  rule: { nMin: 1, nMax: 1 },
  confidence: 0.95,
} as const;
const search = (edge: number) =>
  maxSearch(
    (scale) => ({ id: `${edge}-${scale}`, labels: {}, setting: { edge, scale } }),
    { isInteger: true },
    judgeOptions,
  );

describe('Together', () => {
  it('comes to the answers that each comes to alone, whatever the order of the runs', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (choices) => {
        const { answer } = driveInOrder<{ edge: number; scale: number }, readonly MaxResult<unknown>[]>(
          new Together([7, 30, 0].map(search)),
          ({ point: { setting } }) => ({ wait: setting.scale <= setting.edge ? 0 : 1 }),
          pickerFrom(choices),
        );
        expect(answer.map(({ scale }) => scale)).toEqual([7, 30, undefined]);
      }),
      { numRuns: 30 },
    );
  });
});
