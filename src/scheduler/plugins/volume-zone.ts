/**
 * VolumeZone: a node in a zone or region must be in those that the labels of the pod's volumes name.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/volumezone.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { LabelColumn } from '../../cluster/label-columns.ts';
import type { PersistentVolume } from '../../kube/types.ts';
import { classNameOf } from '../../kube/volume-claims.ts';
import type { Cycle, Plugin } from '../framework/plugin.ts';
import { type Status, unresolvable } from '../framework/status.ts';
import { claimVolumes, findClaim, findStorageClass, findVolume, notFound } from './volumes/claims.ts';
import { zonesOf } from './volumes/csi-migration.ts';

const NAME = 'VolumeZone';
const CONFLICT = unresolvable(NAME, 'node(s) had no available volume zone');

const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';
/** The topology labels, and the label that a node may have in their place. */
const TOPOLOGY_LABELS = [
  { key: 'failure-domain.beta.kubernetes.io/zone', fallback: ZONE },
  { key: 'failure-domain.beta.kubernetes.io/region', fallback: REGION },
  { key: ZONE, fallback: ZONE },
  { key: REGION, fallback: REGION },
] as const;

/** One topology label of one volume. */
export interface VolumeTopology {
  readonly key: string;
  readonly fallback: string;
  readonly values: ReadonlySet<string>;
}

interface CompiledTopology {
  readonly column: LabelColumn;
  readonly fallback: LabelColumn;
  readonly ids: ReadonlySet<number>;
  readonly fallbackIds: ReadonlySet<number>;
}

interface FilterState {
  readonly topologies: readonly CompiledTopology[];
  /** A node with none of these labels passes. */
  readonly columns: readonly LabelColumn[];
}

/** The zones and regions that a volume's labels name; a label with an empty zone is ignored. */
export function topologiesOf(volume: PersistentVolume): VolumeTopology[] {
  const labels = volume.metadata.labels ?? {};
  return TOPOLOGY_LABELS.filter(({ key }) => key in labels)
    .map((label) => ({ ...label, values: new Set(zonesOf(labels[label.key]!).map((zone) => zone.trim())) }))
    .filter(({ values }) => !values.has(''));
}

export function volumeZone(): Plugin<FilterState> {
  return {
    name: NAME,
    preFilter(cycle) {
      const volumes = boundVolumes(cycle);
      if ('status' in volumes) return volumes;
      const topologies = volumes.volumes.flatMap(topologiesOf);
      if (topologies.length === 0) return { skip: true };
      const { labels } = cycle.cluster.nodes;
      return {
        state: {
          topologies: topologies.map((topology) => compile(topology, cycle.cluster)),
          columns: TOPOLOGY_LABELS.map(({ key }) => labels.column(key)),
        },
      };
    },
    filterScope: 'cluster',
    scopeOf: (cls) => (claimVolumes(cls).length === 0 ? 'static' : 'cluster'),
    classKey: () => '',
    filter({ topologies, columns }, node) {
      if (columns.every((column) => column.data[node] === -1)) return undefined;
      for (const { column, fallback, ids, fallbackIds } of topologies) {
        const value = column.data[node]!;
        const isThere = value === -1 ? fallbackIds.has(fallback.data[node]!) : ids.has(value);
        if (!isThere) return CONFLICT;
      }
      return undefined;
    },
  };
}

function compile({ key, fallback, values }: VolumeTopology, { nodes }: Cluster): CompiledTopology {
  const column = nodes.labels.column(key);
  const fallbackColumn = nodes.labels.column(fallback);
  const idsIn = ({ values: names }: LabelColumn) => new Set([...values].map((value) => names.idOf(value)));
  return { column, fallback: fallbackColumn, ids: idsIn(column), fallbackIds: idsIn(fallbackColumn) };
}

/** The volumes of the pod's bound claims. Ephemeral volumes' claims are not looked at; claims that wait for the pod have none yet. */
function boundVolumes({ cls, cluster }: Cycle): { volumes: PersistentVolume[] } | { status: Status } {
  const volumes: PersistentVolume[] = [];
  for (const { persistentVolumeClaim } of cls.spec.volumes ?? []) {
    if (!persistentVolumeClaim) continue;
    const found = volumeOf(persistentVolumeClaim.claimName, cls.namespace, cluster);
    if (found === 'later') continue;
    if ('code' in found) return { status: found };
    volumes.push(found);
  }
  return { volumes };
}

function volumeOf(
  claimName: string,
  namespace: string,
  { objects }: Cluster,
): PersistentVolume | Status | 'later' {
  if (claimName === '') return unresolvable(NAME, 'PersistentVolumeClaim had no name');
  const claim = findClaim(objects, namespace, claimName);
  if (!claim) return unresolvable(NAME, notFound.claim(claimName));
  const { volumeName } = claim.spec ?? {};
  if (volumeName) return findVolume(objects, volumeName) ?? unresolvable(NAME, notFound.volume(volumeName));
  const className = classNameOf(claim);
  if (className === '') {
    return unresolvable(NAME, 'PersistentVolumeClaim had no pv name and storageClass name');
  }
  const storageClass = findStorageClass(objects, className);
  if (!storageClass) return unresolvable(NAME, notFound.storageClass(className));
  const { volumeBindingMode } = storageClass;
  if (!volumeBindingMode)
    return unresolvable(NAME, `VolumeBindingMode not set for StorageClass "${className}"`);
  return volumeBindingMode === 'WaitForFirstConsumer'
    ? 'later'
    : unresolvable(NAME, 'PersistentVolume had no name');
}
