/**
 * VolumeBinding: can the pod's claims be served on a node, by volumes that exist or are to be made there; and the
 * decision about it, once a node is chosen.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/volumebinding (volume_binding.go, scorer.go).
 * Deviation: what Filter finds for a node is found again by Score and Reserve where no state was kept.
 */
import { parseValue } from '../../base/quantity.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { PersistentVolumeClaim } from '../../kube/types.ts';
import type { Cycle, Plugin } from '../framework/plugin.ts';
import { errorStatus, type Status, unresolvable } from '../framework/status.ts';
import { brokenLine } from './resource-scorers.ts';
import type { VolumeBindingArgs } from './volume-binding.schema.ts';
import { AssumedObjects } from './volumes/assumed-objects.ts';
import { VolumeReservation } from './volumes/bind-volumes.ts';
import { claimVolumes } from './volumes/claims.ts';
import { type NodeVolumes, nodeVolumes, VolumeConflict } from './volumes/node-volumes.ts';
import { type PodClaims, podClaims } from './volumes/pod-claims.ts';

const NAME = 'VolumeBinding';
/** In the order in which they are told. */
const REASONS: readonly (readonly [bit: number, reason: string])[] = [
  [VolumeConflict.NodeAffinity, "node(s) didn't match PersistentVolume's node affinity"],
  [VolumeConflict.NothingToBind, "node(s) didn't find available persistent volumes to bind"],
  [VolumeConflict.NotEnoughSpace, 'node(s) did not have enough free storage'],
  [VolumeConflict.VolumeMissing, 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'],
];
const STATUSES: readonly Status[] = Array.from({ length: 16 }, (_, conflicts) =>
  unresolvable(NAME, ...REASONS.filter(([bit]) => conflicts & bit).map(([, reason]) => reason)),
);
const US_PER_SECOND = 1_000_000;

/** A pod's claims and, by node, what becomes of them. */
class VolumeState {
  readonly #claims: PodClaims;
  readonly #cluster: Cluster;
  readonly #assumed: AssumedObjects;
  readonly #byNode = new Map<number, NodeVolumes>();

  constructor(claims: PodClaims, cluster: Cluster, assumed: AssumedObjects) {
    this.#claims = claims;
    this.#cluster = cluster;
    this.#assumed = assumed;
  }

  on(node: number): NodeVolumes {
    let volumes = this.#byNode.get(node);
    if (!volumes) {
      volumes = nodeVolumes(this.#claims, node, this.#cluster, this.#assumed);
      this.#byNode.set(node, volumes);
    }
    return volumes;
  }
}

export function volumeBinding(args: VolumeBindingArgs): Plugin<VolumeState, VolumeState | undefined> {
  const assumed = new AssumedObjects();
  const reservations = new WeakMap<Cycle, VolumeReservation>();

  function prepare({ pod, cluster }: Cycle): { state: VolumeState } | { status: Status } {
    const claims = podClaims(pod, cluster, assumed, NAME);
    return 'status' in claims ? claims : { state: new VolumeState(claims, cluster, assumed) };
  }

  return {
    name: NAME,
    preFilter: (cycle) => (claimVolumes(cycle.cls).length === 0 ? { skip: true } : prepare(cycle)),
    filterScope: 'cluster',
    scopeOf: (cls) => (claimVolumes(cls).length === 0 ? 'static' : 'cluster'),
    classKey: () => '',
    filter: (state, node) => statusOf(state.on(node)),
    preScore: (cycle) => (claimVolumes(cycle.cls).length === 0 ? { state: undefined } : prepare(cycle)),
    scoreScope: 'cluster',
    score: (state, node) => (state ? scoreOf(state.on(node), args.shape) : 0),
    reservesFor: (cls) => claimVolumes(cls).length > 0,
    reserve(cycle, node) {
      const prepared = prepare(cycle);
      if ('status' in prepared) return prepared.status;
      const volumes = prepared.state.on(node);
      const status = statusOf(volumes);
      if (status) return status;
      if (volumes.bindings.length + volumes.provisions.length === 0) return undefined;
      reservations.set(cycle, new VolumeReservation(cycle.cluster, assumed, node, volumes));
      return undefined;
    },
    unreserve(cycle) {
      reservations.get(cycle)?.undo();
      reservations.delete(cycle);
    },
    preBind(cycle) {
      const reservation = reservations.get(cycle);
      return (
        reservation && {
          writes: reservation.writes,
          timeoutUs: args.bindTimeoutSeconds * US_PER_SECOND,
          progress: () => reservation.progress(),
        }
      );
    },
  };
}

function statusOf({ conflicts, error }: NodeVolumes): Status | undefined {
  if (error !== undefined) return errorStatus(NAME, error);
  return conflicts === 0 ? undefined : STATUSES[conflicts];
}

/** Storage by class: what is asked for and what there is. */
type Usage = Map<string, { requested: number; capacity: number }>;

/** The mean over storage classes of the shape's value at how full volumes (else the node's storage) would be. */
function scoreOf(volumes: NodeVolumes, shape: VolumeBindingArgs['shape']): number {
  const usage = volumes.bindings.length > 0 ? usageOfBindings(volumes) : usageOfProvisions(volumes);
  if (usage.size === 0) return 0;
  const points = shape.map(({ utilization, score }) => ({ utilization, score: score * 10 }));
  let sum = 0;
  for (const { requested, capacity } of usage.values()) {
    const isOver = capacity === 0 || requested > capacity;
    sum += brokenLine(points, isOver ? 100 : Math.trunc((requested * 100) / capacity));
  }
  return Math.round(sum / usage.size);
}

function requestedBytes({ spec }: PersistentVolumeClaim): number {
  return parseValue(spec?.resources?.requests?.storage ?? 0);
}

function usageOfBindings({ bindings }: NodeVolumes): Usage {
  const usage: Usage = new Map();
  for (const { claim, volume } of bindings) {
    const className = volume.spec?.storageClassName ?? '';
    const sum = usage.get(className) ?? { requested: 0, capacity: 0 };
    sum.requested += requestedBytes(claim);
    sum.capacity += parseValue(volume.spec?.capacity?.storage ?? 0);
    usage.set(className, sum);
  }
  return usage;
}

/** All claims of a class draw on one capacity, which counts once. */
function usageOfProvisions({ provisions }: NodeVolumes): Usage {
  const usage: Usage = new Map();
  for (const { claim, capacity } of provisions) {
    if (!capacity) continue;
    const className = claim.spec?.storageClassName ?? '';
    const requested = (usage.get(className)?.requested ?? 0) + requestedBytes(claim);
    usage.set(className, { requested, capacity: parseValue(capacity.capacity ?? 0) });
  }
  return usage;
}
