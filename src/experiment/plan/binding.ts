// Why not one node less: the fullest resource, and for the pool whose node is missed most, the objective that fails
// and the pods that no longer find room.
import type { ObjectiveResult } from '../objectives.ts';
import type { Counts } from './bound.ts';
import type { Entry, Ledger } from './ledger.ts';
import { reducible } from './moves.ts';
import type { Packer } from './packing.ts';
import type { Rooms } from './room.ts';

export interface Binding {
  /** The resource of which most is requested relative to what the cluster has ("pods" for slots), daemons aside. */
  readonly resource: string;
  readonly utilizationRatio: number;
  /** The dearest pool of which one node less misses the objectives; undefined when none was tried. */
  readonly pool: string | undefined;
  /** The objectives missed then. */
  readonly missed: readonly ObjectiveResult[];
  /**
   * Shapes that plain packing leaves without room then. Empty: they would fit by arithmetic, and it is the
   * scheduler's choices, its constraints or the timing that need the node.
   */
  readonly pods: readonly string[];
}

function fullestResource(
  ledger: Ledger,
  rooms: Rooms,
  counts: Counts,
): { resource: string; utilizationRatio: number } {
  const { pods } = ledger.problem.demand;
  let fullest = { resource: 'pods', utilizationRatio: 0 };
  for (const [r, resource] of [...rooms.resources, 'pods'].entries()) {
    const wanted = pods.reduce((sum, pod, k) => sum + pod.count * rooms.needs[k]![r]!, 0);
    const offered = counts.reduce((sum, count, p) => sum + count * rooms.free[p]![r]!, 0);
    if (offered > 0 && wanted / offered > fullest.utilizationRatio)
      fullest = { resource, utilizationRatio: wanted / offered };
  }
  return fullest;
}

/** Explains the best cluster from clusters already judged. */
export function bindingOf(ledger: Ledger, packer: Packer, rooms: Rooms, best: Entry): Binding {
  const { problem } = ledger;
  const fewer = reducible(best.counts, problem).flatMap((p) => {
    const counts = best.counts.map((count, q) => (q === p ? count - 1 : count));
    const entry = ledger.find(counts);
    return entry === undefined || entry.judged.met ? [] : [{ p, entry }];
  });
  // The dearest node is the one that took least off: its absence weighs least.
  const missing = fewer.sort((a, b) => a.entry.weight - b.entry.weight || a.p - b.p)[0];
  const fullest = fullestResource(ledger, rooms, best.counts);
  if (missing === undefined) return { ...fullest, pool: undefined, missed: [], pods: [] };
  const left = packer.unplaced(missing.entry.counts);
  return {
    ...fullest,
    pool: problem.pools[missing.p]!.name,
    missed: missing.entry.judged.judgement.results.filter((result) => result.verdict !== 'met'),
    pods: problem.demand.pods.flatMap((pod, k) => (left[k]! > 0 ? [pod.name] : [])),
  };
}
