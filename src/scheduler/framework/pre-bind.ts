/**
 * What has to be in the API before a pod can be bound: the work of kube-scheduler's PreBind, as data for whoever
 * talks to the API. Write the objects one after the other with `update` (a conflict fails the binding cycle), then
 * ask `progress` once a second until it is done, fails, or the timeout has passed.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/volumebinding/binder.go BindPodVolumes.
 */
import type { KubeObject } from '../../kube/types.ts';

export const PRE_BIND_POLL_US = 1_000_000;

export interface PreBindWork {
  readonly writes: readonly KubeObject[];
  readonly timeoutUs: number;
  /** 'done', 'waiting' for the controllers (or for the watch to catch up), or the reason why the binding cycle fails. */
  progress(): 'done' | 'waiting' | { readonly failure: string };
}
