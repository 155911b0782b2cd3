/**
 * VolumeRestrictions: disks that a node can mount only once, and claims that only one pod in the cluster may use.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/volumerestrictions.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import type { Volume } from '../../kube/types.ts';
import type { Cycle, Plugin } from '../framework/plugin.ts';
import { type Status, unresolvable, unschedulable } from '../framework/status.ts';
import { claimVolumes, findClaim, notFound } from './volumes/claims.ts';

const NAME = 'VolumeRestrictions';
const DISK_TAKEN = unschedulable(NAME, 'node(s) had no available disk');
const CLAIM_TAKEN = unschedulable(
  NAME,
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
);
const NO_DISKS: readonly Volume[] = [];

interface FilterState {
  readonly disks: readonly Volume[];
  /** The pod's claims that admit one pod only. */
  readonly singlePodClaims: ReadonlySet<string>;
  /** How often pods on nodes refer to them. */
  nReferences: number;
}

const disksByClass = new WeakMap<PodClass, readonly Volume[]>();

/** Volumes of the kinds that cannot be mounted twice. */
export function disksOf(cls: PodClass): readonly Volume[] {
  let disks = disksByClass.get(cls);
  if (!disks) {
    disks = (cls.spec.volumes ?? NO_DISKS).filter(
      (volume) => volume.gcePersistentDisk || volume.awsElasticBlockStore || volume.rbd || volume.iscsi,
    );
    disksByClass.set(cls, disks);
  }
  return disks;
}

/** Whether two volumes are the same disk and one of them (EBS: whichever) is mounted for writing. */
export function disksConflict(a: Volume, b: Volume): boolean {
  const shared = (x: { readonly readOnly?: boolean }, y: { readonly readOnly?: boolean }) =>
    x.readOnly && y.readOnly;
  const { gcePersistentDisk: gceA, awsElasticBlockStore: ebsA, iscsi: iscsiA, rbd: rbdA } = a;
  const { gcePersistentDisk: gceB, awsElasticBlockStore: ebsB, iscsi: iscsiB, rbd: rbdB } = b;
  if (gceA && gceB && gceA.pdName === gceB.pdName && !shared(gceA, gceB)) return true;
  if (ebsA && ebsB && ebsA.volumeID === ebsB.volumeID) return true;
  if (iscsiA && iscsiB && iscsiA.iqn === iscsiB.iqn && !shared(iscsiA, iscsiB)) return true;
  if (!rbdA || !rbdB || shared(rbdA, rbdB)) return false;
  const isSameImage = rbdA.image === rbdB.image && rbdPool(rbdA) === rbdPool(rbdB);
  return isSameImage && rbdA.monitors.some((monitor) => rbdB.monitors.includes(monitor));
}

function rbdPool({ pool }: { readonly pool?: string }): string {
  return pool ?? 'rbd';
}

/** Whether a disk of `disks` conflicts with one of a pod of class `other` (the queue's hints ask this too). */
export function conflictsWithClass(disks: readonly Volume[], other: PodClass): boolean {
  const others = disksOf(other);
  return others.length > 0 && disks.some((disk) => others.some((volume) => disksConflict(disk, volume)));
}

export function volumeRestrictions(): Plugin<FilterState> {
  return {
    name: NAME,
    preFilter(cycle) {
      const singlePodClaims = singlePodClaimsOf(cycle);
      if ('status' in singlePodClaims) return singlePodClaims;
      const disks = disksOf(cycle.cls);
      const nReferences = nClaimsInUse(singlePodClaims.names, cycle.cls.namespace, cycle.cluster);
      if (disks.length === 0 && nReferences === 0) return { skip: true };
      return { state: { disks, singlePodClaims: singlePodClaims.names, nReferences } };
    },
    filterScope: 'cluster',
    scopeOf: (cls) => (disksOf(cls).length === 0 && claimVolumes(cls).length === 0 ? 'static' : 'cluster'),
    classKey: () => '',
    filter({ disks, nReferences }, node, { cluster }) {
      if (disks.length > 0 && hasDiskConflict(disks, node, cluster)) return DISK_TAKEN;
      return nReferences > 0 ? CLAIM_TAKEN : undefined;
    },
    // As in the original, pods of other namespaces with a claim of the same name count here.
    podMoved(state, { cls, sign }) {
      if (state.singlePodClaims.size === 0) return;
      for (const { persistentVolumeClaim: claim } of cls.spec.volumes ?? []) {
        if (claim && state.singlePodClaims.has(claim.claimName)) state.nReferences += sign;
      }
    },
  };
}

/** Whether a pod on the node has one of the disks in a way that keeps others off. */
export function hasDiskConflict(
  disks: readonly Volume[],
  node: number,
  { nodes, pods, classes }: Cluster,
): boolean {
  for (let pod = nodes.firstPod[node]!; pod !== -1; pod = pods.next[pod]!) {
    if (conflictsWithClass(disks, classes.all[pods.cls[pod]!]!)) return true;
  }
  return false;
}

function singlePodClaimsOf({ cls, cluster }: Cycle): { names: Set<string> } | { status: Status } {
  const names = new Set<string>();
  for (const { persistentVolumeClaim } of cls.spec.volumes ?? []) {
    if (!persistentVolumeClaim) continue;
    const claim = findClaim(cluster.objects, cls.namespace, persistentVolumeClaim.claimName);
    if (!claim) return { status: unresolvable(NAME, notFound.claim(persistentVolumeClaim.claimName)) };
    if (claim.spec?.accessModes?.includes('ReadWriteOncePod')) names.add(persistentVolumeClaim.claimName);
  }
  return { names };
}

/** How many of the claims some pod on some node uses. */
function nClaimsInUse(
  names: ReadonlySet<string>,
  namespace: string,
  { nodes, pods, classes }: Cluster,
): number {
  if (names.size === 0) return 0;
  const inUse = new Set<string>();
  for (let node = nodes.exists.nextSet(0); node !== -1; node = nodes.exists.nextSet(node + 1)) {
    for (let pod = nodes.firstPod[node]!; pod !== -1; pod = pods.next[pod]!) {
      const cls = classes.all[pods.cls[pod]!]!;
      if (cls.namespace !== namespace) continue;
      for (const { persistentVolumeClaim: claim } of cls.spec.volumes ?? []) {
        if (claim && names.has(claim.claimName)) inUse.add(claim.claimName);
      }
    }
  }
  return inUse.size;
}
