/** The forms of the classic scheduler's recorded lines, and the cluster and policies that a line speaks of. */
import { BugError } from '../base/assert.ts';
import type { CSINodeDriver, KubeObject, Node, Pod } from '../kube/types.ts';
import {
  type ClassicPolicy,
  classicPolicy,
  PREDICATE_NAMES,
  PRIORITY_NAMES,
  type PredicatePolicy,
  type PriorityPolicy,
} from '../scheduler/classic/policy.schema.ts';
import type { ClassicRelease } from '../scheduler/classic/release.ts';
import type { RecordedCluster } from './recorded.ts';

export interface PredicateAnswer {
  readonly fit: boolean;
  readonly reasons?: readonly string[];
  /** What PodFitsResources found missing, with figures, sorted. */
  readonly detail?: readonly string[];
  readonly error?: string;
}

export interface PriorityAnswer {
  readonly raw?: number;
  readonly final: number;
}

export type ByNode<T> = Readonly<Record<string, T>>;

export interface DefaultAnswer {
  readonly order: readonly string[];
  readonly nodes: ByNode<PredicateAnswer & { readonly failedPredicate?: string }>;
  readonly feasible: readonly string[];
  readonly weights: Readonly<Record<string, number>>;
  readonly priorities?: Readonly<Record<string, ByNode<PriorityAnswer>>>;
  readonly total?: ByNode<number>;
  readonly best?: readonly string[];
  readonly error?: string;
}

type Recorded = Pick<KubeObject, 'metadata'>;

export interface ClassicLine {
  readonly id: string;
  readonly version: string;
  readonly args: {
    readonly provider?: string;
    readonly checkNodeLabelPresence?: { readonly labels: string[]; readonly presence: boolean };
    readonly serviceAffinityLabels?: string[];
    readonly requestedToCapacityRatio?: {
      readonly shape: { utilization: number; score: number }[];
      readonly resources: Readonly<Record<string, number>>;
    };
    readonly nodeLabel?: { readonly label: string; readonly presence: boolean };
    readonly nodeLabelMulti?: { readonly present?: readonly string[]; readonly absent?: readonly string[] };
    readonly serviceAntiAffinityLabel?: string;
    readonly serviceAntiAffinityMulti?: readonly string[];
    readonly hardPodAffinityWeight: number;
    readonly filteredNodes?: readonly string[];
  };
  readonly pod: Pod;
  readonly cluster: {
    readonly nodes: readonly Node[];
    readonly pods: readonly Pod[];
    readonly csiNodes?: readonly { name: string; drivers: readonly { name: string; count?: number }[] }[];
  } & Readonly<Record<string, readonly Recorded[] | undefined>>;
  readonly expect: Partial<DefaultAnswer> & {
    readonly predicates?: Readonly<Record<string, ByNode<PredicateAnswer>>>;
  };
}

const KINDS: Readonly<Record<string, string>> = {
  services: 'Service',
  rcs: 'ReplicationController',
  rss: 'ReplicaSet',
  statefulsets: 'StatefulSet',
  pvs: 'PersistentVolume',
  pvcs: 'PersistentVolumeClaim',
  storageClasses: 'StorageClass',
};

export function recordedCluster({ cluster }: ClassicLine): RecordedCluster {
  const { nodes, pods, csiNodes = [], ...others } = cluster;
  const objects = Object.entries(others).map(([list, recorded = []]) => {
    const kind = KINDS[list];
    if (!kind) throw new BugError(`a classic recording holds ${list}`);
    return [list, recorded.map((object): KubeObject => ({ apiVersion: 'v1', kind, ...object }))] as const;
  });
  const csiDrivers = (drivers: (typeof csiNodes)[number]['drivers'], nodeID: string) =>
    drivers.map(
      ({ name, count }): CSINodeDriver => ({
        name,
        nodeID,
        ...(count !== undefined && { allocatable: { count } }),
      }),
    );
  return {
    nodes,
    pods,
    ...Object.fromEntries(objects),
    csiNodes: csiNodes.map(({ name, drivers }) => {
      const spec = { drivers: csiDrivers(drivers, name) };
      return { apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', metadata: { name }, spec };
    }),
  };
}

export function recordedPredicate(name: string, { args }: ClassicLine): PredicatePolicy {
  const { checkNodeLabelPresence, serviceAffinityLabels } = args;
  if (name === 'CheckServiceAffinity') {
    return { name, argument: { serviceAffinity: { labels: serviceAffinityLabels! } } };
  }
  if (name === 'CheckNodeLabelPresence')
    return { name, argument: { labelsPresence: checkNodeLabelPresence! } };
  if (!PREDICATE_NAMES.some((known) => known === name)) throw new Error(`no predicate ${name}`);
  return { name };
}

export function recordedPriorities(name: string, { args }: ClassicLine): PriorityPolicy[] {
  const entry = (argument?: PriorityPolicy['argument']): PriorityPolicy => ({ name, weight: 1, argument });
  const preference = (label: string, presence: boolean) => entry({ labelPreference: { label, presence } });
  const antiAffinity = (label: string) => entry({ serviceAntiAffinity: { label } });
  const { requestedToCapacityRatio: ratio, nodeLabel, nodeLabelMulti } = args;
  switch (name) {
    case 'RequestedToCapacityRatioPriority': {
      const resources = Object.entries(ratio!.resources).map(([resource, weight]) => ({
        name: resource,
        weight,
      }));
      return [entry({ requestedToCapacityRatioArguments: { shape: ratio!.shape, resources } })];
    }
    case 'RequestedToCapacityRatioPriority_default':
      return [{ name: 'RequestedToCapacityRatioPriority', weight: 1 }];
    case 'NodeLabelPriority':
      return [preference(nodeLabel!.label, nodeLabel!.presence)];
    case 'NodeLabelPriority_multi':
      return [
        ...(nodeLabelMulti!.present ?? []).map((label) => preference(label, true)),
        ...(nodeLabelMulti!.absent ?? []).map((label) => preference(label, false)),
      ];
    case 'ServiceAntiAffinityPriority':
      return [antiAffinity(args.serviceAntiAffinityLabel!)];
    case 'ServiceAntiAffinityPriority_multi':
      return args.serviceAntiAffinityMulti!.map(antiAffinity);
    default:
      if (!PRIORITY_NAMES.some((known) => known === name)) throw new Error(`no priority ${name}`);
      return [entry()];
  }
}

export function providerPolicy(provider: string, { name }: ClassicRelease): ClassicPolicy {
  const [own, variant] = provider.split(/[-+]/);
  return classicPolicy.parse({
    policy: name,
    provider: own,
    featureGates: {
      TaintNodesByCondition: variant !== 'ungated',
      EvenPodsSpread: variant === 'EvenPodsSpread',
    },
  });
}
