import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunRequest } from '../experiment.ts';
import { loadSolver } from '../plan/highs-solver.ts';
import type { Solver } from '../plan/linear-model.ts';
import { driveInOrder } from '../testing/drivers.ts';
import { ListRoom } from './node-list.ts';
import { prefixSearch } from './prefix.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const N_LISTED = 60;
const pointAt = (nNodes: number) => ({ id: `nodes=${nNodes}`, labels: {}, setting: nNodes });
const judgeOptions = {
  seed: 's',
  objectives: [{ metric: 'pods.pending', operator: '<=', bound: 0, over: 'every' }],
  rule: { nMin: 1, nMax: 1 },
  confidence: 0.95,
} as const;

/** Nodes for one pod each: `nPods` need as many. */
function roomFor(nPods: number): ListRoom {
  const node = {
    name: 'n',
    nodeType: 'n',
    allocatable: { cpu: 1 },
    nPodsMax: 1,
    pricePerHour: null,
    nMin: 0,
    nMax: N_LISTED,
    zones: [''],
  };
  const kindOf = Array.from({ length: N_LISTED }, () => 0);
  const pods = [{ name: 'p', requests: { cpu: 1 }, count: nPods }];
  return new ListRoom({ kinds: [node], kindOf, nFixed: 0 }, { pods, daemons: [] }, solver);
}

function search(nPods: number, pendingAt: (nNodes: number) => number, peaks: readonly ListRoom[] = []) {
  const problem = { nListed: N_LISTED, atEnd: roomFor(nPods), peaks };
  const run = ({ point }: RunRequest<number>) => ({ 'pods.pending': pendingAt(point.setting) });
  return driveInOrder(prefixSearch(pointAt, problem, judgeOptions), run).answer;
}

describe('prefixSearch', () => {
  it('finds the shortest prefix that does, from the bound up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 30, max: N_LISTED }), (nPods, edge) => {
        const result = search(nPods, (nNodes) => (nNodes >= edge ? 0 : 1));
        expect(result).toMatchObject({ nNodesMin: nPods, worse: [], answer: { nNodes: edge } });
        expect(result.judged.at(0)!.nNodes).toBeGreaterThanOrEqual(nPods - 1);
      }),
      { numRuns: 30 },
    );
  });

  it('where all nodes are too few, finds the shortest that does as well', () => {
    const result = search(N_LISTED + 5, (nNodes) => (nNodes >= 57 ? 8 : 70 - nNodes));
    expect(result).toMatchObject({ nNodesMin: 57, answer: { nNodes: 57, judged: { met: false } } });
  });

  it('tells of longer prefixes that do worse, and takes shorter ones that do', () => {
    const isGood = (nNodes: number) => nNodes >= 50 || (nNodes >= 33 && nNodes <= 45);
    const result = search(20, (nNodes) => (isGood(nNodes) ? 0 : 1));
    expect(result.answer!.nNodes).toBe(33);
    expect(search(20, (nNodes) => (nNodes === 41 || nNodes < 40 ? 1 : 0))).toMatchObject({
      answer: { nNodes: 40 },
      worse: [41],
    });
  });

  it('counts peaks where the whole list meets the objectives, and only there', () => {
    expect(search(1, () => 0, [roomFor(7), roomFor(4)])).toMatchObject({ nNodesMin: 7 });
    expect(search(1, () => 1, [roomFor(7)])).toMatchObject({ nNodesMin: 0 });
  });
});
