/**
 * A scenario with only the first of the nodes that it lists: those of manifests, snapshots and traces, in their order.
 * Nodes of groups stay. What ran on a node that is gone waits: controllers make their pods anew, others are unbound.
 */
import type { KubeObject, Node } from '../kube/types.ts';
import type { Scenario } from '../scenario/scenario.ts';

type Bound = KubeObject & { readonly spec?: Readonly<Record<string, unknown>> };

/** The nodes that no group makes, in the order of the list. */
export function listedNodes({ nodes, groups }: Scenario): Node[] {
  const grouped = new Set(
    [...groups.values()].flatMap((group) => group.startNodes().map(({ metadata }) => metadata.name)),
  );
  return nodes.filter(({ metadata }) => !grouped.has(metadata.name));
}

export function withFirstNodes(scenario: Scenario, nNodes: number): Scenario {
  const gone = new Set<unknown>(
    listedNodes(scenario)
      .slice(nNodes)
      .map(({ metadata }) => metadata.name),
  );
  const isHomeless = (object: KubeObject) =>
    object.kind === 'Pod' && gone.has((object as Bound).spec?.nodeName);
  const strays = scenario.snapshot.filter(
    (object) => isHomeless(object) && !object.metadata.ownerReferences?.some(({ controller }) => controller),
  );
  return {
    ...scenario,
    nodes: scenario.nodes.filter(({ metadata }) => !gone.has(metadata.name)),
    snapshot: scenario.snapshot.filter((object) => !isHomeless(object)),
    objects: [...scenario.objects, ...strays].map((object) =>
      isHomeless(object) ? unbound(object) : object,
    ),
  };
}

function unbound(pod: KubeObject): KubeObject {
  const { status: _, spec = {}, ...rest } = pod as Bound & { readonly status?: unknown };
  const { nodeName: __, ...unboundSpec } = spec;
  return { ...rest, spec: unboundSpec } as KubeObject;
}
