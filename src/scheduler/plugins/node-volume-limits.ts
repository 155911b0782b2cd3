/**
 * NodeVolumeLimits: how many volumes of a CSI driver can be attached to a node, and drivers without which pods must
 * not be placed. Volumes are counted once however many pods use them, with attachments that no pod accounts for.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/nodevolumelimits/csi.go.
 * Deviation: where several drivers are missing, the one of the pod's first volume is named (the original: any).
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { ClusterObjects } from '../../cluster/objects.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import type {
  CSIDriver,
  CSINode,
  PersistentVolumeClaim,
  Volume,
  VolumeAttachment,
} from '../../kube/types.ts';
import { classNameOf } from '../../kube/volume-claims.ts';
import type { Plugin } from '../framework/plugin.ts';
import { errorStatus, type Status, unresolvable, unschedulable } from '../framework/status.ts';
import {
  type ClaimOwner,
  claimNameOf,
  findClaim,
  findStorageClass,
  findVolume,
  notFound,
  notOwnerText,
} from './volumes/claims.ts';
import { csiHandle, inTreePluginByName, inTreeSourceOf, inTreeVolume } from './volumes/csi-migration.ts';
import { derivedFrom, grouped } from './volumes/derived.ts';

const NAME = 'NodeVolumeLimits';
const EXCEEDED = unschedulable(NAME, 'node(s) exceed max volume count');
/** Begins the handles of volumes that are yet to be provisioned; no driver can have given such a handle. */
const UNBOUND = '\0unbound';

/** Drivers by the volumes' unique names. */
export type CsiVolumes = Map<string, string>;

const attachmentsByNode = derivedFrom<VolumeAttachment, ReadonlyMap<string, readonly VolumeAttachment[]>>(
  'VolumeAttachment',
  (attachments) => grouped(attachments, ({ spec }) => spec.nodeName),
);

const attachableByClass = new WeakMap<PodClass, readonly Volume[]>();

/** Volumes that can turn out to be a CSI driver's. */
export function attachable(cls: PodClass): readonly Volume[] {
  let volumes = attachableByClass.get(cls);
  if (!volumes) {
    volumes = (cls.spec.volumes ?? []).filter(
      (volume) => volume.persistentVolumeClaim || volume.ephemeral || inTreeVolume(volume),
    );
    attachableByClass.set(cls, volumes);
  }
  return volumes;
}

export function nodeVolumeLimits(): Plugin<undefined> {
  return {
    name: NAME,
    preFilter: ({ cls }) => (attachable(cls).length === 0 ? { skip: true } : { state: undefined }),
    filterScope: 'cluster',
    scopeOf: (cls) => (attachable(cls).length === 0 ? 'static' : 'cluster'),
    classKey: () => '',
    filter(_, node, { pod, cluster }) {
      const { objects, nodes } = cluster;
      const csiNode = objects.get<CSINode>('CSINode', undefined, nodes.names[node]!);
      const wanted: CsiVolumes = new Map();
      const status = collect(wanted, pod, csiNode, objects, true) ?? missingDriver(wanted, csiNode, objects);
      if (status || wanted.size === 0) return status;
      const limits = limitsOf(csiNode);
      return limits.size === 0 ? undefined : exceeded(wanted, limits, node, csiNode, cluster);
    },
  };
}

function exceeded(
  wanted: CsiVolumes,
  limits: ReadonlyMap<string, number>,
  node: number,
  csiNode: CSINode | undefined,
  cluster: Cluster,
): Status | undefined {
  const attached: CsiVolumes = new Map();
  const status = collectFromNode(attached, node, csiNode, cluster);
  if (status) return status;
  for (const name of attached.keys()) wanted.delete(name);
  addAttachments(attached, node, cluster);
  const nAttached = countByDriver(attached);
  for (const [driver, nWanted] of countByDriver(wanted)) {
    const limit = limits.get(driver);
    if (limit !== undefined && (nAttached.get(driver) ?? 0) + nWanted > limit) return EXCEEDED;
  }
  return undefined;
}

/** Adds what the pods on the node use. A missing claim is not counted. */
function collectFromNode(
  into: CsiVolumes,
  node: number,
  csiNode: CSINode | undefined,
  { nodes, pods, classes, objects }: Cluster,
): Status | undefined {
  for (let row = nodes.firstPod[node]!; row !== -1; row = pods.next[row]!) {
    const cls = classes.all[pods.cls[row]!]!;
    if (attachable(cls).length === 0) continue;
    const pod = { cls, name: pods.nameOf(row), uid: pods.uids[row]! };
    const status = collect(into, pod, csiNode, objects, false);
    if (status) return status;
  }
  return undefined;
}

/** Adds a pod's CSI volumes. A new pod's missing claim makes it wait for the claim. */
export function collect(
  into: CsiVolumes,
  pod: ClaimOwner,
  csiNode: CSINode | undefined,
  objects: ClusterObjects,
  isNew: boolean,
): Status | undefined {
  const { namespace } = pod.cls;
  for (const volume of attachable(pod.cls)) {
    if (!volume.persistentVolumeClaim && !volume.ephemeral) {
      const status = addInline(into, volume, csiNode);
      if (status) return status;
      continue;
    }
    const claimName = claimNameOf(
      { volumeName: volume.name, claimName: volume.persistentVolumeClaim?.claimName },
      pod.name,
    );
    if (claimName === '') return errorStatus(NAME, 'PersistentVolumeClaim had no name');
    const claim = findClaim(objects, namespace, claimName);
    if (!claim) {
      if (!isNew) continue;
      return unresolvable(NAME, `looking up PVC ${namespace}/${claimName}: ${notFound.claim(claimName)}`);
    }
    const strange = volume.persistentVolumeClaim ? undefined : notOwnerText(claim, pod);
    if (strange) return errorStatus(NAME, strange);
    addClaim(into, claim, csiNode, objects);
  }
  return undefined;
}

/** An in-tree volume inside a pod counts as its driver's where the node knows CSI at all. */
function addInline(into: CsiVolumes, volume: Volume, csiNode: CSINode | undefined): Status | undefined {
  const inTree = inTreeVolume(volume)!;
  if (!csiNode || !inTree.plugin.handleOf) return undefined;
  const handle = csiHandle(inTree, {});
  if (handle === undefined) return errorStatus(NAME, `converting volume(${volume.name}) from inline to csi`);
  add(into, inTree.plugin.driver, handle);
  return undefined;
}

function add(into: CsiVolumes, driver: string, handle: string): void {
  into.set(`${driver}/${handle}`, driver);
}

function addClaim(
  into: CsiVolumes,
  claim: PersistentVolumeClaim,
  csiNode: CSINode | undefined,
  objects: ClusterObjects,
): void {
  const { volumeName } = claim.spec ?? {};
  const volume = volumeName ? findVolume(objects, volumeName) : undefined;
  if (!volume) {
    addUnbound(into, claim, csiNode, objects);
    return;
  }
  const { csi } = volume.spec ?? {};
  if (csi) {
    if (csi.driver && csi.volumeHandle) add(into, csi.driver, csi.volumeHandle);
    return;
  }
  const inTree = inTreeSourceOf(volume);
  if (!inTree || !csiNode) return;
  const handle = csiHandle(inTree, volume.metadata.labels ?? {});
  if (handle) add(into, inTree.plugin.driver, handle);
}

/** A claim without a volume will be a new volume of its class's provisioner. */
function addUnbound(
  into: CsiVolumes,
  claim: PersistentVolumeClaim,
  csiNode: CSINode | undefined,
  objects: ClusterObjects,
): void {
  const storageClass = findStorageClass(objects, classNameOf(claim));
  if (!storageClass) return;
  const inTree = inTreePluginByName(storageClass.provisioner);
  if (inTree && (!csiNode || !inTree.handleOf)) return;
  const driver = inTree?.driver ?? storageClass.provisioner;
  if (driver) add(into, driver, `${UNBOUND}-${claim.metadata.namespace}/${claim.metadata.name}`);
}

function addAttachments(into: CsiVolumes, node: number, { nodes, objects }: Cluster): void {
  for (const { spec } of attachmentsByNode(objects).get(nodes.names[node]!) ?? []) {
    const { persistentVolumeName } = spec.source;
    if (!spec.attacher || persistentVolumeName === undefined) continue;
    const handle = findVolume(objects, persistentVolumeName)?.spec?.csi?.volumeHandle;
    if (handle !== undefined) add(into, spec.attacher, handle);
  }
}

function missingDriver(
  wanted: CsiVolumes,
  csiNode: CSINode | undefined,
  objects: ClusterObjects,
): Status | undefined {
  for (const driver of wanted.values()) {
    const isRequired = objects.get<CSIDriver>('CSIDriver', undefined, driver)?.spec
      ?.preventPodSchedulingIfMissing;
    if (isRequired && !csiNode?.spec?.drivers?.some(({ name }) => name === driver)) {
      return unschedulable(NAME, `${driver} CSI driver is not installed on the node`);
    }
  }
  return undefined;
}

/** Limits by driver; 0 is a limit, no count is none. */
function limitsOf(csiNode: CSINode | undefined): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const { name, allocatable } of csiNode?.spec?.drivers ?? []) {
    if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
  }
  return limits;
}

export function countByDriver(volumes: CsiVolumes): Map<string, number> {
  const counts = new Map<string, number>();
  for (const driver of volumes.values()) counts.set(driver, (counts.get(driver) ?? 0) + 1);
  return counts;
}
