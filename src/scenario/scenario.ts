/** A scenario ready to run: everything it names is read and sound. */
import type { KubeObject, Node } from '../kube/types.ts';
import type { TraceSpec } from '../workload/trace.schema.ts';
import type { Place } from './located-yaml.ts';
import type { NodeGroup } from './node-group.ts';
import type { PlanPools } from './read-plan.ts';
import type { SchedulerChoice } from './read-scheduler.ts';
import type { ScenarioSpec } from './scenario.schema.ts';
import type { TimedAction } from './timeline.ts';

export interface Scenario {
  readonly name: string;
  readonly file: string;
  readonly spec: ScenarioSpec;
  readonly groups: ReadonlyMap<string, NodeGroup>;
  /** What the plan may buy; undefined where there is none. */
  readonly plan: PlanPools | undefined;
  /** All nodes at the start: of groups, of traces, of manifests and snapshots. */
  readonly nodes: readonly Node[];
  /** What a snapshot says of a running cluster, nodes left out: there before the run, with owners known by uid. */
  readonly snapshot: readonly KubeObject[];
  /** Objects that are there from the start, in the order in which they are to be created. */
  readonly objects: readonly KubeObject[];
  /** `namespace/name` of pods that a kubelet or a DaemonSet made, one a node, whether their owner is there or not. */
  readonly podsOfNodes: ReadonlySet<string>;
  /** Where objects stand, by `Kind namespace/name`. */
  readonly places: ReadonlyMap<string, Place>;
  /** The file of each trace. */
  readonly traceFiles: ReadonlyMap<TraceSpec, string>;
  /** Undefined: kube-scheduler's own defaults. */
  readonly scheduler: SchedulerChoice | undefined;
  /** In the order of time. */
  readonly timeline: readonly TimedAction[];
  /** Objects that are left out because their kind is not modelled or they belong to the past, by kind. */
  readonly ignored: ReadonlyMap<string, number>;
  /** What objects rely on and what is not there, a sentence each. */
  readonly missing: readonly string[];
  /** Helm hooks and tests that were left out. */
  readonly nHooks: number;
  /** Identifies all content that the run depends on, however it is written: equal content, equal digest. */
  readonly digest: string;
}
