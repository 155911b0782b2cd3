// The PV controller: joins claims and volumes, and lets go of volumes whose claim is gone.
// Source: pkg/controller/volume/persistentvolume/pv_controller.go, 1.37. Deviations: reclaim policy Recycle is treated
// as Retain; finalizers that protect objects in use are not set; a default class that appears later is not given to old
// claims.

import type { ApiClient, Informer } from '../../../kube/api.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../kube/types.ts';
import {
  annotationOf,
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  classNameOf,
  isReservedFor,
  NO_PROVISIONER,
} from '../../../kube/volume-claims.ts';
import { call, type Steps, type Sync } from '../../sync.ts';
import type { WorkQueue } from '../../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from '../controller.ts';
import { findVolume, isDelayed, PROVISIONER, withAnnotation } from './volumes.ts';

const NAME = 'persistent-volume-binder';
/** pvclaim-binder-sync-period: claims that found nothing look again. */
const RESYNC_US = 15_000_000;

export class VolumeBinder {
  readonly #client: ApiClient;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #volumes: Informer<PersistentVolume>;
  readonly #classes: Informer<StorageClass>;
  readonly #claimQueue: WorkQueue;
  readonly #volumeQueue: WorkQueue;

  constructor(host: ControllerHost) {
    this.#client = host.client(NAME);
    this.#claims = host.informer<PersistentVolumeClaim>('PersistentVolumeClaim');
    this.#volumes = host.informer<PersistentVolume>('PersistentVolume');
    this.#classes = host.informer<StorageClass>('StorageClass');
    this.#claimQueue = host.queue({ name: `${NAME}/claims`, nWorkers: 1 }, (key) => this.#syncClaim(key));
    this.#volumeQueue = host.queue({ name: `${NAME}/volumes`, nWorkers: 1 }, (key) => this.#syncVolume(key));
    const onClaim = (claim: PersistentVolumeClaim) => this.#claimQueue.add(keyOfObject(claim));
    this.#claims.handle({
      added: onClaim,
      modified: onClaim,
      deleted: ({ spec }) => spec?.volumeName && this.#volumeQueue.add(`/${spec.volumeName}`),
    });
    const onVolume = (volume: PersistentVolume) => this.#volumeQueue.add(keyOfObject(volume));
    this.#volumes.handle({ added: onVolume, modified: onVolume, deleted: (volume) => this.#lost(volume) });
  }

  #lost({ spec }: PersistentVolume): void {
    const claim = spec?.claimRef;
    if (claim?.name) this.#claimQueue.add(`${claim.namespace ?? ''}/${claim.name}`);
  }

  *#syncClaim(key: string): Sync {
    const claim = this.#claims.get(...splitKey(key));
    if (!claim || claim.metadata.deletionTimestamp) return true;
    if (annotationOf(claim, BIND_COMPLETED) !== undefined) return yield* this.#syncBound(claim);
    const { volumeName } = claim.spec ?? {};
    if (volumeName) {
      const volume = this.#volumes.get('', volumeName);
      const isFree = volume && (!volume.spec?.claimRef || isReservedFor(volume, claim));
      if (isFree) return yield* this.#bind(claim, volume);
    } else {
      const isWaiting = isDelayed(claim, this.#classOf(claim));
      const volume = findVolume(this.#volumes.values(), claim, isWaiting);
      if (volume) return yield* this.#bind(claim, volume);
      if (isWaiting) return true;
      if (yield* this.#askProvisioner(claim)) return true;
    }
    this.#claimQueue.addAfter(key, RESYNC_US);
    return true;
  }

  #classOf(claim: PersistentVolumeClaim): StorageClass | undefined {
    return this.#classes.get('', classNameOf(claim));
  }

  /** Marks the claim for its class's provisioner; false if the class has none. */
  *#askProvisioner(claim: PersistentVolumeClaim): Steps<boolean> {
    const provisioner = this.#classOf(claim)?.provisioner;
    if (provisioner === undefined || provisioner === NO_PROVISIONER) return false;
    if (annotationOf(claim, PROVISIONER) === provisioner) return true;
    const marked = withAnnotation(claim, PROVISIONER, provisioner);
    const { error } = yield* call((reply) => this.#client.update(marked, reply));
    return !error;
  }

  /** Four writes, each left out if it was made before. */
  *#bind(claim: PersistentVolumeClaim, volume: PersistentVolume): Sync {
    const reserved = yield* this.#reserve(volume, claim);
    if (!reserved || !(yield* this.#setVolumePhase(reserved, 'Bound'))) return false;
    const { metadata, spec } = claim;
    const annotations = {
      ...metadata.annotations,
      [BIND_COMPLETED]: 'yes',
      ...(!spec?.volumeName && { [BOUND_BY_CONTROLLER]: 'yes' }),
    };
    const bound = {
      ...claim,
      metadata: { ...metadata, annotations },
      spec: { ...spec, volumeName: volume.metadata.name! },
    };
    const { error, object } = yield* call<PersistentVolumeClaim>((reply) =>
      this.#client.update(bound, reply),
    );
    if (error) return false;
    return yield* this.#setClaimPhase(object!, 'Bound', volume);
  }

  *#reserve(volume: PersistentVolume, claim: PersistentVolumeClaim): Steps<PersistentVolume | undefined> {
    if (volume.spec?.claimRef?.uid === claim.metadata.uid) return volume;
    const { namespace, name, uid } = claim.metadata;
    const claimRef = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      namespace: namespace!,
      name: name!,
      uid: uid!,
    };
    const annotations = { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: 'yes' };
    const written = {
      ...volume,
      metadata: { ...volume.metadata, annotations },
      spec: { ...volume.spec, claimRef },
    };
    const { object } = yield* call<PersistentVolume>((reply) => this.#client.update(written, reply));
    return object;
  }

  /** A bound claim whose volume is gone is lost for good. */
  *#syncBound(claim: PersistentVolumeClaim): Sync {
    const volume = this.#volumes.get('', claim.spec?.volumeName ?? '');
    if (volume && isReservedFor(volume, claim)) return yield* this.#setClaimPhase(claim, 'Bound', volume);
    return volume ? true : yield* this.#setClaimPhase(claim, 'Lost', undefined);
  }

  *#syncVolume(key: string): Sync {
    const [, name] = splitKey(key);
    const volume = this.#volumes.get('', name);
    if (!volume || volume.metadata.deletionTimestamp) return true;
    const reference = volume.spec?.claimRef;
    if (!reference?.uid) return yield* this.#setVolumePhase(volume, 'Available');
    const claim = this.#claims.get(reference.namespace ?? '', reference.name ?? '');
    if (claim?.metadata.uid === reference.uid) {
      if (annotationOf(claim, BIND_COMPLETED) === undefined) this.#claimQueue.add(keyOfObject(claim));
      return true;
    }
    return yield* this.#reclaim(volume);
  }

  *#reclaim(volume: PersistentVolume): Sync {
    const isDone = yield* this.#setVolumePhase(volume, 'Released');
    if (!isDone || volume.spec?.persistentVolumeReclaimPolicy !== 'Delete') return isDone;
    const target = { kind: 'PersistentVolume', name: volume.metadata.name! };
    const { error } = yield* call((reply) => this.#client.delete(target, {}, reply));
    return !error || error.code === 404;
  }

  *#setVolumePhase(volume: PersistentVolume, phase: 'Available' | 'Bound' | 'Released'): Sync {
    if (volume.status?.phase === phase) return true;
    const written = { ...volume, status: { ...volume.status, phase } };
    const { error } = yield* call((reply) => this.#client.updateStatus(written, reply));
    return !error;
  }

  *#setClaimPhase(
    claim: PersistentVolumeClaim,
    phase: 'Bound' | 'Lost',
    volume: PersistentVolume | undefined,
  ): Sync {
    if (claim.status?.phase === phase) return true;
    const { capacity, accessModes } = volume?.spec ?? {};
    const status = { phase, ...(capacity && { capacity }), ...(accessModes && { accessModes }) };
    const { error } = yield* call((reply) => this.#client.updateStatus({ ...claim, status }, reply));
    return !error;
  }
}
