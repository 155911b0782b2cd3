/**
 * MaxEBSVolumeCount, MaxGCEPDVolumeCount, MaxAzureDiskVolumeCount, MaxCinderVolumeCount, MaxCSIVolumeCountPred: how
 * many volumes of a kind can be attached to a node. A volume counts once however many pods use it.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/predicates (predicates.go MaxPDVolumeCountChecker,
 * csi_volume_predicate.go), pkg/volume/util/attach_limit.go.
 * Deviations: KUBE_MAX_PD_VOLS and CSI migration are not modelled; node keys of CSI drivers with long names are not
 * hashed. Where a node has both instance-type labels, the beta one counts (the original: any).
 */
import { parseValue } from '../../../base/quantity.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import type { CSINode, Node, PersistentVolumeSource, Volume } from '../../../kube/types.ts';
import { classNameOf } from '../../../kube/volume-claims.ts';
import type { Plugin } from '../../framework/plugin.ts';
import { errorStatus, unschedulable } from '../../framework/status.ts';
import { attachable, type CsiVolumes, collect, countByDriver } from '../../plugins/node-volume-limits.ts';
import { claimVolumes, findClaim, findStorageClass, findVolume } from '../../plugins/volumes/claims.ts';
import type { ClassicRelease } from '../release.ts';

const EXCEEDED = 'node(s) exceed max volume count';
const INSTANCE_TYPE = 'beta.kubernetes.io/instance-type';
const STABLE_INSTANCE_TYPE = 'node.kubernetes.io/instance-type';
const NITRO_INSTANCE = /^[cmr]5.*|t3|z1d/;

interface DiskKind {
  /** The provisioner of storage classes, which is also the in-tree plugin's name. */
  readonly provisioner: string;
  /** The allocatable amount that overrides the limit, be it 0. */
  readonly limitKey: string;
  readonly limit: (instanceType: string) => number;
  readonly idOf: (volume: Volume | PersistentVolumeSource) => string | undefined;
}

export const DISK_KINDS = {
  ebs: {
    provisioner: 'kubernetes.io/aws-ebs',
    limitKey: 'attachable-volumes-aws-ebs',
    limit: (instanceType) => (NITRO_INSTANCE.test(instanceType) ? 25 : 39),
    idOf: ({ awsElasticBlockStore }) => awsElasticBlockStore?.volumeID,
  },
  gcePd: {
    provisioner: 'kubernetes.io/gce-pd',
    limitKey: 'attachable-volumes-gce-pd',
    limit: () => 16,
    idOf: ({ gcePersistentDisk }) => gcePersistentDisk?.pdName,
  },
  azureDisk: {
    provisioner: 'kubernetes.io/azure-disk',
    limitKey: 'attachable-volumes-azure-disk',
    limit: () => 16,
    idOf: ({ azureDisk }) => azureDisk?.diskName,
  },
  cinder: {
    provisioner: 'kubernetes.io/cinder',
    limitKey: 'attachable-volumes-cinder',
    limit: () => 256,
    idOf: ({ cinder }) => cinder?.volumeID,
  },
} as const satisfies Record<string, DiskKind>;

export function maxVolumeCount(name: string, kind: DiskKind, release: ClassicRelease): Plugin<undefined> {
  const status = unschedulable(name, EXCEEDED);
  return {
    name,
    preFilter: ({ cls }) => (cls.spec.volumes?.length ? { state: undefined } : { skip: true }),
    filterScope: 'cluster',
    scopeOf: (cls) => (cls.spec.volumes?.length ? 'cluster' : 'static'),
    classKey: () => '',
    filter(_, node, { cls, cluster }) {
      const wanted = new Set<string>();
      addDisks(wanted, cls, kind, cluster);
      if (wanted.size === 0) return undefined;
      const attached = new Set<string>();
      const { nodes, pods } = cluster;
      for (let pod = nodes.firstPod[node]!; pod !== -1; pod = pods.next[pod]!) {
        addDisks(attached, cluster.classOf(pod), kind, cluster);
      }
      for (const id of wanted) attached.add(id);
      return attached.size > diskLimit(nodes.objects[node]!, kind, release) ? status : undefined;
    },
  };
}

/** Adds the ids of a pod's disks. A claim without a volume stands for itself if the kind would provision it. */
function addDisks(
  into: Set<string>,
  { spec, namespace }: PodClass,
  kind: DiskKind,
  { objects }: Cluster,
): void {
  for (const volume of spec.volumes ?? []) {
    const own = kind.idOf(volume);
    if (own !== undefined) into.add(own);
    const { persistentVolumeClaim } = volume;
    const claim = persistentVolumeClaim && findClaim(objects, namespace, persistentVolumeClaim.claimName);
    if (!claim) continue;
    const { volumeName } = claim.spec ?? {};
    const bound = volumeName ? findVolume(objects, volumeName) : undefined;
    const id = bound?.spec && kind.idOf(bound.spec);
    if (id !== undefined) into.add(id);
    else if (!bound && findStorageClass(objects, classNameOf(claim))?.provisioner === kind.provisioner) {
      into.add(`\0unbound-${namespace}/${claim.metadata.name}`);
    }
  }
}

function diskLimit({ metadata, status }: Node, kind: DiskKind, release: ClassicRelease): number {
  const own = status?.allocatable?.[kind.limitKey];
  if (own !== undefined) return parseValue(own);
  const labels = metadata.labels ?? {};
  return kind.limit(
    labels[INSTANCE_TYPE] ?? (release.readsStableLabels ? labels[STABLE_INSTANCE_TYPE] : undefined) ?? '',
  );
}

export function maxCsiVolumeCount(name = 'MaxCSIVolumeCountPred'): Plugin<undefined> {
  const status = unschedulable(name, EXCEEDED);
  return {
    name,
    preFilter: ({ cls }) => (claimVolumes(cls).length === 0 ? { skip: true } : { state: undefined }),
    filterScope: 'cluster',
    scopeOf: (cls) => (claimVolumes(cls).length === 0 ? 'static' : 'cluster'),
    classKey: () => '',
    filter(_, node, { pod, cluster }) {
      const { objects, nodes, pods } = cluster;
      const wanted: CsiVolumes = new Map();
      const failure = collect(wanted, pod, undefined, objects, false);
      if (failure) return errorStatus(name, ...failure.reasons);
      if (wanted.size === 0) return undefined;
      const attached: CsiVolumes = new Map();
      for (let row = nodes.firstPod[node]!; row !== -1; row = pods.next[row]!) {
        const cls = cluster.classOf(row);
        if (attachable(cls).length === 0) continue;
        collect(attached, { cls, name: pods.nameOf(row), uid: pods.uids[row]! }, undefined, objects, false);
      }
      for (const volume of attached.keys()) wanted.delete(volume);
      const nAttached = countByDriver(attached);
      for (const [driver, nWanted] of countByDriver(wanted)) {
        if ((nAttached.get(driver) ?? 0) + nWanted > csiLimit(driver, node, cluster)) return status;
      }
      return undefined;
    },
  };
}

/** What the CSINode says, else the node's own key; no limit where neither does. */
function csiLimit(driver: string, node: number, { objects, nodes }: Cluster): number {
  const csiNode = objects.get<CSINode>('CSINode', undefined, nodes.names[node]!);
  const count = csiNode?.spec?.drivers?.find(({ name }) => name === driver)?.allocatable?.count;
  if (count !== undefined) return count;
  const own = nodes.objects[node]!.status?.allocatable?.[`attachable-volumes-csi-${driver}`];
  return own === undefined ? Number.POSITIVE_INFINITY : parseValue(own);
}
