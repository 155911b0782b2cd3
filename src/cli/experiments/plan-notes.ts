// What one should know of a plan's answer beside its figures.

import type { PlannedCluster, PlanResult } from '../../experiment/plan/plan-result.ts';
import { plural } from '../../report/text.ts';
import type { OpenedPlan } from './plan-problem.ts';

/** Names shown of a list. */
const N_NAMES_MAX = 3;

export function planNotes(opened: OpenedPlan, { violation }: PlanResult, chosen: PlannedCluster): string[] {
  const { problem, unpriced } = opened;
  const nPassing = nPodsOf(problem.passing ?? []);
  const notes = [
    ...(nPassing > 0
      ? [`${plural(nPassing, 'pod')} that end by themselves are judged, but are not in the bound`]
      : []),
    ...(problem.pools.some(({ isGiven }) => isGiven)
      ? ['nodes that the scenario lists are there in any case, and their cost is not counted']
      : []),
    ...(unpriced.length > 0
      ? [`${plural(unpriced.length, 'type')} without a price left out: ${shortList(unpriced)}`]
      : []),
    ...typeNotes(opened, chosen),
    ...(violation
      ? ['a larger cluster was seen to miss what a smaller one meets: look at frontier.csv']
      : []),
  ];
  return [
    ...(chosen.certain
      ? []
      : ['Unsure    replications ran out before the verdict was certain: allow more in plan.replications']),
    ...notes.map((note) => `Note      ${note}`),
  ];
}

/** Where a plan may choose from the catalogue, it may choose what the user did not think of. */
function typeNotes({ types }: OpenedPlan, { cluster }: PlannedCluster): string[] {
  const chosen = Object.keys(cluster.nodes).flatMap((pool) => types.get(pool) ?? []);
  const providers = [...new Set(chosen.map(({ provider }) => provider))];
  return [
    ...(chosen.some(({ arch }) => arch === 'arm64')
      ? ['its arm64 nodes need images for arm64; "!arm64" at the end of instanceTypes leaves them out']
      : []),
    ...(providers.length > 1
      ? [
          `it mixes nodes of ${providers.join(' and ')}; instanceTypes: [${providers[0]}] is those of one provider`,
        ]
      : []),
  ];
}

export function nPodsOf(pods: readonly { readonly count: number }[]): number {
  return pods.reduce((sum, { count }) => sum + count, 0);
}

export function shortList(names: readonly string[]): string {
  return names.length <= N_NAMES_MAX
    ? names.join(', ')
    : `${names.slice(0, N_NAMES_MAX).join(', ')} and ${names.length - N_NAMES_MAX} more`;
}
