/** The ledger of nodes as plain data. */
import { PODS } from '../cluster/resources.ts';
import { type NodeLedger, type NodeRow, WHOLE_CLUSTER } from './node-ledger.ts';
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
  const { ofPools, usedOfPools } = ledger;
  const isUseKnown = (id: number) => ledger.knowsUse && id < usedOfPools.nResources;
  return ledger.pools.map((pool, poolIdx) => ({
    pool: pool.name,
    nNodes: pool.nNodes,
    nNodesMax: pool.nNodesMax,
    nodeHours: pool.nodeUs / US_PER_HOUR,
    idleNodeHours: idleUs[poolIdx]! / US_PER_HOUR,
    cost: pool.costPerHour === undefined ? null : pool.cost,
    resources: names.map((resource, id) => ({
      resource,
      allocatable: ofPools.allocatable(poolIdx, id),
      requested: ofPools.requested(poolIdx, id),
      meanRatio: orNull(ofPools.meanRatio(poolIdx, id, endUs)),
      ratioMax: ofPools.meanRatio(poolIdx, id, endUs) >= 0 ? ofPools.ratioMax(poolIdx, id) : null,
      usedMeanRatio: isUseKnown(id) ? orNull(usedOfPools.meanRatio(poolIdx, id, endUs)) : null,
      usedRatioMax: isUseKnown(id) ? orNull(usedOfPools.ratioMax(poolIdx, id)) : null,
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
  const { rows, pools, ofNodes, usedOfNodes } = ledger;
  const isUseKnown = (id: number) => ledger.knowsUse && id < usedOfNodes.nResources;
  const numbers = (numberOf: (node: NodeRow, row: number) => number) => Float64Array.from(rows, numberOf);
  const ofResource = (resource: string, id: number) => ({
    resource,
    allocatable: numbers(({ allocatable }) => allocatable.get(id) ?? 0),
    requested: numbers((_, row) => ofNodes.requested(row, id)),
    requestedMax: numbers((_, row) => ofNodes.requestedMax(row, id)),
    meanRatio: numbers((_, row) => ofNodes.meanRatio(row, id, endUs)),
    usedMeanRatio: isUseKnown(id) ? numbers((_, row) => usedOfNodes.meanRatio(row, id, endUs)) : null,
  });
  return {
    name: rows.map(({ name }) => name),
    pool: rows.map(({ pool }) => pools[pool]!.name),
    zone: rows.map(({ zone }) => zone),
    instanceType: rows.map(({ instanceType }) => instanceType),
    addedUs: numbers(({ addedUs }) => addedUs),
    removedUs: numbers(({ removedUs = Number.NaN }) => removedUs),
    nPods: numbers((_, row) => ofNodes.requested(row, PODS)),
    nPodsMax: numbers((_, row) => ofNodes.requestedMax(row, PODS)),
    nPodsEver: numbers(({ nPodsEver }) => nPodsEver),
    idleUs: numbers((node) => idleUsOf(node, endUs)),
    cost: numbers(({ pricePerHour = Number.NaN, addedUs, removedUs = endUs }) => {
      return (pricePerHour * (removedUs - addedUs)) / US_PER_HOUR;
    }),
    resources: resourceNames(ledger).map(ofResource),
  };
}

function orNull(ratio: number): number | null {
  return Number.isFinite(ratio) ? ratio : null;
}
