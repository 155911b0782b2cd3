import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCK_LOG2, CodeTiles } from './code-cells.ts';
import { GroupTree } from './group-tree.ts';

const SIZE = 2100;

/** Scores that codes of one byte are enough for, at first; then such that a base moves, that need more, and groups. */
const placements = fc.array(
  fc.record({
    position: fc.nat(SIZE - 1),
    score: fc.oneof(
      { weight: 40, arbitrary: fc.integer({ min: -1, max: 120 }) },
      { weight: 2, arbitrary: fc.integer({ min: 120, max: 210 }) },
      { weight: 1, arbitrary: fc.constantFrom(700, 90_000) },
    ),
    group: fc.oneof({ weight: 60, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
  }),
  { maxLength: 120 },
);

function contents(tree: GroupTree): unknown {
  const groups = Array.from({ length: tree.nGroups }, (_, group) => group);
  return {
    scores: Array.from({ length: SIZE }, (_, position) => tree.scoreOf(tree.codeAt(position))),
    tops: groups.map((group) =>
      Array.from({ length: SIZE >> BLOCK_LOG2 }, (_, block) => tree.scoreOf(tree.topOf(group, block))),
    ),
    bigTops: groups.map((group) =>
      Array.from({ length: tree.nBigBlocks }, (_, at) =>
        tree.scoreOf(tree.bigTops[group * tree.nBigBlocks + at]!),
      ),
    ),
    counts: [...tree.counts.subarray(0, tree.nGroups)],
  };
}

test('a tree beside others in tiles holds what it holds alone', () => {
  let nInTiles = 0;
  fc.assert(
    fc.property(fc.array(placements, { minLength: 20, maxLength: 40 }), (stories) => {
      const alone = stories.map(() => new GroupTree(SIZE));
      const beside = stories.map(() => new GroupTree(SIZE));
      const [{ nBlocks, nBigBlocks }] = alone as [GroupTree];
      const tiles = new CodeTiles(nBlocks, nBigBlocks);
      const nSteps = Math.max(...stories.map(({ length }) => length));
      for (let step = 0; step < nSteps; step++) {
        for (const [i, story] of stories.entries()) {
          const { position, score, group } = story[step] ?? { position: 0, score: -1, group: 0 };
          alone[i]!.place(position, score, group);
          beside[i]!.place(position, score, group);
          if (step === i) beside[i]!.moveInto(tiles);
        }
      }
      nInTiles += beside.filter(({ isInTiles }) => isInTiles).length;
      expect(beside.map(contents)).toEqual(alone.map(contents));
      beside[0]!.leaveTiles();
      expect(contents(beside[0]!)).toEqual(contents(alone[0]!));
    }),
    { numRuns: 12, seed: 4 },
  );
  expect(nInTiles).toBeGreaterThan(60);
});
