import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstTop, heapTop } from '../framework/tie-break.ts';
import { Choice, CLOSED } from './choice.ts';
import { BLOCK_LOG2 } from './code-cells.ts';
import { BIG_BLOCK_LOG2, GroupTree } from './group-tree.ts';

interface Placed {
  readonly score: number;
  readonly group: number;
}

/** Few scores, so that there are ties, and now and then one that needs longer codes; -1 = infeasible. */
const placed: fc.Arbitrary<Placed> = fc.record({
  score: fc.oneof(
    { weight: 60, arbitrary: fc.integer({ min: -1, max: 3 }) },
    { weight: 1, arbitrary: fc.constantFrom(200, 300, 70_000) },
  ),
  group: fc.nat(2),
});

/** Sizes around those of blocks and of big blocks. */
const sizes = fc.oneof(fc.integer({ min: 1, max: 140 }), fc.integer({ min: 4000, max: 8300 }));

function treeOf(nodes: readonly Placed[]): GroupTree {
  const tree = new GroupTree(nodes.length);
  nodes.forEach(({ score, group }, position) => {
    tree.place(position, score, group);
  });
  return tree;
}

/** The answers by looking at each node in turn. */
function walk(nodes: readonly Placed[], start: number, offsets: readonly number[], nWanted: number) {
  const positions: number[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const position = (start + i) % nodes.length;
    const { score, group } = nodes[position]!;
    if (score === -1 || offsets[group] === CLOSED) continue;
    if (positions.length === nWanted) return { positions, length: i };
    positions.push(position);
  }
  return { positions, length: nodes.length };
}

const cases = sizes.chain((size) =>
  fc.record({
    // A short pattern fills the nodes, then some of them change.
    pattern: fc.array(placed, { minLength: 1, maxLength: 12 }),
    changes: fc.array(fc.record({ at: fc.nat(size - 1), to: placed }), { maxLength: 30 }),
    size: fc.constant(size),
    start: fc.nat(size - 1),
    offsets: fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(CLOSED, 0, 0, 1, 2))),
    wantedShare: fc.constantFrom(0.01, 0.3, 1),
    rule: fc.constantFrom('heap' as const, 'first' as const),
  }),
);

describe('the choice in a window of the walk', () => {
  test('is that of a walk over the nodes, with ties broken by rank', () => {
    fc.assert(
      fc.property(cases, ({ pattern, changes, size, start, offsets, wantedShare, rule }) => {
        const nodes = Array.from({ length: size }, (_, i) => pattern[i % pattern.length]!);
        const tree = treeOf(nodes);
        for (const { at, to } of changes) {
          nodes[at] = to;
          tree.place(at, to.score, to.group);
        }
        const nWanted = Math.max(1, Math.floor(size * wantedShare));
        const { positions, length } = walk(nodes, start, offsets, nWanted);
        const nFeasible = walk(nodes, start, offsets, size).positions.length;
        if (nFeasible === 0) return;
        const choice = new Choice(rule);
        choice.reserve(3);
        choice.offsets.set(offsets);
        choice.begin(tree, start, nFeasible);
        if (nFeasible > nWanted) expect(choice.distanceOf(nWanted)).toBe(length);
        const counts = new Int32Array(3);
        choice.countGroups(length, counts);
        const inWindow = nodes
          .map((node, position) => ({ ...node, distance: (position - start + size) % size }))
          .filter(({ score, distance }) => score !== -1 && distance < length);
        expect([...counts]).toEqual([0, 1, 2].map((g) => inWindow.filter(({ group }) => group === g).length));
        const totals = Float64Array.from(positions, (p) => nodes[p]!.score + offsets[nodes[p]!.group]!);
        const top = (rule === 'heap' ? heapTop : firstTop)(totals, totals.length);
        expect(choice.choose(length, positions.length)).toBe(positions[top]);
      }),
      { numRuns: 600, seed: 5 },
    );
  });
});

describe('a tree of groups', () => {
  test('knows the highest scores and the counts of its blocks after any changes', () => {
    const size = 4300;
    const changes = fc.array(fc.record({ at: fc.nat(size - 1), to: placed }), {
      maxLength: 200,
      size: 'max',
    });
    fc.assert(
      fc.property(changes, (all) => {
        const tree = new GroupTree(size);
        const nodes: (Placed | undefined)[] = [];
        for (const { at, to } of all) {
          tree.place(at, to.score, to.group);
          nodes[at] = to;
        }
        for (let group = 0; group < tree.nGroups; group++) {
          const members = [...nodes.entries()].filter(([, node]) => node?.group === group && node.score >= 0);
          expect(tree.counts[group]).toBe(members.length);
          for (let block = 0; block < tree.nBlocks; block++) {
            const scores = members
              .filter(([at]) => at >> BLOCK_LOG2 === block)
              .map(([, node]) => node!.score);
            expect(tree.scoreOf(tree.topOf(group, block))).toBe(Math.max(-1, ...scores));
            expect(tree.blockCounts[group * tree.nBlocks + block]).toBe(scores.length);
          }
          for (let block = 0; block < tree.nBigBlocks; block++) {
            const scores = members
              .filter(([at]) => at >> BIG_BLOCK_LOG2 === block)
              .map(([, node]) => node!.score);
            expect(tree.scoreOf(tree.bigTops[group * tree.nBigBlocks + block]!)).toBe(
              Math.max(-1, ...scores),
            );
          }
          if (members.length > 0) expect(members.map(([at]) => at)).toContain(tree.memberOf(group));
        }
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});
