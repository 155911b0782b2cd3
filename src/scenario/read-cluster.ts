/** Node groups with the instance types of the catalogue that they name. */
import { InputError } from '../base/errors.ts';
import { Catalog } from '../catalog/catalog.ts';
import type { InstanceType } from '../catalog/instance-type.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import type { ClusterSpec, NodeGroupSpec } from './cluster.schema.ts';
import type { LoadContext, Path } from './load-context.ts';
import { NodeGroup } from './node-group.ts';

/** `ownTypes`: instance types from elsewhere, which win over the scenario's catalogue. */
export async function readInstanceTypes(
  cluster: ClusterSpec,
  context: LoadContext,
  ownTypes: readonly InstanceType[],
): Promise<Catalog> {
  return new Catalog([...(await catalogTypes(cluster.catalog, context)), ...ownTypes]);
}

/** Groups whose type is unknown are left out. */
export function readGroups(
  cluster: ClusterSpec,
  catalog: Catalog,
  context: LoadContext,
): Map<string, NodeGroup> {
  const groups = new Map<string, NodeGroup>();
  for (const [i, spec] of (cluster.nodeGroups ?? []).entries()) {
    const type = typeOf(spec, catalog, context, ['cluster', 'nodeGroups', i]);
    if (type !== 'unknown') groups.set(spec.name, new NodeGroup(spec, i, type));
  }
  return groups;
}

/** The type that a group or pool at `path` names; one that the catalogue has not is reported. */
export function typeOf(
  { instanceType }: Pick<NodeGroupSpec, 'instanceType'>,
  catalog: Catalog,
  context: LoadContext,
  path: Path,
): InstanceType | undefined | 'unknown' {
  try {
    return instanceType === undefined ? undefined : catalog.find(instanceType);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    context.add([...path, 'instanceType'], error.message);
    return 'unknown';
  }
}

async function catalogTypes(
  pattern: string | undefined,
  context: LoadContext,
): Promise<readonly InstanceType[]> {
  const file = pattern === undefined ? undefined : await context.findOne(pattern, ['cluster', 'catalog']);
  const text = file === undefined ? undefined : await context.attempt(() => context.files.read(file));
  if (file === undefined || text === undefined) return [];
  const { types, problems } = readCatalog(text, file);
  context.problems.push(...problems);
  return types;
}
