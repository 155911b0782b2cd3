/** All nodes at the start, from wherever they come; no two of one name, none without room. */
import { formatProblem, type Problem } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Node } from '../kube/types.ts';
import { withListPrice } from './list-prices.ts';
import type { LoadContext } from './load-context.ts';
import type { NodeGroup } from './node-group.ts';
import type { ObjectSet } from './object-set.ts';
import type { Traces } from './read-traces.ts';

type Place = Pick<Problem, 'file' | 'line' | 'column' | 'path'>;

interface PlacedNode {
  readonly node: Node;
  /** Costs a pass over the file: asked only for a message. */
  readonly place: () => Place;
}

export function startNodes(
  groups: ReadonlyMap<string, NodeGroup>,
  traces: Traces,
  objects: ObjectSet,
  catalog: Catalog,
  context: LoadContext,
): Node[] {
  const placed = [
    ...ofGroups(groups, context),
    ...traces.nodes.map(({ node, path }) => ({ node, place: () => context.place(path) })),
    ...ofManifests(objects, catalog, context),
  ];
  const first = new Map<string, PlacedNode>();
  for (const one of placed) {
    const name = one.node.metadata.name ?? '';
    const twin = first.get(name);
    if (twin === undefined) first.set(name, one);
    else {
      const where = formatProblem({ ...twin.place(), message: 'there is the other' });
      context.problems.push({ ...one.place(), message: `two nodes are called ${name}; ${where}` });
    }
  }
  return placed.map(({ node }) => node);
}

function* ofGroups(groups: ReadonlyMap<string, NodeGroup>, context: LoadContext): Iterable<PlacedNode> {
  for (const group of groups.values()) {
    const path = ['cluster', 'nodeGroups', group.index];
    const place = () => ({ ...context.place(path), path: `cluster.nodeGroups[${group.index}]` });
    for (const node of group.startNodes()) yield { node, place };
  }
}

function* ofManifests(objects: ObjectSet, catalog: Catalog, context: LoadContext): Iterable<PlacedNode> {
  for (const located of objects.nodes) {
    const node = withListPrice(located.object as Node, catalog);
    const place = () => ({ file: located.file, line: located.line, column: located.column });
    const { allocatable, capacity } = node.status ?? {};
    if (allocatable === undefined && capacity === undefined) {
      const message = `Node "${node.metadata.name}" has neither status.allocatable nor status.capacity: nothing would fit on it`;
      context.problems.push({ ...place(), message });
    }
    yield { node, place };
  }
}
