/** What `npm run bench` measures. */
import type { ChurnCase } from './scheduling/churn.ts';
import type { SchedulingCase } from './scheduling/measure.ts';
import { VARIANTS } from './scheduling/world.ts';

interface Common {
  readonly name: string;
  readonly nRepetitions: number;
}

export type Case = Common &
  (
    | {
        readonly kind: 'scheduling';
        readonly of: SchedulingCase;
        /** The ratio to the real scheduler that is aimed at, where the two are compared. */
        readonly ratioWanted?: number;
      }
    | { readonly kind: 'churn'; readonly of: ChurnCase }
  );

/** Repetitions that are not counted: the code is still being compiled. */
export const N_WARM_UP = 3;

const N_PODS = 10_000;
const N_REPETITIONS = 20;
const LARGE = 50_000;

function scheduling(of: Omit<SchedulingCase, 'nPods'>, ratioWanted?: number): Case {
  const { nNodes, variant, percentageOfNodesToScore } = of;
  return {
    name: `${variant}, ${nNodes} nodes, ${percentageOfNodesToScore === 100 ? 'all scored' : 'sampled'}`,
    kind: 'scheduling',
    of: { ...of, nPods: N_PODS },
    nRepetitions: nNodes > LARGE ? 5 : N_REPETITIONS,
    ...(ratioWanted && { ratioWanted }),
  };
}

const ratioOf = (isPlain: boolean, percentage: number) =>
  isPlain ? (percentage === 100 ? 2000 : 400) : percentage === 100 ? 600 : 200;

export const CASES: readonly Case[] = [
  ...VARIANTS.flatMap((variant) =>
    [0, 100].map((percentageOfNodesToScore) =>
      scheduling(
        { nNodes: 5000, variant, percentageOfNodesToScore },
        ratioOf(variant === 'plain', percentageOfNodesToScore),
      ),
    ),
  ),
  scheduling({ nNodes: 15_000, variant: 'plain', percentageOfNodesToScore: 100 }, 5000),
  ...[1000, 100_000].map((nNodes) => scheduling({ nNodes, variant: 'plain', percentageOfNodesToScore: 100 })),
  {
    name: 'churn of 200 classes, 100000 nodes, 60 % full, all scored, without API and queue',
    kind: 'churn',
    of: { nNodes: 100_000, nClasses: 200, fullRatio: 0.6, nPods: 5000 },
    nRepetitions: 5,
  },
];
