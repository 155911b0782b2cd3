/** The ledger of nodes as plain data. */
import { type NodeLedger, type NodeRow, WHOLE_CLUSTER } from './node-ledger.ts';
import type { ResourceUse } from './resource-use.ts';
import type { NodeColumns, PoolSummary } from './run-metrics.ts';

const US_PER_HOUR = 3_600_000_000;

/** Names of all resources, by number. */
export function resourceNames({ resources }: NodeLedger): string[] {
  return Array.from({ length: resources.size }, (_, id) => resources.name(id));
}

/** The whole cluster first; the ledger must be settled. */
export function poolSummaries(ledger: NodeLedger, endUs: number): PoolSummary[] {
  const names = resourceNames(ledger);
  const idleUs = idleUsByPool(ledger, endUs);
  const usedOf = (uses: readonly ResourceUse[], id: number) => (ledger.knowsUse ? uses[id] : undefined);
  return ledger.pools.map((pool, poolIdx) => ({
    pool: pool.name,
    nNodes: pool.nNodes,
    nNodesMax: pool.nNodesMax,
    nodeHours: pool.nodeUs / US_PER_HOUR,
    idleNodeHours: idleUs[poolIdx]! / US_PER_HOUR,
    cost: pool.costPerHour === undefined ? null : pool.cost,
    resources: ledger.ofPools.map((use, id) => ({
      resource: names[id]!,
      allocatable: use.allocatable(poolIdx),
      requested: use.requested(poolIdx),
      meanRatio: orNull(use.meanRatio(poolIdx, endUs)),
      ratioMax: use.meanRatio(poolIdx, endUs) >= 0 ? use.ratioMax(poolIdx) : null,
      usedMeanRatio: orNull(usedOf(ledger.usedOfPools, id)?.meanRatio(poolIdx, endUs)),
      usedRatioMax: orNull(usedOf(ledger.usedOfPools, id)?.ratioMax(poolIdx)),
    })),
  }));
}

function idleUsByPool({ rows, pools }: NodeLedger, endUs: number): number[] {
  const sums = pools.map(() => 0);
  for (const node of rows) {
    const us = idleUsOf(node, endUs);
    sums[WHOLE_CLUSTER]! += us;
    if (node.pool !== WHOLE_CLUSTER) sums[node.pool]! += us;
  }
  return sums;
}

function idleUsOf({ idleUs, idleSinceUs }: NodeRow, endUs: number): number {
  return idleUs + (idleSinceUs === undefined ? 0 : endUs - idleSinceUs);
}

/** Every node that ever was. */
export function nodeColumns(ledger: NodeLedger, endUs: number): NodeColumns {
  const { rows, pools } = ledger;
  const numbers = (numberOf: (node: NodeRow, row: number) => number) => Float64Array.from(rows, numberOf);
  const names = resourceNames(ledger);
  const usedMeanRatio = (use: ResourceUse | undefined) =>
    use ? numbers((_, row) => use.meanRatio(row, endUs)) : null;
  const ofResource = (use: ResourceUse, id: number) => ({
    resource: names[id]!,
    allocatable: numbers(({ allocatable }) => allocatable.get(id) ?? 0),
    requested: numbers((_, row) => use.requested(row)),
    requestedMax: numbers((_, row) => use.requestedMax(row)),
    meanRatio: numbers((_, row) => use.meanRatio(row, endUs)),
    usedMeanRatio: usedMeanRatio(ledger.knowsUse ? ledger.usedOfNodes[id] : undefined),
  });
  return {
    name: rows.map(({ name }) => name),
    pool: rows.map(({ pool }) => pools[pool]!.name),
    zone: rows.map(({ zone }) => zone),
    instanceType: rows.map(({ instanceType }) => instanceType),
    addedUs: numbers(({ addedUs }) => addedUs),
    removedUs: numbers(({ removedUs = Number.NaN }) => removedUs),
    nPods: numbers(({ nPods }) => nPods),
    nPodsMax: numbers(({ nPodsMax }) => nPodsMax),
    nPodsEver: numbers(({ nPodsEver }) => nPodsEver),
    idleUs: numbers((node) => idleUsOf(node, endUs)),
    cost: numbers(({ pricePerHour = Number.NaN, addedUs, removedUs = endUs }) => {
      return (pricePerHour * (removedUs - addedUs)) / US_PER_HOUR;
    }),
    resources: ledger.ofNodes.map(ofResource),
  };
}

function orNull(ratio: number | undefined): number | null {
  return ratio !== undefined && Number.isFinite(ratio) ? ratio : null;
}
