/**
 * Whether a CSI driver that publishes its capacity has room for a new volume on a node. Each claim is judged alone.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/volumebinding/binder.go hasEnoughCapacity.
 * Deviation: of several that suffice the one that came first is scored (the original: any).
 */
import { parseValue } from '../../../base/quantity.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { matchesLabelSelector } from '../../../kube/selector.ts';
import type {
  CSIDriver,
  CSIStorageCapacity,
  PersistentVolumeClaim,
  StorageClass,
} from '../../../kube/types.ts';
import { derivedFrom, grouped } from './derived.ts';

const capacitiesByClass = derivedFrom<CSIStorageCapacity, ReadonlyMap<string, readonly CSIStorageCapacity[]>>(
  'CSIStorageCapacity',
  (capacities) => grouped(capacities, ({ storageClassName }) => storageClassName),
);

/** The capacity to draw on; 'unchecked' if the driver publishes none or no size is asked for; undefined = no room. */
export function capacityFor(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  node: number,
  { objects, nodes }: Cluster,
): CSIStorageCapacity | 'unchecked' | undefined {
  const size = claim.spec?.resources?.requests?.storage;
  const driver = objects.get<CSIDriver>('CSIDriver', undefined, storageClass.provisioner);
  if (size === undefined || !driver?.spec?.storageCapacity) return 'unchecked';
  const labels = nodes.objects[node]!.metadata.labels ?? {};
  return capacitiesByClass(objects)
    .get(storageClass.metadata.name!)
    ?.find((capacity) => {
      const largest = capacity.maximumVolumeSize ?? capacity.capacity;
      if (largest === undefined || parseValue(largest) < parseValue(size)) return false;
      return matchesLabelSelector(capacity.nodeTopology, labels);
    });
}
