// Makes the pods of traces and generators: a base the user may give, completed by what a row or a draw says.
// Equal pods share one PodShape object, which is what makes them one pod class.

import type { Container, NodeSelectorRequirement, ObjectMeta, PodSpec, ResourceList } from '../kube/types.ts';
import type { PodShape } from './source.ts';

/** What every pod of a source starts from: any part of a pod template. */
export interface PodBase {
  readonly metadata?: Pick<ObjectMeta, 'namespace' | 'labels' | 'annotations'>;
  readonly spec?: Partial<PodSpec>;
}

/** What a row or a draw adds to the base. */
export interface ShapeParts {
  /** Added to the first container's requests; extended resources are added to its limits as well. */
  readonly requests: ResourceList;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly priorityClassName?: string;
  /** Required of the node, beside what the base requires. */
  readonly nodeRequirement?: NodeSelectorRequirement;
}

/** The container of a pod whose base names none. */
export const DEFAULT_CONTAINER: Container = { name: 'main', image: 'wavetank.io/work:1' };
const NATIVE_RESOURCES: readonly string[] = ['cpu', 'memory', 'ephemeral-storage'];

export function buildShape(base: PodBase, parts: ShapeParts): PodShape {
  const annotations = { ...base.metadata?.annotations, ...parts.annotations };
  return {
    namespace: parts.namespace ?? base.metadata?.namespace ?? 'default',
    labels: { ...base.metadata?.labels, ...parts.labels },
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    spec: buildSpec(base.spec ?? {}, parts),
  };
}

function buildSpec(base: Partial<PodSpec>, parts: ShapeParts): PodSpec {
  const [first = DEFAULT_CONTAINER, ...others] = base.containers ?? [];
  const extended = Object.fromEntries(
    Object.entries(parts.requests).filter(([name]) => !NATIVE_RESOURCES.includes(name)),
  );
  const resources = {
    ...first.resources,
    requests: { ...first.resources?.requests, ...parts.requests },
    limits: { ...first.resources?.limits, ...extended },
  };
  return {
    restartPolicy: 'Never',
    ...base,
    containers: [{ ...first, resources }, ...others],
    ...(parts.priorityClassName === undefined ? {} : { priorityClassName: parts.priorityClassName }),
    ...(parts.nodeRequirement ? { affinity: withRequirement(base.affinity, parts.nodeRequirement) } : {}),
  };
}

/** Node selector terms are alternatives, so the requirement goes into each of them. */
function withRequirement(
  affinity: PodSpec['affinity'],
  requirement: NodeSelectorRequirement,
): NonNullable<PodSpec['affinity']> {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const nodeSelectorTerms = (required?.nodeSelectorTerms ?? [{}]).map((term) => ({
    ...term,
    matchExpressions: [...(term.matchExpressions ?? []), requirement],
  }));
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
    },
  };
}

/** The shapes made so far by a key that the source chooses: equal keys must mean equal pods. */
export class ShapeTable {
  readonly #shapes = new Map<string, PodShape>();
  readonly #base: PodBase;

  constructor(base: PodBase = {}) {
    this.#base = base;
  }

  /** The shape known as `key`, made from the parts when the key is new. */
  get(key: string, parts: () => ShapeParts): PodShape {
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      shape = buildShape(this.#base, parts());
      this.#shapes.set(key, shape);
    }
    return shape;
  }
}
