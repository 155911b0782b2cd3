/** The pools of a plan, those of the catalogue written out; mistakes are told where they stand. */
import type { Catalog } from '../catalog/catalog.ts';
import type { InstanceType } from '../catalog/instance-type.ts';
import { selectTypes } from '../catalog/select-types.ts';
import type { ClusterSpec } from './cluster.schema.ts';
import type { LoadContext, Path } from './load-context.ts';
import type { PlanSpec, PoolSpec } from './plan.schema.ts';
import { typeOf } from './read-cluster.ts';

export interface PlanPools {
  readonly pools: readonly PoolSpec[];
  /** Types that instanceTypes means without naming them, left out because the cost counts and their price is unknown. */
  readonly unpriced: readonly string[];
  /** The types that pools are made of. */
  readonly types: readonly InstanceType[];
  /** By pool: the type where a word of instanceTypes means it without naming it. */
  readonly meant: ReadonlyMap<string, InstanceType>;
}

/** Nodes of each pool of `instanceTypes` at most. */
const N_NODES_MAX = 1000;

export function readPlan(
  plan: PlanSpec,
  cluster: ClusterSpec,
  catalog: Catalog,
  context: LoadContext,
): PlanPools {
  const { instanceTypes, zones, minimize } = plan;
  const selected = selectTypes(catalog, instanceTypes);
  for (const [i, message] of selected.problems) context.add(['plan', 'instanceTypes', i], message);
  const isCostMinimized = typeof minimize === 'string' ? minimize === 'cost' : minimize.cost > 0;
  const isLeftOut = (type: InstanceType) =>
    isCostMinimized && type.price === null && !selected.named.has(type);
  const bought = selected.types.filter((type) => !isLeftOut(type));
  if (instanceTypes.length > 0 && bought.length === 0 && selected.problems.size === 0)
    context.add(['plan', 'instanceTypes'], nothingText(selected.types.length));
  const ofTypes = bought.map(({ name }) => ({ ...poolOf(name), ...(zones && { zones }) }));
  const ofPools = plan.pools.map((pool, i) => typeOf(pool, catalog, context, ['plan', 'pools', i]));
  checkNames(plan, cluster, ofTypes, context);
  return {
    pools: [...plan.pools, ...ofTypes],
    unpriced: selected.types.filter(isLeftOut).map(({ name }) => name),
    types: [...ofPools.filter((type) => typeof type === 'object'), ...bought],
    meant: new Map(
      bought.flatMap((type, i) => (selected.named.has(type) ? [] : [[ofTypes[i]!.name, type] as const])),
    ),
  };
}

/** Pools become groups of nodes beside those of the cluster. */
function checkNames(
  { pools }: PlanSpec,
  { nodeGroups = [] }: ClusterSpec,
  ofTypes: readonly PoolSpec[],
  context: LoadContext,
): void {
  const names = new Set(nodeGroups.map(({ name }) => name));
  const check = (name: string, path: Path) => {
    if (names.has(name)) context.add(path, `another pool or group is named ${name} too`);
    names.add(name);
  };
  for (const [i, { name }] of pools.entries()) check(name, ['plan', 'pools', i, 'name']);
  for (const { name } of ofTypes) check(name, ['plan', 'instanceTypes']);
}

function nothingText(nLeftOut: number): string {
  return nLeftOut === 0
    ? 'nothing is left of them: a list begins with what is meant, as in ["*", "!t3.*"]'
    : `of ${nLeftOut} types that are meant none has a price: give prices with --catalog, or minimize nodes`;
}

function poolOf(instanceType: string): PoolSpec {
  const name = instanceType
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return { name, instanceType, min: 0, max: N_NODES_MAX, spotShare: 0 };
}
