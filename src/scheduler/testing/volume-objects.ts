/** For tests: claims, volumes, classes and what CSI drivers say, with the least that has to be said. */

import type { Cluster } from '../../cluster/cluster.ts';
import type {
  CSINode,
  NodeSelector,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
} from '../../kube/types.ts';
import { FilterRun } from '../framework/filter-run.ts';
import { type AnyPlugin, Profile } from '../framework/profile.ts';
import { cycleOf, podOf, probe } from './plugin-probe.ts';

export const DRIVER = 'disk.csi.example.com';
const BOUND = { 'pv.kubernetes.io/bind-completed': 'yes' };

/** A claim of namespace `default`, of class `late` and 1Gi unless `spec` says otherwise. */
export function claimOf(
  name: string,
  spec: PersistentVolumeClaim['spec'] = {},
  metadata: Partial<PersistentVolumeClaim['metadata']> = {},
): PersistentVolumeClaim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, ...metadata },
    spec: { storageClassName: 'late', resources: { requests: { storage: '1Gi' } }, ...spec },
  };
}

/** A claim that is fully bound to a volume. */
export function boundClaim(name: string, volumeName: string, spec: PersistentVolumeClaim['spec'] = {}) {
  return claimOf(name, { volumeName, ...spec }, { annotations: BOUND });
}

/** A free CSI volume of class `late` and 10Gi; its driver knows it by its name. */
export function volumeOf(
  name: string,
  spec: PersistentVolume['spec'] = {},
  labels: Readonly<Record<string, string>> = {},
): PersistentVolume {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, uid: `uid-${name}`, labels },
    spec: {
      storageClassName: 'late',
      capacity: { storage: '10Gi' },
      csi: { driver: DRIVER, volumeHandle: name },
      ...spec,
    },
    status: { phase: 'Available' },
  };
}

/** The node affinity of a volume that can be reached only where a label has a value. */
export function onlyWhere(key: string, ...values: string[]): { required: NodeSelector } {
  return { required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values }] }] } };
}

/** A class that waits for the first consumer. */
export function classOf(name: string, more: Partial<StorageClass> = {}): StorageClass {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: DRIVER,
    volumeBindingMode: 'WaitForFirstConsumer',
    ...more,
  };
}

/** What the drivers on a node say: `count` volumes at most. */
export function csiNodeOf(
  name: string,
  count?: number,
  annotations: Readonly<Record<string, string>> = {},
): CSINode {
  const driver = { name: DRIVER, nodeID: name, ...(count !== undefined && { allocatable: { count } }) };
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name, annotations },
    spec: { drivers: [driver] },
  };
}

/** A pod that mounts claims, on a node or still to be placed. */
export function podWithClaims(
  claimNames: readonly string[],
  nodeName?: string,
  metadata: Partial<Pod['metadata']> = {},
) {
  const volumes = claimNames.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } }));
  return podOf({}, { volumes, ...(nodeName !== undefined && { nodeName }) }, metadata);
}

/** What the plugin says of the pod: `all` = of all nodes before looking at any, else by node (those that pass left out). */
export function verdict(plugin: AnyPlugin, cluster: Cluster, pod: Pod): Readonly<Record<string, string>> {
  const profile = new Profile({ schedulerName: 'test', plugins: [plugin] });
  const { rejection } = new FilterRun(profile, cycleOf(cluster, pod)).outcome;
  return rejection
    ? { all: `${rejection.code}: ${rejection.reasons.join(', ')}` }
    : probe(plugin, cluster, pod).failed;
}
