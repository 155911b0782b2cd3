/** What `npm run bench` measures. */
import { KERNEL_WORKS, type KernelCase } from './kernel/event-queue.ts';
import type { ChurnCase } from './scheduling/churn.ts';
import type { SchedulingCase } from './scheduling/measure.ts';
import { VARIANTS } from './scheduling/world.ts';
import type { ShortPods } from './whole/short-pods.ts';

interface Common {
  readonly name: string;
  /** What the figures are. */
  readonly unit: string;
  readonly nRepetitions: number;
  /** Repetitions that are not counted: the code is still being compiled. */
  readonly nWarmUp: number;
  /** What is aimed at, as text. */
  readonly wanted?: string;
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
    | { readonly kind: 'kernel'; readonly of: KernelCase }
    | {
        readonly kind: 'scenario';
        readonly file: string;
        /** Left out where WAVETANK_DATA is not set. */
        readonly needsData: boolean;
      }
    | { readonly kind: 'lives' | 'memory'; readonly of: ShortPods }
    | { readonly kind: 'start-up' }
  );

const PODS = 'pods per CPU s';
const N_WARM_UP = 3;
const N_PODS = 10_000;
const N_REPETITIONS = 20;
const LARGE = 50_000;

function scheduling(of: Omit<SchedulingCase, 'nPods'>, ratioWanted?: number): Case {
  const { nNodes, variant, percentageOfNodesToScore } = of;
  return {
    name: `${variant}, ${nNodes} nodes, ${percentageOfNodesToScore === 100 ? 'all scored' : 'sampled'}`,
    unit: PODS,
    nWarmUp: N_WARM_UP,
    kind: 'scheduling',
    of: { ...of, nPods: N_PODS },
    nRepetitions: nNodes > LARGE ? 5 : N_REPETITIONS,
    ...(ratioWanted && { ratioWanted }),
  };
}

const ratioOf = (isPlain: boolean, percentage: number) =>
  isPlain ? (percentage === 100 ? 2000 : 400) : percentage === 100 ? 600 : 200;

const KERNEL_WANTED: Partial<Record<KernelCase['what'], string>> = {
  'hold, heap': '>= 4,000,000',
  'queue, dispatch and hash, heap': '>= 2,000,000',
};
const N_PENDING_WANTED = 100_000;

const KERNEL_CASES = [1000, N_PENDING_WANTED, 1_000_000].flatMap((nPending) =>
  KERNEL_WORKS.map((what): Case => {
    const wanted = nPending === N_PENDING_WANTED ? KERNEL_WANTED[what] : undefined;
    return {
      name: `${what}, ${nPending} pending`,
      unit: 'events per CPU s',
      kind: 'kernel',
      of: { what, nPending },
      nWarmUp: N_WARM_UP,
      nRepetitions: N_REPETITIONS,
      ...(wanted && { wanted }),
    };
  }),
);

const WHOLE = { nWarmUp: 1, nRepetitions: 3 };
const ONCE = { nWarmUp: 0, nRepetitions: 1 };

const WHOLE_CASES: readonly Case[] = [
  {
    name: 'whole run, openb trace, 1213 nodes, 8152 pods',
    unit: 'CPU s',
    kind: 'scenario',
    file: 'scenarios/openb.yaml',
    needsData: true,
    wanted: '< 1',
    ...WHOLE,
  },
  {
    name: 'whole run, 5000 nodes, 50000 pods',
    unit: 'CPU s',
    kind: 'scenario',
    file: 'scenarios/thousands.yaml',
    needsData: false,
    wanted: '< 10',
    ...WHOLE,
  },
  ...[
    { nNodes: 1000, nPods: 100_000 },
    { nNodes: 100_000, nPods: 1_000_000 },
  ].map(
    (of): Case => ({
      name: `whole lives, ${of.nNodes} nodes, ${of.nPods} short pods`,
      unit: PODS,
      kind: 'lives',
      of,
      ...(of.nPods > 100_000 ? ONCE : WHOLE),
    }),
  ),
  {
    name: 'memory per finished pod, 1000 nodes, 500000 finished',
    unit: 'bytes',
    kind: 'memory',
    // Some more than are measured, so that as many are alive at the end of the measurement as at its beginning.
    of: { nNodes: 1000, nPods: 510_000 },
    wanted: '<= 300',
    ...ONCE,
  },
  {
    name: 'start-up, run of one node without pods',
    unit: 's',
    kind: 'start-up',
    nWarmUp: 1,
    nRepetitions: 9,
  },
];

export const CASES: readonly Case[] = [
  ...KERNEL_CASES,
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
    unit: PODS,
    nWarmUp: N_WARM_UP,
    kind: 'churn',
    of: { nNodes: 100_000, nClasses: 200, fullRatio: 0.6, nPods: 5000 },
    nRepetitions: 5,
  },
  ...WHOLE_CASES,
];
