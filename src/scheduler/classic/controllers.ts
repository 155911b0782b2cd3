/**
 * The services and controllers that select a pod, in order of arrival.
 * Source: kubernetes v1.17.17 client-go listers (service_expansion.go GetPodServices and its like),
 * pkg/scheduler/algorithm/priorities/metadata.go getSelectors.
 */
import type { ClusterObjects } from '../../cluster/objects.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import { isEmptySelector, matchesLabelSelector } from '../../kube/selector.ts';
import type {
  KubeObject,
  LabelSelector,
  ReplicaSet,
  ReplicationController,
  Service,
  StatefulSet,
} from '../../kube/types.ts';
import { derivedFrom, grouped } from '../plugins/volumes/derived.ts';

type ByNamespace = (objects: ClusterObjects) => ReadonlyMap<string, readonly LabelSelector[]>;

/** The selectors of a kind by namespace; objects without one, or with an empty one, select nothing. */
function selectorsOf<T extends KubeObject>(
  kind: string,
  selectorOf: (object: T) => LabelSelector | undefined,
): ByNamespace {
  return derivedFrom<T, ReadonlyMap<string, readonly LabelSelector[]>>(kind, (objects) => {
    const found = objects.map((object) => ({ object, selector: selectorOf(object) }));
    const groups = grouped(
      found.filter(({ selector }) => selector && !isEmptySelector(selector)),
      ({ object }) => object.metadata.namespace ?? '',
    );
    return new Map(
      [...groups].map(([namespace, entries]) => [namespace, entries.map((entry) => entry.selector!)]),
    );
  });
}

const services = selectorsOf<Service>(
  'Service',
  ({ spec }) => spec?.selector && { matchLabels: spec.selector },
);
const controllers = [
  selectorsOf<ReplicationController>('ReplicationController', ({ spec }) =>
    spec?.selector ? { matchLabels: spec.selector } : undefined,
  ),
  selectorsOf<ReplicaSet>('ReplicaSet', ({ spec }) => spec.selector),
  selectorsOf<StatefulSet>('StatefulSet', ({ spec }) => spec.selector),
];

function matching(
  byNamespace: ByNamespace,
  { namespace, labels }: PodClass,
  objects: ClusterObjects,
): LabelSelector[] {
  return (byNamespace(objects).get(namespace) ?? []).filter((selector) =>
    matchesLabelSelector(selector, labels),
  );
}

export function serviceSelectors(cls: PodClass, objects: ClusterObjects): LabelSelector[] {
  return matching(services, cls, objects);
}

/** Of services, ReplicationControllers, ReplicaSets and StatefulSets. */
export function allSelectors(cls: PodClass, objects: ClusterObjects): LabelSelector[] {
  return [services, ...controllers].flatMap((kind) => matching(kind, cls, objects));
}
