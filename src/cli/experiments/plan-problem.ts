// From the plan of a scenario to the arithmetic problem: pools with what they offer, and the demand that a probe shows.

import { InputError } from '../../base/errors.ts';
import type { InstanceType } from '../../catalog/instance-type.ts';
import type { PlanProblem, Pool } from '../../experiment/plan/demand.ts';
import type { JudgeOptions } from '../../experiment/search/search.ts';
import { PRICE_ANNOTATION } from '../../kube/node-names.ts';
import type { NodeGroup } from '../../scenario/node-group.ts';
import type { PlanSpec, PoolSpec } from '../../scenario/plan.schema.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { observeDemand, type PoolNodes } from '../../simulator/demand.ts';
import { listedNodes } from '../../simulator/first-nodes.ts';
import { loadPoint } from '../../simulator/points.ts';
import type { EngineFiles } from '../engine/engine.ts';
import { readInstanceTypes } from '../read-scenario.ts';
import { givenPool, kindsOf, offerOf } from './node-kinds.ts';
import type { Base } from './open-base.ts';
import { blendedPrice, dataOn } from './plan-data.ts';
import { isNobodyToWait, judgeOptionsOf } from './plan-objectives.ts';

export interface OpenedPlan {
  readonly problem: PlanProblem;
  readonly judgeOptions: JudgeOptions;
  readonly pools: readonly PoolSpec[];
  /** Types that are left out because their price is unknown. */
  readonly unpriced: readonly string[];
  /** By pool, where the user has not named the type. */
  readonly types: ReadonlyMap<string, InstanceType>;
  /** Per hour, by pool, with the spot share. */
  readonly prices: ReadonlyMap<string, number>;
  /** Replicas are multiplied by this: copies, growth and headroom. */
  readonly copies: number;
}

/** @throws InputError for a plan that cannot be meant */
export async function openPlan(base: Base, plan: PlanSpec, flags: EngineFiles): Promise<OpenedPlan> {
  const { pools, unpriced, meant } = base.scenario.plan!;
  if (pools.length === 0)
    throw new InputError([
      { file: base.scenario.file, path: 'plan', message: 'there are neither pools nor instanceTypes' },
    ]);
  const judgeOptions = judgeOptionsOf(plan, base.seed);
  const copies = copiesOf(plan);
  const probe = { nodes: Object.fromEntries(pools.map(({ name }) => [name, 1])) };
  const setting = { file: base.setting.file, data: dataOn(base.data, pools, probe), copies };
  const scenario = await loadPoint(setting, base.files, await readInstanceTypes(flags.catalog, base.files));
  const given = kindsOf(listedNodes(scenario));
  const { pods, daemons, peaks, passing } = await observeDemand(
    scenario,
    base.files,
    nodesOf(scenario.groups, given),
  );
  const prices = new Map<string, number>();
  const offered = [...scenario.groups.values()].map((group): Pool => {
    const spec = pools.find(({ name }) => name === group.name);
    const price = spec ? blendedPrice(spec, listPrice(group)) : listPrice(group);
    if (price !== undefined) prices.set(group.name, price);
    const { min, max } = spec ?? { min: group.count, max: group.count };
    return poolOf(group, price ?? null, min, max);
  });
  const problem = {
    demand: { pods, daemons },
    pools: [...offered, ...[...given].map(([name, nodes]) => givenPool(name, nodes))],
    weights: weightsOf(plan),
    peaks: isNobodyToWait(judgeOptions) ? peaks : [],
    passing,
    // What an upgrade asks for depends on who may be evicted: it is judged alone.
    survive: plan.survive.filter((trial) => trial !== 'upgrade'),
    ceilings: ceilingsOf(judgeOptions),
  };
  return { problem, judgeOptions, pools, unpriced, types: meant, prices, copies };
}

/** One node of each group, and the nodes that are listed, by kind. */
function nodesOf(groups: Scenario['groups'], given: PoolNodes): PoolNodes {
  return new Map([...[...groups.values()].map((group) => [group.name, [group.node(0)]] as const), ...given]);
}

/** The largest share of each resource that may be requested of the whole cluster. */
function ceilingsOf({ objectives }: JudgeOptions): Record<string, number> {
  const ceilings = objectives.flatMap(({ metric, operator, bound }): [string, number][] => {
    const resource = /^utilization\.(.+)\.max$/.exec(metric)?.[1];
    return resource === undefined || operator !== '<=' ? [] : [[resource, bound]];
  });
  return Object.fromEntries(ceilings.sort(([, a], [, b]) => b - a));
}

export function copiesOf({ copies, headroom, growth }: PlanSpec): number {
  const grown = growth === undefined ? 1 : (1 + growth.perMonth) ** growth.months;
  return copies * (1 + headroom) * grown;
}

function weightsOf({ minimize }: PlanSpec): PlanProblem['weights'] {
  if (typeof minimize === 'object') return minimize;
  // Of equally dear clusters the one with fewer nodes is no worse, but the weight stays the price itself.
  return minimize === 'cost' ? { cost: 1, nodes: 0 } : { cost: 0, nodes: 1 };
}

function listPrice(group: NodeGroup): number | undefined {
  const text = group.node(0).metadata.annotations?.[PRICE_ANNOTATION];
  return text === undefined ? undefined : Number(text);
}

function poolOf(group: NodeGroup, pricePerHour: number | null, nMin: number, nMax: number): Pool {
  return {
    name: group.name,
    nodeType: group.spec.instanceType ?? group.name,
    ...offerOf(group.node(0)),
    pricePerHour,
    nMin,
    nMax,
    zones: group.spec.zones ?? [''],
  };
}
