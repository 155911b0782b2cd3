/**
 * In-tree volumes seen as volumes of the CSI drivers that took them over.
 * Source: csi-translation-lib v0.37 (translate.go, plugins/*.go). Deviation: what only mounting needs is left out.
 */
import type { CSINode, PersistentVolume } from '../../../kube/types.ts';

const ZONE_LABELS = ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'] as const;
const MIGRATED_PLUGINS = 'storage.alpha.kubernetes.io/migrated-plugins';
const ZONES_DELIMITER = '__';

/** An in-tree plugin: where its source stands in volumes, and what it is called by the driver that replaced it. */
export interface InTreePlugin {
  readonly name: string;
  readonly driver: string;
  /** The node label that the driver uses for zones; undefined if it translates no topology. */
  readonly zoneKey?: string;
  /** The driver's handle; undefined if the source cannot be translated. Absent: the scheduler does not migrate it. */
  readonly handleOf?: (source: Source, labels: Labels) => string | undefined;
}

type Source = Readonly<Record<string, unknown>>;
type Labels = Readonly<Record<string, string>>;

const PLUGINS: Readonly<Record<string, InTreePlugin>> = {
  awsElasticBlockStore: {
    name: 'kubernetes.io/aws-ebs',
    driver: 'ebs.csi.aws.com',
    zoneKey: 'topology.ebs.csi.aws.com/zone',
    handleOf: ({ volumeID }) => ebsHandle(String(volumeID)),
  },
  gcePersistentDisk: {
    name: 'kubernetes.io/gce-pd',
    driver: 'pd.csi.storage.gke.io',
    zoneKey: 'topology.gke.io/zone',
    handleOf: ({ pdName }, labels) => gceHandle(String(pdName), labels),
  },
  azureDisk: {
    name: 'kubernetes.io/azure-disk',
    driver: 'disk.csi.azure.com',
    handleOf: ({ kind, diskURI }) =>
      kind === undefined || String(kind).toLowerCase() === 'managed' ? String(diskURI) : undefined,
  },
  cinder: {
    name: 'kubernetes.io/cinder',
    driver: 'cinder.csi.openstack.org',
    zoneKey: 'topology.cinder.csi.openstack.org/zone',
    handleOf: ({ volumeID }) => String(volumeID),
  },
  portworxVolume: {
    name: 'kubernetes.io/portworx-volume',
    driver: 'pxd.portworx.com',
    handleOf: ({ volumeID }) => String(volumeID),
  },
  azureFile: { name: 'kubernetes.io/azure-file', driver: 'file.csi.azure.com' },
  vsphereVolume: { name: 'kubernetes.io/vsphere-volume', driver: 'csi.vsphere.vmware.com' },
};

/** An in-tree volume: its plugin and its source. */
export interface InTreeVolume {
  readonly plugin: InTreePlugin;
  readonly source: Source;
}

/** The in-tree source of a pod's volume or of a persistent volume's spec, if it has one. */
export function inTreeVolume(spec: object): InTreeVolume | undefined {
  const fields = spec as Readonly<Record<string, Source | undefined>>;
  for (const [field, plugin] of Object.entries(PLUGINS)) {
    const source = fields[field];
    if (source) return { plugin, source };
  }
  return undefined;
}

export function inTreePluginByName(name: string): InTreePlugin | undefined {
  return Object.values(PLUGINS).find((plugin) => plugin.name === name);
}

/** The driver's handle; `labels` are those of the persistent volume, {} for a volume inside a pod. */
export function csiHandle({ plugin, source }: InTreeVolume, labels: Labels): string | undefined {
  return plugin.handleOf?.(source, labels);
}

/** Whether the node's CSINode says that the plugin is migrated there (VolumeBinding asks; limits do not). */
export function isMigratedOn(plugin: InTreePlugin, csiNode: CSINode | undefined): boolean {
  if (!plugin.handleOf) return false;
  const names = csiNode?.metadata.annotations?.[MIGRATED_PLUGINS] ?? '';
  return names.split(',').includes(plugin.name);
}

/** A zone label may list several zones. */
export function zonesOf(label: string): string[] {
  return label.split(ZONES_DELIMITER);
}

/** `aws://ZONE/vol-…` is the volume's id with its place; a bare id stays. */
function ebsHandle(id: string): string | undefined {
  if (!id.startsWith('aws://')) return id;
  const path = id.slice('aws://'.length);
  const slash = path.indexOf('/');
  const handle = slash < 0 ? '' : path.slice(slash).replace(/^\/+|\/+$/g, '');
  return /^vol-[^/]*$/.test(handle) ? handle : undefined;
}

function gceHandle(disk: string, labels: Labels): string | undefined {
  const label = labels[ZONE_LABELS[0]] || labels[ZONE_LABELS[1]] || '';
  const zones = zonesOf(label);
  if (zones.length === 1) return `projects/UNSPECIFIED/zones/${label || 'UNSPECIFIED'}/disks/${disk}`;
  const regions = new Set(zones.map(gceRegion));
  const [region] = regions;
  if (regions.size !== 1 || region === undefined) return undefined;
  return `projects/UNSPECIFIED/regions/${region}/disks/${disk}`;
}

function gceRegion(zone: string): string | undefined {
  const parts = zone.split('-');
  return parts.length === 3 ? `${parts[0]}-${parts[1]}` : undefined;
}

/** The in-tree source of a persistent volume. */
export function inTreeSourceOf(volume: PersistentVolume): InTreeVolume | undefined {
  return volume.spec ? inTreeVolume(volume.spec) : undefined;
}
