/**
 * The decision about a pod's claims carried out: volumes reserved for claims, claims sent to the node where their
 * volume is to be made, and the wait until the PV controller and the provisioner have done their part.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/volumebinding/binder.go (AssumePodVolumes,
 * bindAPIUpdate, checkBindings), component-helpers v0.37 storage/volume GetBindVolumeToClaim.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { KubeObject, PersistentVolume, PersistentVolumeClaim } from '../../../kube/types.ts';
import {
  annotationOf,
  BOUND_BY_CONTROLLER,
  isReservedFor,
  SELECTED_NODE,
} from '../../../kube/volume-claims.ts';
import type { PreBindWork } from '../../framework/pre-bind.ts';
import type { AssumedObjects } from './assumed-objects.ts';
import { findClaim, findVolume, isFullyBound } from './claims.ts';
import type { Binding, NodeVolumes, Provision } from './node-volumes.ts';
import { admitsMigratedNode } from './pv-affinity.ts';

/** One object to write: the version heard of when it was decided, and what becomes of it. */
interface Write<T extends KubeObject> {
  readonly heard: T;
  readonly written: T;
}

type Progress = ReturnType<PreBindWork['progress']>;

/** What one pod holds of volumes and claims between Reserve and the end of its binding cycle. */
export class VolumeReservation {
  readonly #cluster: Cluster;
  readonly #assumed: AssumedObjects;
  readonly #node: number;
  readonly #nodeName: string;
  readonly #volumes: readonly (Write<PersistentVolume> & Pick<Binding, 'claim'>)[];
  readonly #claims: readonly Write<PersistentVolumeClaim>[];

  constructor(cluster: Cluster, assumed: AssumedObjects, node: number, volumes: NodeVolumes) {
    this.#cluster = cluster;
    this.#assumed = assumed;
    this.#node = node;
    this.#nodeName = cluster.nodes.names[node]!;
    this.#volumes = volumes.bindings.map((binding) => this.#reserved(binding));
    this.#claims = volumes.provisions.map((provision) => this.#sent(provision));
    for (const { heard, written } of this.#all()) if (heard !== written) assumed.assume(heard, written);
  }

  get writes(): readonly KubeObject[] {
    return this.#all().map(({ written }) => written);
  }

  undo(): void {
    for (const { heard } of this.#all()) this.#assumed.restore(heard);
  }

  progress(): Progress {
    if (
      !this.#cluster.nodes.exists.has(this.#node) ||
      this.#cluster.nodes.names[this.#node] !== this.#nodeName
    ) {
      return { failure: `failed to get node "${this.#nodeName}"` };
    }
    for (const write of this.#volumes) {
      const progress = this.#volumeProgress(write);
      if (progress !== 'done') return progress;
    }
    for (const write of this.#claims) {
      const progress = this.#claimProgress(write);
      if (progress !== 'done') return progress;
    }
    return 'done';
  }

  #all(): readonly Write<KubeObject>[] {
    return [...this.#volumes, ...this.#claims];
  }

  #volumeProgress({ heard, written, claim }: Write<PersistentVolume> & Pick<Binding, 'claim'>): Progress {
    const { objects } = this.#cluster;
    const { namespace, name } = claim.metadata;
    const volume = findVolume(objects, heard.metadata.name!);
    const now = findClaim(objects, namespace!, name!);
    if (!volume || !now) return { failure: `failed to check binding of ${namespace}/${name}` };
    if (volume === heard && written !== heard) return 'waiting';
    const unreachable = this.#unreachable(volume);
    if (unreachable) return unreachable;
    if (!volume.spec?.claimRef?.uid)
      return { failure: `ClaimRef got reset for pv "${volume.metadata.name}"` };
    return isFullyBound(now) ? 'done' : 'waiting';
  }

  #claimProgress({ heard, written }: Write<PersistentVolumeClaim>): Progress {
    const { namespace, name } = heard.metadata;
    const claim = findClaim(this.#cluster.objects, namespace!, name!);
    if (!claim) return { failure: `failed to check provisioning pvc ${namespace}/${name}` };
    if (claim === heard && written !== heard) return 'waiting';
    // A provisioner that gives up takes the annotation away: the pod is to be scheduled again.
    if (annotationOf(claim, SELECTED_NODE) !== this.#nodeName) {
      return { failure: `provisioning failed for PVC "${name}"` };
    }
    const { volumeName } = claim.spec ?? {};
    const volume = volumeName ? findVolume(this.#cluster.objects, volumeName) : undefined;
    if (volumeName && !volume) return 'waiting';
    const unreachable = volume && this.#unreachable(volume);
    if (unreachable) return unreachable;
    return isFullyBound(claim) ? 'done' : 'waiting';
  }

  #unreachable(volume: PersistentVolume): { readonly failure: string } | undefined {
    if (admitsMigratedNode(volume, this.#node, this.#cluster) === true) return undefined;
    return { failure: `pv "${volume.metadata.name}" node affinity doesn't match node "${this.#nodeName}"` };
  }

  #reserved({ claim, volume }: Binding): Write<PersistentVolume> & Pick<Binding, 'claim'> {
    const heard = findVolume(this.#cluster.objects, volume.metadata.name!) ?? volume;
    return { heard, written: reservedFor(volume, claim), claim };
  }

  #sent({ claim }: Provision): Write<PersistentVolumeClaim> {
    const heard = findClaim(this.#cluster.objects, claim.metadata.namespace!, claim.metadata.name!) ?? claim;
    if (annotationOf(claim, SELECTED_NODE) === this.#nodeName) return { heard, written: claim };
    return { heard, written: annotated(claim, SELECTED_NODE, this.#nodeName) };
  }
}

/** The volume with its claimRef set, marked as bound by Kubernetes rather than by its owner; itself if it is both. */
function reservedFor(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
  const wasReserved = isReservedFor(volume, claim);
  const { uid, name, namespace, resourceVersion } = claim.metadata;
  if (wasReserved && volume.spec?.claimRef?.uid === uid) return volume;
  const claimRef = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
  const reserved: PersistentVolume = { ...volume, spec: { ...volume.spec, claimRef } };
  return wasReserved ? reserved : annotated(reserved, BOUND_BY_CONTROLLER, 'yes');
}

function annotated<T extends KubeObject>(object: T, key: string, value: string): T {
  const annotations = { ...object.metadata.annotations, [key]: value };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
