/**
 * Remembers for each pod class that it fits nowhere, until anything in the cluster changes: of a thousand pods of one
 * class that wait for room only the first is tried in earnest.
 */
import type { Cluster } from '../cluster/cluster.ts';
import type { PodClass } from '../cluster/pod-class.ts';
import type { CyclePod } from './cycle-pod.ts';
import type { Nominator } from './framework/nominator.ts';
import type { Rejected } from './scheduling-attempts.ts';

interface Memory {
  readonly rejected: Rejected;
  readonly profile: number;
  /** What the attempt has seen, as counts of changes. */
  readonly logHead: number;
  readonly nominatorVersion: number;
  readonly budgetsVersion: number;
}

export class FailureMemory {
  readonly #cluster: Cluster;
  readonly #nominator: Nominator;
  /** By class. */
  readonly #memories: (Memory | undefined)[] = [];

  constructor(cluster: Cluster, nominator: Nominator) {
    this.#cluster = cluster;
    this.#nominator = nominator;
  }

  /** The failure of an earlier pod that this one would repeat to the letter. */
  find(pod: CyclePod, profile: number): Rejected | undefined {
    const memory = this.#memories[pod.cls.id];
    if (memory === undefined || memory.profile !== profile || !isLikeItsClass(pod)) return undefined;
    const { log, objects } = this.#cluster;
    const isCurrent =
      memory.logHead === log.head &&
      memory.nominatorVersion === this.#nominator.version &&
      memory.budgetsVersion === objects.version('PodDisruptionBudget');
    return isCurrent ? memory.rejected : undefined;
  }

  /** To be called right after the attempt. A failure that leads to preemption changes the cluster: it is not kept. */
  keep(pod: CyclePod, profile: number, rejected: Rejected): void {
    if (rejected.preemption || !isLikeItsClass(pod)) return;
    const { log, objects } = this.#cluster;
    this.#memories[pod.cls.id] = {
      rejected,
      profile,
      logHead: log.head,
      nominatorVersion: this.#nominator.version,
      budgetsVersion: objects.version('PodDisruptionBudget'),
    };
  }
}

/** Nothing about the pod matters that is not in its class. */
function isLikeItsClass({ nominatedNodeName, pinnedNode, cls }: CyclePod): boolean {
  return nominatedNodeName === undefined && pinnedNode === undefined && !hasEphemeralVolume(cls);
}

/** Claims of such volumes bear the pod's own name. */
function hasEphemeralVolume({ spec }: PodClass): boolean {
  return spec.volumes?.some((volume) => volume.ephemeral !== undefined) ?? false;
}
