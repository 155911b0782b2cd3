/**
 * CheckVolumeBinding and NoVolumeZoneConflict: can the pod's claims be served on a node, and are its volumes in the
 * node's zone. What VolumeBinding takes for a rejection of the pod is an error here, raised by the first node that gets
 * this far, and fails the whole attempt.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/predicates/predicates.go VolumeBindingChecker, VolumeZoneChecker.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PersistentVolume } from '../../../kube/types.ts';
import { classNameOf } from '../../../kube/volume-claims.ts';
import type { Plugin } from '../../framework/plugin.ts';
import { errorStatus, type Status, unresolvable } from '../../framework/status.ts';
import { volumeBindingArgs } from '../../plugins/volume-binding.schema.ts';
import { volumeBinding } from '../../plugins/volume-binding.ts';
import { topologiesOf, type VolumeTopology } from '../../plugins/volume-zone.ts';
import {
  claimVolumes,
  findClaim,
  findStorageClass,
  findVolume,
  notFound,
} from '../../plugins/volumes/claims.ts';
import { predicateFromPlugin } from './from-plugin.ts';

const TEXTS: Readonly<Record<string, string>> = {
  "node(s) didn't match PersistentVolume's node affinity": 'node(s) had volume node affinity conflict',
  "node(s) didn't find available persistent volumes to bind":
    "node(s) didn't find available persistent volumes to bind",
};
const ZONE_CONFLICT = 'node(s) had no available volume zone';
const ZONE = 'failure-domain.beta.kubernetes.io/zone';
const REGION = 'failure-domain.beta.kubernetes.io/region';

export function checkVolumeBinding(name = 'CheckVolumeBinding'): Plugin<unknown> {
  const plugin = volumeBinding(volumeBindingArgs.parse({}));
  const predicate = predicateFromPlugin(name, plugin, ({ reasons }) => {
    const told = reasons.map((reason) => TEXTS[reason]);
    return told.includes(undefined)
      ? errorStatus(name, ...reasons)
      : unresolvable(name, ...(told as string[]));
  });
  return {
    ...predicate,
    reservesFor: (cls) => plugin.reservesFor!(cls),
    reserve: (cycle, node) => plugin.reserve!(cycle, node),
    unreserve: (cycle, node) => plugin.unreserve!(cycle, node),
    preBind: (cycle, node) => plugin.preBind!(cycle, node),
  };
}

/** Looks at the beta labels only. */
export function noVolumeZoneConflict(name = 'NoVolumeZoneConflict'): Plugin<undefined> {
  const status = unresolvable(name, ZONE_CONFLICT);
  return {
    name,
    preFilter: ({ cls }) => (claimVolumes(cls).length === 0 ? { skip: true } : { state: undefined }),
    filterScope: 'cluster',
    scopeOf: (cls) => (claimVolumes(cls).length === 0 ? 'static' : 'cluster'),
    classKey: () => '',
    filter(_, node, { cls, cluster }) {
      const { labels } = cluster.nodes;
      if (labels.get(node, ZONE) === undefined && labels.get(node, REGION) === undefined) return undefined;
      for (const { claimName } of claimVolumes(cls)) {
        if (claimName === undefined) continue;
        const volume = boundVolume(name, claimName, cls.namespace, cluster);
        if (volume === undefined) continue;
        if ('code' in volume) return volume;
        const isThere = ({ key, values }: VolumeTopology) => values.has(labels.get(node, key) ?? '');
        if (!zonesOf(volume).every(isThere)) return status;
      }
      return undefined;
    },
  };
}

function zonesOf(volume: PersistentVolume): VolumeTopology[] {
  return topologiesOf(volume).filter(({ key }) => key === ZONE || key === REGION);
}

/** Undefined for a claim that waits for its first consumer. */
function boundVolume(
  predicate: string,
  claimName: string,
  namespace: string,
  { objects }: Cluster,
): PersistentVolume | Status | undefined {
  const claim = findClaim(objects, namespace, claimName);
  if (!claim) return errorStatus(predicate, notFound.claim(claimName));
  const { volumeName } = claim.spec ?? {};
  if (volumeName)
    return findVolume(objects, volumeName) ?? errorStatus(predicate, notFound.volume(volumeName));
  const isWaiting =
    findStorageClass(objects, classNameOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer';
  return isWaiting
    ? undefined
    : errorStatus(predicate, `PersistentVolumeClaim was not found: "${claimName}"`);
}
