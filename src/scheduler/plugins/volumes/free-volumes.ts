/**
 * Free volumes, found by the node label that their affinity asks for: local volumes are as many as nodes, and asking
 * each of them about each node would not do.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PersistentVolume } from '../../../kube/types.ts';
import { admitsNode } from './pv-affinity.ts';

interface Ranked {
  readonly volume: PersistentVolume;
  readonly rank: number;
}

export class FreeVolumes {
  /** Volumes without a condition to find them by. */
  readonly #others: Ranked[] = [];
  /** By label key and value; each list by rank. */
  readonly #byLabel = new Map<string, Map<string, Ranked[]>>();

  /** @param volumes in the order in which they are to be chosen */
  constructor(volumes: readonly PersistentVolume[]) {
    for (const [rank, volume] of volumes.entries()) this.#add({ volume, rank });
  }

  /** The first volume that the node reaches and that is not taken. */
  first(node: number, cluster: Cluster, taken: ReadonlySet<PersistentVolume>): PersistentVolume | undefined {
    const isRight = ({ volume }: Ranked) => !taken.has(volume) && admitsNode(volume, node, cluster);
    let best = this.#others.find(isRight);
    for (const [key, byValue] of this.#byLabel) {
      const value = cluster.nodes.labels.get(node, key);
      const found = value === undefined ? undefined : byValue.get(value)?.find(isRight);
      if (found && (!best || found.rank < best.rank)) best = found;
    }
    return best?.volume;
  }

  #add(ranked: Ranked): void {
    const terms = ranked.volume.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
    const condition = terms[0]?.matchExpressions?.find(({ operator }) => operator === 'In');
    if (!condition || terms.length > 1) {
      this.#others.push(ranked);
      return;
    }
    let byValue = this.#byLabel.get(condition.key);
    if (!byValue) this.#byLabel.set(condition.key, (byValue = new Map()));
    for (const value of new Set(condition.values)) {
      const list = byValue.get(value);
      if (list) list.push(ranked);
      else byValue.set(value, [ranked]);
    }
  }
}
