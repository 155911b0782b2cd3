/** The forms of the recorded lines, as the oracle's README describes them. */
import type { KubeObject, Node, Pod } from '../kube/types.ts';

/** A cluster as plain objects. The order of `nodes` is the order in which they joined. */
export interface RecordedCluster {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly nominatedPods?: readonly Pod[];
  readonly namespaces?: readonly KubeObject[];
  readonly [kind: string]: readonly KubeObject[] | undefined;
}

export interface RecordedStatus {
  readonly code: string;
  readonly reasons: readonly string[];
  readonly plugin?: string;
}

export interface RecordedLine {
  readonly id: string;
  readonly cluster: RecordedCluster;
  readonly snapshotOrder: readonly string[];
}

/** What one plugin said of one pod. */
export interface PluginAnswer {
  readonly preFilter?: RecordedStatus;
  readonly nodeNames?: readonly string[];
  readonly skipFilter?: boolean;
  readonly filter?: Readonly<Record<string, RecordedStatus>>;
  readonly feasible?: number;
  readonly skipScore?: boolean;
  readonly scoreStatus?: RecordedStatus;
  readonly rawScore?: Readonly<Record<string, number>>;
  readonly score?: Readonly<Record<string, number>>;
}

export interface PluginsLine extends RecordedLine {
  readonly profiles: Readonly<Record<string, { readonly plugin: string; readonly args?: unknown }>>;
  readonly cases: readonly {
    readonly id: string;
    readonly pod: Pod;
    readonly expect: Readonly<Record<string, PluginAnswer>>;
  }[];
}
