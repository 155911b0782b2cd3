// What a plan is about: pods to place and pools of nodes to buy. Plain numbers; the layer that knows Kubernetes fills
// them in, and whatever they cannot say (affinity, spreading, timing) is judged by the simulator.

/** Amounts by resource name, in one unit per resource throughout (CPU in milli, memory in bytes). */
export type Amounts = Readonly<Record<string, number>>;

/** Pods of one shape. */
export interface PodDemand {
  readonly name: string;
  readonly requests: Amounts;
  readonly count: number;
  /** Pools whose nodes may take these pods (selectors, affinity and taints resolved); all when left out. */
  readonly pools?: readonly string[];
  /** Devices (GPUs) that each takes a share of, 0 to 1; a share lies on one device. */
  readonly devices?: { readonly count: number; readonly share: number };
  /** Nobody makes them anew when their node is lost. */
  readonly isLostWithNode?: boolean;
  /** At most so many of these on one node (required anti-affinity: 1). */
  readonly nPerNodeMax?: number;
  /** Must be spread over at least so many zones (required spreading with minDomains, or anti-affinity over zones). */
  readonly nZonesMin?: number;
}

/** Pods that end by themselves. */
export interface PassingDemand extends PodDemand {
  /** How many were still there when the run ended that showed them. */
  readonly nLeft: number;
}

/** A pod that every node of the given pools runs (all pools when left out). */
export interface DaemonDemand {
  readonly name: string;
  readonly requests: Amounts;
  readonly pools?: readonly string[];
}

export interface Demand {
  readonly pods: readonly PodDemand[];
  readonly daemons: readonly DaemonDemand[];
}

/** Nodes of one type that may be bought. */
export interface Pool {
  readonly name: string;
  readonly nodeType: string;
  readonly allocatable: Amounts;
  readonly nPodsMax: number;
  /** Devices of a node that pods share; 0 when left out. */
  readonly nDevices?: number;
  /** Null when unknown. */
  readonly pricePerHour: number | null;
  /** How many nodes the plan may use. */
  readonly nMin: number;
  readonly nMax: number;
  readonly zones: readonly string[];
  /** Nodes that are there in any case: not bought, and none of them alone is lost. */
  readonly isGiven?: boolean;
}

/** What is minimized: cost × price per hour + nodes × number of nodes. */
export interface Weights {
  readonly cost: number;
  readonly nodes: number;
}

export interface PlanProblem {
  readonly demand: Demand;
  readonly pools: readonly Pool[];
  readonly weights: Weights;
  /** Pods that must have room together at some instant, instead of those of the demand. */
  readonly peaks?: readonly (readonly PodDemand[])[];
  /** They can wait for each other, but each must find a node that takes it. */
  readonly passing?: readonly PassingDemand[];
  /** No pod may stay without room when a node of any pool, or any zone, is lost for good. */
  readonly survive?: readonly ('node' | 'zone')[];
  /** resource -> share of what all nodes have that may be requested at most. */
  readonly ceilings?: Readonly<Record<string, number>>;
}

/** Whether a list of pool names, left out meaning all, has this pool. */
export function isAllowed(pools: readonly string[] | undefined, pool: Pool): boolean {
  return pools === undefined || pools.includes(pool.name);
}

/** What one more node of the pool adds to what is minimized; NaN when its price is wanted and unknown. */
export function unitWeight(pool: Pool, weights: Weights): number {
  if (weights.cost === 0) return weights.nodes;
  return pool.pricePerHour === null ? Number.NaN : weights.cost * pool.pricePerHour + weights.nodes;
}
