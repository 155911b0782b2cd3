/**
 * The contract between the scheduler and its plugins: kube-scheduler's extension points over the columnar cluster.
 *
 * A plugin is made once per profile from its arguments. What it works out for one pod it returns as a state of its
 * own from PreFilter or PreScore and gets back for every node, so plugins hold nothing between cycles. States can be
 * told of single pods that come or go (`podMoved`): preemption tries removals with it, and the score index keeps
 * states current with it instead of building them anew.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { NodeColumns } from '../../cluster/node-table.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import type { FailedAttempt, PostFilterResult } from './post-filter.ts';
import type { PreBindWork } from './pre-bind.ts';
import type { Status } from './status.ts';

/** The pod of a scheduling cycle. */
export interface PodInfo {
  /** Its row in the pod table. */
  readonly row: number;
  readonly cls: PodClass;
  readonly name: string;
  readonly uid: string | number;
  /** status.nominatedNodeName */
  readonly nominatedNodeName?: string | undefined;
  /** The only node that will do (a DaemonSet's pod): required affinity `metadata.name In [node]` kept out of the class. */
  readonly pinnedNode?: string | undefined;
}

/** One scheduling cycle, as plugins see it. */
export interface Cycle {
  readonly cluster: Cluster;
  readonly pod: PodInfo;
  readonly cls: PodClass;
}

/** The answer of PreFilter or PreScore. */
export type Prepared<S> =
  | { readonly state: S; readonly nodeNames?: ReadonlySet<string> }
  /** The plugin has nothing to say about this pod: its Filter (Score) is left out of this cycle. */
  | { readonly skip: true; readonly nodeNames?: ReadonlySet<string> }
  /** The pod is rejected on every node. */
  | { readonly status: Status };

/** A pod that starts or stops counting on a node, as a state hears of it. */
export interface PodMove {
  readonly cls: PodClass;
  readonly terminating: boolean;
  readonly node: number;
  /** 1 = the pod counts now, -1 = it no longer does. */
  readonly sign: 1 | -1;
  /** Its row in the pod table, where one pod is meant; -1 when only its class is known. */
  readonly row: number;
}

/**
 * How far the answer for one node reaches, which tells the index what a change can touch:
 * `static` = the pod's class and the node's own labels, taints, images, allocatable;
 * `node` = that and the pods on the node;
 * `cluster` = anything, by way of the plugin's state.
 * Below `cluster`, the answer depends on the class and not on the pod, and preScore does not look at `feasible`.
 */
export type Scope = 'static' | 'node' | 'cluster';

/**
 * A plugin of a profile. F and S are the states of its Filter and Score sides.
 * Every function is called with the plugin as `this`.
 */
export interface Plugin<F = unknown, S = unknown> {
  readonly name: string;

  /** The scope for pods of one class, where it is narrower than the plugin's; with `static` preFilter skips. */
  scopeOf?(cls: PodClass): Scope;
  /** Classes with equal keys get equal answers below scope `cluster`; absent: no two classes need. */
  classKey?(cls: PodClass): string;
  /** `normalize` looks at which raw scores there are, not at how many nodes or which have them. */
  readonly normalizesByValue?: boolean;

  /** A status keeps the pod out of the queue. */
  preEnqueue?(pod: PodInfo): Status | undefined;

  preFilter?(cycle: Cycle): Prepared<F>;
  /** `state` is what preFilter returned; undefined if the plugin has no preFilter. Undefined result = the node passes. */
  filter?(state: F, node: number, cycle: Cycle): Status | undefined;
  /** Clears `passes[i]` wherever filter would reject a node with these columns. It must never fail. For speed alone. */
  filterMany?(state: F, columns: NodeColumns, from: number, to: number, passes: Uint8Array): void;
  readonly filterScope?: Scope;
  /** Keeps a Filter state current; must be there if Filter's answer depends on pods other than those on the node itself. */
  podMoved?(state: F, move: PodMove, cycle: Cycle): void;

  /** Called when no node is feasible. */
  postFilter?(attempt: FailedAttempt): PostFilterResult;

  /** `feasible` holds the rows of the feasible nodes in the order in which they were found. */
  preScore?(cycle: Cycle, feasible: Int32Array): Prepared<S>;
  score?(state: S, node: number, cycle: Cycle): number;
  /** Sets `scores[i]` to what score gives a node with these columns. For speed alone. */
  scoreMany?(state: S, columns: NodeColumns, from: number, to: number, scores: Float64Array): void;
  readonly scoreScope?: Scope;
  /** What score with scope `static` rests upon besides: answers hold for all nodes as long as this is the same. */
  staticBasis?(cycle: Cycle): string;
  /** Turns raw scores, in place and parallel to `feasible`, into 0..100. */
  normalize?(state: S, scores: Float64Array, feasible: Int32Array, cycle: Cycle): void;

  /** Whether reserve and preBind have anything to do for pods of the class; without it they are always called. */
  reservesFor?(cls: PodClass): boolean;
  /** After a node is chosen: takes what only this plugin accounts for; undone by unreserve. */
  reserve?(cycle: Cycle, node: number): Status | undefined;
  unreserve?(cycle: Cycle, node: number): void;
  /** What must be in the API before the pod is bound; undefined = nothing. Takes the very cycle that reserve took. */
  preBind?(cycle: Cycle, node: number): PreBindWork | undefined;
}

/** Makes a plugin from its arguments in a profile's pluginConfig (already checked against its schema). */
export type PluginFactory = (args: never) => Plugin<never, never>;

export const MAX_NODE_SCORE = 100;
