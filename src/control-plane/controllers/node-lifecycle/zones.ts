// Zones of nodes: how sick each is, and how fast nodes in it may be tainted NoExecute.
// Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go, scheduler/rate_limited_queue.go, 1.37.

import type { Node } from '../../../kube/types.ts';

export type ZoneState = 'Initial' | 'Normal' | 'PartialDisruption' | 'FullDisruption';

export interface EvictionRates {
  readonly nodesPerSec: number;
  readonly secondaryNodesPerSec: number;
  readonly largeClusterSize: number;
  readonly unhealthyThreshold: number;
}

export const DEFAULT_RATES: EvictionRates = {
  nodesPerSec: 0.1,
  secondaryNodesPerSec: 0.01,
  largeClusterSize: 50,
  unhealthyThreshold: 0.55,
};

const US_PER_S = 1_000_000;

/** Region and zone of a node, as one text; '' without labels. */
export function zoneOf(node: Node): string {
  const labels = node.metadata.labels ?? {};
  const region = labels['topology.kubernetes.io/region'] ?? '';
  const zone = labels['topology.kubernetes.io/zone'] ?? '';
  return region || zone ? `${region}:\0:${zone}` : '';
}

export function zoneState(nReady: number, nNotReady: number, rates: EvictionRates): ZoneState {
  if (nReady === 0 && nNotReady > 0) return 'FullDisruption';
  const isPartial = nNotReady > 2 && nNotReady / (nReady + nNotReady) >= rates.unhealthyThreshold;
  return isPartial ? 'PartialDisruption' : 'Normal';
}

/** One zone: its nodes that wait for a NoExecute taint, under a bucket of one token. */
export class Zone {
  state: ZoneState = 'Initial';
  /** Nodes in the order in which they were marked. */
  readonly waiting = new Set<string>();
  #perSec: number;
  /** When the bucket's one token is there again. */
  #tokenUs = 0;

  constructor(perSec: number) {
    this.#perSec = perSec;
  }

  /** Another rate: the bucket starts full unless the old one was empty. */
  setRate(perSec: number, nowUs: number): void {
    if (perSec === this.#perSec) return;
    const wasEmpty = this.#perSec === 0 || nowUs < this.#tokenUs;
    this.#perSec = perSec;
    this.#tokenUs = wasEmpty ? nowUs + this.#periodUs : nowUs;
  }

  /** Takes the token if it is there. */
  tryTake(nowUs: number): boolean {
    if (this.#perSec === 0 || nowUs < this.#tokenUs) return false;
    this.#tokenUs = nowUs + this.#periodUs;
    return true;
  }

  /** The earliest time at which `tryTake` can succeed; Infinity for never. */
  readyUs(nowUs: number): number {
    return this.#perSec === 0 ? Number.POSITIVE_INFINITY : Math.max(nowUs, this.#tokenUs);
  }

  get #periodUs(): number {
    return this.#perSec === 0 ? Number.POSITIVE_INFINITY : Math.round(US_PER_S / this.#perSec);
  }
}

/** Nodes a second that may be tainted in a zone of this state and size. */
export function evictionRate(state: ZoneState, nNodes: number, rates: EvictionRates): number {
  if (state !== 'PartialDisruption') return rates.nodesPerSec;
  return nNodes > rates.largeClusterSize ? rates.secondaryNodesPerSec : 0;
}
