// A plan's scenario as data: the same scenario on any cluster of the pools that may be bought.

import { isRecord } from '../../base/values.ts';
import type { Cluster } from '../../experiment/plan/cluster.ts';
import type { PoolSpec } from '../../scenario/plan.schema.ts';
import type { PointSetting } from '../../simulator/points.ts';

type Data = Readonly<Record<string, unknown>>;

/** Manifests settle long before; a plan for them is about what fits, not about what happens in a day. */
const UNTIL_DEFAULT = '10m';

/** With an end, where nothing else says when all is over. */
export function withEnd(data: Data): Data {
  const { workload } = data;
  const isManifests =
    !Array.isArray(workload) || workload.every((entry) => isRecord(entry) && 'manifests' in entry);
  return isManifests ? { until: UNTIL_DEFAULT, ...data } : data;
}

/** MostAllocated fills nodes instead of spreading pods: what the same load needs without the scheduler's own spreading. */
const MOST_ALLOCATED = {
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  profiles: [
    {
      schedulerName: 'default-scheduler',
      pluginConfig: [
        {
          name: 'NodeResourcesFit',
          args: {
            scoringStrategy: {
              type: 'MostAllocated',
              resources: [
                { name: 'cpu', weight: 1 },
                { name: 'memory', weight: 1 },
              ],
            },
          },
        },
      ],
    },
  ],
};

/** The search with it, beside the one with the scenario's scheduler. */
export const MOST_ALLOCATED_PART = { runs: 'most-allocated/', name: 'with MostAllocated' };

export function onMostAllocated(setting: PointSetting): PointSetting {
  return { ...setting, data: { ...(setting.data as object), scheduler: MOST_ALLOCATED } };
}

/** The price of a node where some are bought on the spot market; undefined: that of the catalogue. */
export function blendedPrice(pool: PoolSpec, listPrice: number | undefined): number | undefined {
  const { spotShare, spotPricePerHour } = pool;
  const price = pool.pricePerHour ?? listPrice;
  if (spotShare === 0 || spotPricePerHour === undefined) return price;
  if (spotShare === 1) return spotPricePerHour;
  return price === undefined ? undefined : spotShare * spotPricePerHour + (1 - spotShare) * price;
}

/** The plan's scenario with these nodes beside those that it has anyway; it may have none. @param prices per hour by pool */
export function dataOn(
  data: Data,
  pools: readonly PoolSpec[],
  { nodes }: Cluster,
  prices: ReadonlyMap<string, number> = new Map(),
): Data {
  const cluster = isRecord(data.cluster) ? data.cluster : {};
  const fixed = Array.isArray(cluster.nodeGroups) ? cluster.nodeGroups : [];
  const groups = pools.flatMap(({ min, max, spotShare, spotPricePerHour, ...group }) => {
    const count = nodes[group.name] ?? 0;
    const price = prices.get(group.name);
    return count === 0 ? [] : [{ ...group, count, ...(price !== undefined && { pricePerHour: price }) }];
  });
  return {
    ...data,
    // Its pools are the groups now. It stays a plan's scenario: a cluster without nodes may be asked about.
    plan: {},
    cluster: { ...cluster, nodeGroups: [...fixed, ...groups] },
  };
}
