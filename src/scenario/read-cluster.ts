/** Node groups with the instance types of the catalogue that they name. */
import { InputError } from '../base/errors.ts';
import { Catalog } from '../catalog/catalog.ts';
import type { InstanceType } from '../catalog/instance-type.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import type { ClusterSpec } from './cluster.schema.ts';
import type { LoadContext } from './load-context.ts';
import { NodeGroup } from './node-group.ts';

/** `ownTypes`: instance types from elsewhere, which win over the scenario's catalogue. */
export async function readGroups(
  cluster: ClusterSpec,
  context: LoadContext,
  ownTypes: readonly InstanceType[],
): Promise<Map<string, NodeGroup>> {
  const catalog = new Catalog([...(await catalogTypes(cluster.catalog, context)), ...ownTypes]);
  const groups = new Map<string, NodeGroup>();
  for (const [i, spec] of (cluster.nodeGroups ?? []).entries()) {
    let type: InstanceType | undefined;
    try {
      type = spec.instanceType === undefined ? undefined : catalog.find(spec.instanceType);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      context.add(['cluster', 'nodeGroups', i, 'instanceType'], error.message);
      continue;
    }
    groups.set(spec.name, new NodeGroup(spec, i, type));
  }
  return groups;
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
