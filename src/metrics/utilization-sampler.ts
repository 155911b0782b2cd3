/**
 * Samples of the cluster and its pools at fixed distances, taken as time passes: when something is about to change, the
 * samples of the moments before are taken, so that sampling needs no event of its own. Without a distance given, it
 * begins at 0.1 s and becomes coarser as the run goes on: 200 to 1,000 samples remain.
 */
import { PODS } from '../cluster/resources.ts';
import type { NodeLedger } from './node-ledger.ts';
import type { ResourceUse } from './resource-use.ts';
import type { QueueCounts, UtilizationSample } from './run-metrics.ts';

/** Each is a multiple of the one before; beyond the last they double. */
const LADDER_US = [0.1, 0.5, 1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400].map(
  (seconds) => seconds * 1e6,
);
const N_SAMPLES_MAX = 1000;

interface Moment {
  readonly atUs: number;
  readonly pools: readonly UtilizationSample[];
}

export class UtilizationSampler {
  /** The next sample is due at this moment, after all that happens at it. */
  nextUs = 0;
  #everyUs: number;
  readonly #isFixed: boolean;
  readonly #nodes: NodeLedger;
  readonly #counts: QueueCounts;
  #moments: Moment[] = [];

  /** @param everyUs distance of samples; absent: as needed */
  constructor(nodes: NodeLedger, counts: QueueCounts, everyUs?: number) {
    this.#nodes = nodes;
    this.#counts = counts;
    this.#isFixed = everyUs !== undefined;
    this.#everyUs = everyUs ?? LADDER_US[0]!;
  }

  get everyUs(): number {
    return this.#everyUs;
  }

  /** Takes the samples that are due before `nowUs`. */
  passTo(nowUs: number): void {
    while (this.nextUs < nowUs) {
      if (!this.#isFixed && this.#moments.length >= N_SAMPLES_MAX) {
        this.#coarsen();
        this.nextUs = Math.ceil(this.nextUs / this.#everyUs) * this.#everyUs;
      } else {
        this.#take(this.nextUs);
        this.nextUs += this.#everyUs;
      }
    }
  }

  /** All samples, with one of the end of the run. */
  finish(endUs: number): UtilizationSample[] {
    this.passTo(endUs);
    this.#take(endUs);
    return this.#moments.flatMap((moment) => moment.pools);
  }

  #take(atUs: number): void {
    const { pools, ofPools, usedOfPools, knowsUse } = this.#nodes;
    const samples = pools.map(
      (pool, poolIdx): UtilizationSample => ({
        atUs,
        pool: pool.name,
        nNodes: pool.nNodes,
        nNodesReady: pool.nNodesReady,
        nPods: ofPools.requested(poolIdx, PODS),
        waiting: poolIdx === 0 ? { ...this.#counts } : null,
        costPerHour: pool.costPerHour ?? null,
        allocatable: byResource(ofPools, (id) => ofPools.allocatable(poolIdx, id)),
        requested: byResource(ofPools, (id) => ofPools.requested(poolIdx, id)),
        used: knowsUse ? byResource(usedOfPools, (id) => usedOfPools.requested(poolIdx, id)) : null,
      }),
    );
    this.#moments.push({ atUs, pools: samples });
  }

  #coarsen(): void {
    const last = LADDER_US.at(-1)!;
    const next = LADDER_US.find((step) => step > this.#everyUs) ?? Math.max(last, this.#everyUs) * 2;
    this.#everyUs = next;
    this.#moments = this.#moments.filter(({ atUs }) => atUs % next === 0);
  }
}

function byResource({ nResources }: ResourceUse, numberOf: (id: number) => number): number[] {
  return Array.from({ length: nResources }, (_, id) => numberOf(id));
}
