/**
 * What becomes of a pod's claims on one node: volumes to bind, volumes to provision, or why neither is possible.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/volumebinding/binder.go FindPodVolumes.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import { matchesRequirement } from '../../../kube/selector.ts';
import type {
  CSIStorageCapacity,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from '../../../kube/types.ts';
import { NO_PROVISIONER } from '../../../kube/volume-claims.ts';
import type { AssumedObjects } from './assumed-objects.ts';
import { findVolume } from './claims.ts';
import type { DelayedClaim, PodClaims } from './pod-claims.ts';
import { admitsMigratedNode } from './pv-affinity.ts';
import { chooseVolume } from './pv-matching.ts';
import { capacityFor } from './storage-capacity.ts';

/** An existing volume for a claim. */
export interface Binding {
  readonly claim: PersistentVolumeClaim;
  readonly volume: PersistentVolume;
}

/** A volume to be made for a claim on the node. */
export interface Provision {
  readonly claim: PersistentVolumeClaim;
  /** What it is drawn from, where the driver says. */
  readonly capacity: CSIStorageCapacity | undefined;
}

/** Why a node cannot be had; bits, as several can hold at once. In the order in which they are told. */
export const VolumeConflict = {
  NodeAffinity: 1,
  NothingToBind: 2,
  NotEnoughSpace: 4,
  VolumeMissing: 8,
} as const;

export interface NodeVolumes {
  readonly bindings: readonly Binding[];
  readonly provisions: readonly Provision[];
  /** VolumeConflict bits; 0 = the node serves all claims. */
  readonly conflicts: number;
  /** Set when a volume cannot be judged: the attempt fails. */
  readonly error?: string;
}

const NOTHING: Omit<NodeVolumes, 'conflicts'> = { bindings: [], provisions: [] };

export function nodeVolumes(
  claims: PodClaims,
  node: number,
  cluster: Cluster,
  assumed: AssumedObjects,
): NodeVolumes {
  const ofBound = boundConflict(claims.bound, node, cluster, assumed);
  if (typeof ofBound === 'string') return { ...NOTHING, conflicts: 0, error: ofBound };
  if (claims.delayed.length === 0) return { ...NOTHING, conflicts: ofBound };
  const delayed = placeDelayed(claims.delayed, node, cluster);
  return ofBound === 0 ? delayed : { ...delayed, conflicts: delayed.conflicts | ofBound };
}

/** The first bound volume that is missing or out of reach decides. */
function boundConflict(
  bound: readonly PersistentVolumeClaim[],
  node: number,
  cluster: Cluster,
  assumed: AssumedObjects,
): number | string {
  for (const claim of bound) {
    const heard = findVolume(cluster.objects, claim.spec!.volumeName!);
    if (!heard) return VolumeConflict.VolumeMissing;
    const admits = admitsMigratedNode(assumed.current(heard), node, cluster);
    if (admits === 'untranslatable') return `could not translate pv: ${heard.metadata.name}`;
    if (!admits) return VolumeConflict.NodeAffinity;
  }
  return 0;
}

function placeDelayed(claims: readonly DelayedClaim[], node: number, cluster: Cluster): NodeVolumes {
  const name = cluster.nodes.names[node]!;
  if (claims.some(({ selectedNode }) => selectedNode !== undefined && selectedNode !== name)) {
    return { ...NOTHING, conflicts: VolumeConflict.NothingToBind };
  }
  const bindings: Binding[] = [];
  const unmatched: DelayedClaim[] = [];
  const taken = new Set<PersistentVolume>();
  for (const delayed of claims) {
    if (delayed.selectedNode !== undefined) continue;
    const volume = chooseVolume(delayed.choice, taken, node, cluster);
    if (volume) {
      taken.add(volume);
      bindings.push({ claim: delayed.claim, volume });
    } else unmatched.push(delayed);
  }
  const toProvision = [...claims.filter(({ selectedNode }) => selectedNode !== undefined), ...unmatched];
  return { bindings, ...provisionsFor(toProvision, node, cluster) };
}

function provisionsFor(
  claims: readonly DelayedClaim[],
  node: number,
  cluster: Cluster,
): Pick<NodeVolumes, 'provisions' | 'conflicts'> {
  const provisions: Provision[] = [];
  for (const { claim, storageClass } of claims) {
    if (!canProvision(storageClass, node, cluster)) {
      return { provisions: [], conflicts: VolumeConflict.NothingToBind };
    }
    const capacity = capacityFor(claim, storageClass, node, cluster);
    if (capacity === undefined) return { provisions: [], conflicts: VolumeConflict.NotEnoughSpace };
    provisions.push({ claim, capacity: capacity === 'unchecked' ? undefined : capacity });
  }
  return { provisions, conflicts: 0 };
}

/** The class has a provisioner, and its allowed topologies (any one term) admit the node. */
function canProvision(storageClass: StorageClass, node: number, { nodes }: Cluster): boolean {
  const { provisioner, allowedTopologies = [] } = storageClass;
  if (!provisioner || provisioner === NO_PROVISIONER) return false;
  if (allowedTopologies.length === 0) return true;
  const labels = nodes.objects[node]!.metadata.labels ?? {};
  return allowedTopologies.some(({ matchLabelExpressions: terms = [] }) => {
    if (terms.length === 0) return false;
    return terms.every(({ key, values }) => matchesRequirement({ key, operator: 'In', values }, labels));
  });
}
