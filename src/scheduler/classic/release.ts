/** The two releases whose classic scheduler is modelled, and in what they differ besides their lists of names. */

import type { PodResourceOptions } from '../../kube/resources.ts';

export type ClassicPolicyName = 'classic-1.16' | 'classic-1.17';

export interface ClassicRelease {
  readonly name: ClassicPolicyName;
  /** The recorded patch release. */
  readonly version: string;
  /** Scores are 0..maxScore; each scale truncates by itself, so one is never converted into the other. */
  readonly maxScore: number;
  /** Stable zone, region and instance-type labels stand in where the beta ones are missing. */
  readonly readsStableLabels: boolean;
}

export const RELEASES: Readonly<Record<ClassicPolicyName, ClassicRelease>> = {
  'classic-1.16': { name: 'classic-1.16', version: 'v1.16.15', maxScore: 10, readsStableLabels: false },
  'classic-1.17': { name: 'classic-1.17', version: 'v1.17.17', maxScore: 100, readsStableLabels: true },
};

/**
 * How the classic scheduler sums up a pod's requests; a cluster that it schedules is made with it.
 * Source: kubernetes v1.17.17 pkg/scheduler/nodeinfo/node_info.go Resource.Add.
 */
export const CLASSIC_REQUESTS: PodResourceOptions = { roundsEachContainer: true };
