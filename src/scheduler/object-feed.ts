/**
 * Brings the objects besides pods and nodes that plugins look at into the scheduler's picture, and tells the queue of
 * those whose coming or changing may help a rejected pod. Changes that no plugin can see (an owner's status) are
 * left out, so that nothing derived from the objects is worked out anew for them.
 */
import { Change } from '../cluster/change-log.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ApiProcess } from '../kube/api.ts';
import type { KubeObject } from '../kube/types.ts';
import { differ, EventKind } from './queue/cluster-event.ts';

/** The part of an object that plugins see, and the events it gives rise to. */
interface FeedRule {
  readonly seen?: (object: KubeObject) => unknown;
  readonly added?: EventKind;
  readonly updated?: EventKind;
  readonly deleted?: EventKind;
}

const spec = (object: KubeObject): unknown => (object as { spec?: unknown }).spec;
const selector = (object: KubeObject): unknown =>
  (object as { spec?: { selector?: unknown } }).spec?.selector;

const RULES: Readonly<Record<string, FeedRule>> = {
  Namespace: { seen: (object) => object.metadata.labels },
  Service: { seen: selector },
  ReplicationController: { seen: selector },
  ReplicaSet: { seen: selector },
  StatefulSet: { seen: selector },
  PersistentVolume: { added: EventKind.PersistentVolumeAdd, updated: EventKind.PersistentVolumeUpdate },
  PersistentVolumeClaim: {
    added: EventKind.PersistentVolumeClaimAdd,
    updated: EventKind.PersistentVolumeClaimUpdate,
  },
  StorageClass: { added: EventKind.StorageClassAdd, updated: EventKind.StorageClassUpdate },
  CSINode: { added: EventKind.CSINodeAdd, updated: EventKind.CSINodeUpdate },
  CSIDriver: { updated: EventKind.CSIDriverUpdate },
  CSIStorageCapacity: {
    added: EventKind.CSIStorageCapacityAdd,
    updated: EventKind.CSIStorageCapacityUpdate,
  },
  VolumeAttachment: { seen: spec, deleted: EventKind.VolumeAttachmentDelete },
};

type Move = (kind: EventKind, now: KubeObject | undefined, before: KubeObject | undefined) => void;

/** Starts feeding the cluster from the process's informers. */
export function feedObjects(process: ApiProcess, cluster: Cluster, move: Move, settled: () => void): void {
  for (const [kind, rule] of Object.entries(RULES)) {
    const tell = (event: EventKind | undefined, now?: KubeObject, before?: KubeObject) => {
      if (event !== undefined) move(event, now, before);
    };
    process.informer(kind).handle({
      added: (object) => {
        cluster.upsertObject(object);
        tell(rule.added, object);
      },
      modified: (object, old) => {
        if (rule.seen && !differ(rule.seen(object), rule.seen(old))) return;
        cluster.upsertObject(object);
        tell(rule.updated, object, old);
      },
      deleted: (object) => {
        cluster.removeObject(kind, object.metadata.namespace, object.metadata.name!);
        tell(rule.deleted, undefined, object);
      },
      settled,
    });
  }
  // Budgets are read by preemption alone and change with every pod: they leave no entry in the change log.
  const budgets = cluster.objects;
  process.informer('PodDisruptionBudget').handle({
    added: (object) => budgets.upsert(object),
    modified: (object) => budgets.upsert(object),
    deleted: ({ kind, metadata }) => budgets.remove(kind, metadata.namespace, metadata.name!),
  });
}

/** Takes out everything that was fed. */
export function forgetObjects({ objects, log }: Cluster): void {
  for (const kind of [...Object.keys(RULES), 'PodDisruptionBudget']) {
    for (const { metadata } of objects.list(kind)) objects.remove(kind, metadata.namespace, metadata.name!);
  }
  log.append(Change.ObjectsChanged, -1, -1);
}
