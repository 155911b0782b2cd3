// Stands in for all external provisioners (CSI): makes a volume for each claim that asks for one, some time later. A
// claim that waited for its pod gets a volume of that node's zone.
// Deviation: provisioning never fails, and its time is one figure; storage capacity is not used up.

import type { ApiClient, ApiProcess, Informer } from '../../../kube/api.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../kube/types.ts';
import { annotationOf, classNameOf, SELECTED_NODE } from '../../../kube/volume-claims.ts';
import type { EventKind, Simulation } from '../../../sim/simulation.ts';
import { isDelayed, PROVISIONED_BY, PROVISIONER } from './volumes.ts';

const ZONE = 'topology.kubernetes.io/zone';

export class VolumeProvisioner {
  readonly #simulation: Simulation;
  readonly #client: ApiClient;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #classes: Informer<StorageClass>;
  readonly #nodes: Informer<Node>;
  readonly #provisionUs: number;
  readonly #begun = new Set<string>();
  readonly #done: EventKind;

  constructor(simulation: Simulation, process: ApiProcess, provisionUs: number) {
    this.#simulation = simulation;
    this.#client = process.client({ name: 'csi-provisioner', qps: 5, burst: 10 });
    this.#provisionUs = provisionUs;
    this.#classes = process.informer<StorageClass>('StorageClass');
    this.#nodes = process.informer<Node>('Node');
    this.#claims = process.informer<PersistentVolumeClaim>('PersistentVolumeClaim');
    const onClaim = (claim: PersistentVolumeClaim) => this.#consider(claim);
    this.#claims.handle({
      added: onClaim,
      modified: onClaim,
      deleted: ({ metadata }) => this.#begun.delete(metadata.uid ?? ''),
    });
    this.#done = simulation.defineKind('volume-provisioner/done', (_a, _b, uid) =>
      this.#finish(uid as string),
    );
  }

  #consider(claim: PersistentVolumeClaim): void {
    const { uid = '' } = claim.metadata;
    const asks = annotationOf(claim, PROVISIONER) !== undefined && !claim.spec?.volumeName;
    if (!asks || this.#begun.has(uid) || isDelayed(claim, this.#classes.get('', classNameOf(claim)))) return;
    this.#begun.add(uid);
    this.#simulation.after(this.#provisionUs, this.#done, 0, 0, uid);
  }

  #finish(uid: string): void {
    const claim = this.#claims.byUid(uid);
    if (claim && !claim.metadata.deletionTimestamp) this.#client.create(this.#build(claim));
  }

  #build(claim: PersistentVolumeClaim): PersistentVolume {
    const { name = '', namespace = '', uid = '' } = claim.metadata;
    const storageClass = this.#classes.get('', classNameOf(claim));
    const { accessModes, volumeMode, resources } = claim.spec ?? {};
    const zone = this.#nodes.get('', annotationOf(claim, SELECTED_NODE) ?? '')?.metadata.labels?.[ZONE];
    const inZone = { key: ZONE, operator: 'In', values: [zone ?? ''] } as const;
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `pvc-${uid}`, annotations: { [PROVISIONED_BY]: storageClass?.provisioner ?? '' } },
      spec: {
        capacity: { storage: resources?.requests?.storage ?? 0 },
        ...(accessModes && { accessModes }),
        ...(volumeMode && { volumeMode }),
        storageClassName: classNameOf(claim),
        persistentVolumeReclaimPolicy: storageClass?.reclaimPolicy ?? 'Delete',
        claimRef: { kind: 'PersistentVolumeClaim', apiVersion: 'v1', name, namespace, uid },
        ...(zone && { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [inZone] }] } } }),
      },
    };
  }
}
