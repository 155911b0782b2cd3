/** The one file that knows every predicate and priority that needs no argument, by its registered name. */
import type { AnyPlugin } from '../framework/profile.ts';
import type { PredicateName, PriorityName } from './policy.schema.ts';
import { evenPodsSpread } from './predicates/even-pods-spread.ts';
import { generalPredicates, podFitsHostPorts } from './predicates/general-predicates.ts';
import { matchInterPodAffinity } from './predicates/match-inter-pod-affinity.ts';
import { noDiskConflict } from './predicates/no-disk-conflict.ts';
import {
  checkNodeCondition,
  checkNodeDiskPressure,
  checkNodeMemoryPressure,
  checkNodePidPressure,
} from './predicates/node-conditions.ts';
import {
  checkNodeUnschedulable,
  hostName,
  matchNodeSelector,
  toleratesTaints,
} from './predicates/node-matching.ts';
import { podFitsResources } from './predicates/pod-fits-resources.ts';
import { checkVolumeBinding, noVolumeZoneConflict } from './predicates/volume-binding.ts';
import { DISK_KINDS, maxCsiVolumeCount, maxVolumeCount } from './predicates/volume-limits.ts';
import { evenPodsSpreadPriority } from './priorities/even-pods-spread.ts';
import { imageLocalityPriority } from './priorities/image-locality.ts';
import { interPodAffinityPriority } from './priorities/inter-pod-affinity.ts';
import {
  equalPriority,
  nodeAffinityPriority,
  nodePreferAvoidPods,
  resourceLimits,
  taintTolerationPriority,
} from './priorities/node-preferences.ts';
import {
  balancedResourceAllocation,
  leastRequested,
  mostRequested,
  requestedToCapacityRatio,
} from './priorities/resource-use.ts';
import { selectorSpread } from './priorities/selector-spread.ts';
import type { ClassicRelease } from './release.ts';

type PredicateFactory = (name: string, release: ClassicRelease) => AnyPlugin;
type PriorityFactory = (name: string, release: ClassicRelease, hardPodAffinityWeight: number) => AnyPlugin;

export const PREDICATES: Readonly<
  Record<Exclude<PredicateName, 'CheckNodeLabelPresence' | 'CheckServiceAffinity'>, PredicateFactory>
> = {
  CheckNodeCondition: checkNodeCondition,
  CheckNodeUnschedulable: checkNodeUnschedulable,
  GeneralPredicates: generalPredicates,
  HostName: hostName,
  PodFitsHostPorts: podFitsHostPorts,
  PodFitsPorts: podFitsHostPorts,
  MatchNodeSelector: matchNodeSelector,
  PodFitsResources: podFitsResources,
  NoDiskConflict: noDiskConflict,
  PodToleratesNodeTaints: (name) => toleratesTaints(name, ['NoSchedule', 'NoExecute']),
  PodToleratesNodeNoExecuteTaints: (name) => toleratesTaints(name, ['NoExecute']),
  MaxEBSVolumeCount: (name, release) => maxVolumeCount(name, DISK_KINDS.ebs, release),
  MaxGCEPDVolumeCount: (name, release) => maxVolumeCount(name, DISK_KINDS.gcePd, release),
  MaxCSIVolumeCountPred: maxCsiVolumeCount,
  MaxAzureDiskVolumeCount: (name, release) => maxVolumeCount(name, DISK_KINDS.azureDisk, release),
  MaxCinderVolumeCount: (name, release) => maxVolumeCount(name, DISK_KINDS.cinder, release),
  CheckVolumeBinding: checkVolumeBinding,
  NoVolumeZoneConflict: noVolumeZoneConflict,
  CheckNodeMemoryPressure: checkNodeMemoryPressure,
  CheckNodePIDPressure: checkNodePidPressure,
  CheckNodeDiskPressure: checkNodeDiskPressure,
  EvenPodsSpread: evenPodsSpread,
  MatchInterPodAffinity: matchInterPodAffinity,
};

export const PRIORITIES: Readonly<Record<PriorityName, PriorityFactory>> = {
  BalancedResourceAllocation: balancedResourceAllocation,
  EqualPriority: equalPriority,
  EvenPodsSpreadPriority: evenPodsSpreadPriority,
  ImageLocalityPriority: imageLocalityPriority,
  InterPodAffinityPriority: interPodAffinityPriority,
  LeastRequestedPriority: leastRequested,
  MostRequestedPriority: mostRequested,
  NodeAffinityPriority: nodeAffinityPriority,
  NodePreferAvoidPodsPriority: nodePreferAvoidPods,
  RequestedToCapacityRatioPriority: (name, release) => requestedToCapacityRatio(name, release),
  ResourceLimitsPriority: resourceLimits,
  SelectorSpreadPriority: (name, release) => selectorSpread(name, release),
  ServiceSpreadingPriority: (name, release) => selectorSpread(name, release),
  TaintTolerationPriority: taintTolerationPriority,
};
