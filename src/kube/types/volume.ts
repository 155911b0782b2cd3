// Volume sources, in pods and in persistent volumes (core/v1). Those that no decision looks into stay `unknown`.

import type { LocalObjectReference, ObjectMeta, Quantity, StringMap } from './meta.ts';
import type { PersistentVolumeClaimSpec } from './storage.ts';

export interface GcePersistentDisk {
  readonly pdName: string;
  readonly fsType?: string;
  readonly partition?: number;
  readonly readOnly?: boolean;
}

export interface AwsElasticBlockStore {
  readonly volumeID: string;
  readonly fsType?: string;
  readonly partition?: number;
  readonly readOnly?: boolean;
}

export interface Iscsi {
  readonly targetPortal: string;
  readonly iqn: string;
  readonly lun: number;
  readonly portals?: readonly string[];
  readonly readOnly?: boolean;
}

export interface Rbd {
  readonly monitors: readonly string[];
  readonly image: string;
  readonly pool?: string;
  readonly readOnly?: boolean;
}

export interface AzureDisk {
  readonly diskName: string;
  readonly diskURI: string;
  readonly readOnly?: boolean;
}

export interface Cinder {
  readonly volumeID: string;
  readonly readOnly?: boolean;
}

export interface CsiVolume {
  readonly driver: string;
  readonly volumeHandle?: string;
  readonly readOnly?: boolean;
  readonly fsType?: string;
  readonly volumeAttributes?: StringMap;
}

export interface EmptyDir {
  readonly medium?: '' | 'Memory' | string;
  readonly sizeLimit?: Quantity;
}

export interface PersistentVolumeClaimTemplate {
  readonly metadata?: ObjectMeta;
  readonly spec: PersistentVolumeClaimSpec;
}

/** A pod's volume: a name and exactly one source (none means emptyDir). */
export interface Volume {
  readonly name: string;
  readonly emptyDir?: EmptyDir;
  readonly hostPath?: { readonly path: string; readonly type?: string };
  readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean };
  readonly ephemeral?: { readonly volumeClaimTemplate?: PersistentVolumeClaimTemplate };
  readonly configMap?: { readonly name?: string; readonly optional?: boolean };
  readonly secret?: { readonly secretName?: string; readonly optional?: boolean };
  readonly projected?: { readonly sources?: readonly unknown[] };
  readonly downwardAPI?: unknown;
  readonly image?: { readonly reference?: string; readonly pullPolicy?: string };
  readonly csi?: CsiVolume;
  readonly gcePersistentDisk?: GcePersistentDisk;
  readonly awsElasticBlockStore?: AwsElasticBlockStore;
  readonly azureDisk?: AzureDisk;
  readonly cinder?: Cinder;
  readonly iscsi?: Iscsi;
  readonly rbd?: Rbd;
  readonly nfs?: unknown;
  readonly fc?: unknown;
  readonly azureFile?: unknown;
  readonly cephfs?: unknown;
  readonly flexVolume?: unknown;
  readonly flocker?: unknown;
  readonly gitRepo?: unknown;
  readonly glusterfs?: unknown;
  readonly photonPersistentDisk?: unknown;
  readonly portworxVolume?: unknown;
  readonly quobyte?: unknown;
  readonly scaleIO?: unknown;
  readonly storageos?: unknown;
  readonly vsphereVolume?: unknown;
}

/** The source part of a PersistentVolume's spec. */
export interface PersistentVolumeSource {
  readonly csi?: CsiVolume;
  readonly gcePersistentDisk?: GcePersistentDisk;
  readonly awsElasticBlockStore?: AwsElasticBlockStore;
  readonly azureDisk?: AzureDisk;
  readonly cinder?: Cinder;
  readonly iscsi?: Iscsi;
  readonly rbd?: Rbd;
  readonly hostPath?: { readonly path: string; readonly type?: string };
  readonly local?: { readonly path: string; readonly fsType?: string };
  readonly nfs?: unknown;
}

export interface TypedLocalObjectReference extends LocalObjectReference {
  readonly apiGroup?: string;
  readonly kind: string;
}
