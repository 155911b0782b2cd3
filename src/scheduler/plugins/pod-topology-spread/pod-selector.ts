/**
 * Which pods a spread constraint counts: label selectors ANDed. No list at all (undefined) matches nothing; a list
 * without any condition matches every pod when asked about the incoming pod, though as a counter it counts none.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/podtopologyspread/common.go and helper/spread.go.
 */
import type { ClusterObjects } from '../../../cluster/objects.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import { isEmptySelector, matchesMap, matchesRequirement } from '../../../kube/selector.ts';
import type {
  KubeObject,
  LabelSelector,
  ReplicaSet,
  ReplicationController,
  Service,
  StatefulSet,
  StringMap,
} from '../../../kube/types.ts';

export type PodSelector = readonly LabelSelector[] | undefined;

export function selectsPod(selector: PodSelector, labels: StringMap): boolean {
  return compileSelector(selector)(labels);
}

/** The same, for many pods. */
export function compileSelector(selector: PodSelector): (labels: StringMap) => boolean {
  if (!selector) return () => false;
  const pairs = selector.flatMap(({ matchLabels }) => Object.entries(matchLabels ?? {}));
  const requirements = selector.flatMap(({ matchExpressions }) => matchExpressions ?? []);
  return (labels) => {
    for (let i = 0; i < pairs.length; i++) if (labels[pairs[i]![0]] !== pairs[i]![1]) return false;
    return requirements.every((requirement) => matchesRequirement(requirement, labels));
  };
}

export function isWithoutCondition(selector: PodSelector): boolean {
  return selector?.every(isEmptySelector) ?? false;
}

/** The constraint's own selector, narrowed to the incoming pod's values of matchLabelKeys; keys it lacks are left out. */
export function ownSelector(
  selector: LabelSelector | null | undefined,
  matchLabelKeys: readonly string[] = [],
  labels: StringMap,
): PodSelector {
  if (!selector) return undefined;
  const shared = matchLabelKeys.filter((key) => Object.hasOwn(labels, key));
  if (shared.length === 0) return [selector];
  return [{ matchLabels: Object.fromEntries(shared.map((key) => [key, labels[key]!])) }, selector];
}

/** What the selector of default constraints was derived from; equal parts (by identity) mean an equal selector. */
export interface DefaultSelectorBasis {
  readonly servicesVersion: number;
  readonly owner: OwnerSelector | undefined;
}

/** A ReplicationController has a plain map, the others a selector. */
type OwnerSelector = StringMap | LabelSelector;

const REPLICATION_CONTROLLER = 'v1/ReplicationController';

export function defaultSelectorBasis(cls: PodClass, objects: ClusterObjects): DefaultSelectorBasis {
  return { servicesVersion: objects.version('Service'), owner: ownerSelector(cls, objects) };
}

/** The labels by which services select the pod, and the selector of its controller; empty if there is neither. */
export function defaultSelector(
  cls: PodClass,
  objects: ClusterObjects,
  { owner }: DefaultSelectorBasis,
): PodSelector {
  const matchLabels: Record<string, string> = {};
  for (const { metadata, spec } of objects.list<Service>('Service')) {
    if (metadata.namespace !== cls.namespace || !spec?.selector) continue;
    if (matchesMap(spec.selector, cls.labels)) Object.assign(matchLabels, spec.selector);
  }
  if (!owner) return [{ matchLabels }];
  if (ownerKind(cls) !== REPLICATION_CONTROLLER) return [{ matchLabels }, owner as LabelSelector];
  return [{ matchLabels: { ...matchLabels, ...(owner as StringMap) } }];
}

function ownerKind({ owner }: PodClass): string | undefined {
  return owner && `${owner.apiVersion}/${owner.kind}`;
}

function ownerSelector(cls: PodClass, objects: ClusterObjects): OwnerSelector | undefined {
  const { namespace, owner } = cls;
  const find = <T extends KubeObject>() => objects.get<T>(owner!.kind, namespace, owner!.name);
  switch (ownerKind(cls)) {
    case REPLICATION_CONTROLLER:
      return find<ReplicationController>()?.spec?.selector;
    case 'apps/v1/ReplicaSet':
      return find<ReplicaSet>()?.spec.selector;
    case 'apps/v1/StatefulSet':
      return find<StatefulSet>()?.spec.selector;
    default:
      return undefined;
  }
}
