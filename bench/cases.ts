/** What `npm run bench` measures. */
import { KERNEL_WORKS, type KernelCase } from './kernel/event-queue.ts';
import type { ChurnCase } from './scheduling/churn.ts';
import type { SchedulingCase } from './scheduling/measure.ts';
import type { NodeEventsCase } from './scheduling/node-events.ts';
import { VARIANTS } from './scheduling/world.ts';
import { CONTROL_PLANE_NAMES, CONTROL_PLANE_WORKS, type ControlPlaneWork } from './whole/control-plane.ts';
import type { NodeMemory } from './whole/node-memory.ts';
import type { Replications } from './whole/replications.ts';
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
    | { readonly kind: 'node-events'; readonly of: NodeEventsCase }
    | { readonly kind: 'kernel'; readonly of: KernelCase }
    | {
        readonly kind: 'scenario';
        readonly file: string;
        /** Left out where WAVETANK_DATA is not set. */
        readonly needsData: boolean;
      }
    | { readonly kind: 'control-plane'; readonly of: ControlPlaneWork }
    | { readonly kind: 'lives'; readonly of: ShortPods }
    | { readonly kind: 'command'; readonly of: ShortPods }
    | { readonly kind: 'pod-memory'; readonly of: ShortPods }
    | { readonly kind: 'node-memory'; readonly of: NodeMemory }
    | { readonly kind: 'replications'; readonly of: Replications }
    | { readonly kind: 'start-up' }
  );

const PODS = 'pods per CPU s';
const N_WARM_UP = 3;
const N_PODS = 10_000;
const N_REPETITIONS = 20;

function scored(percentageOfNodesToScore: number): string {
  return percentageOfNodesToScore === 100 ? 'all scored' : 'sampled';
}

/** Of the variant and number of classes that the real scheduler's benchmark has. */
const RATIOS: Readonly<Record<string, number>> = {
  'plain 5000 0': 400,
  'plain 5000 100': 2000,
  'plain 15000 100': 5000,
  ...Object.fromEntries(
    VARIANTS.slice(1).flatMap((variant) => [
      [`${variant} 5000 0`, 200],
      [`${variant} 5000 100`, 600],
    ]),
  ),
};
const N_CLASSES = 20;

function scheduling(of: Omit<SchedulingCase, 'nPods'>): Case {
  const { nNodes, variant, nClasses, percentageOfNodesToScore } = of;
  const ratioWanted = RATIOS[`${variant} ${nNodes} ${percentageOfNodesToScore}`];
  const classes = nClasses === N_CLASSES ? '' : ` of ${nClasses} class${nClasses === 1 ? '' : 'es'}`;
  return {
    name: `${variant}${classes}, ${nNodes} nodes, ${scored(percentageOfNodesToScore)}`,
    unit: PODS,
    nWarmUp: N_WARM_UP,
    kind: 'scheduling',
    of: { ...of, nPods: N_PODS },
    nRepetitions: N_REPETITIONS,
    ...(ratioWanted && nClasses === N_CLASSES && { ratioWanted }),
  };
}

const KINDS_OF_PODS = [
  ...VARIANTS.map((variant) => ({ variant, nClasses: N_CLASSES })),
  ...[1, 200].map((nClasses) => ({ variant: 'plain' as const, nClasses })),
];

const SCHEDULING_CASES = [1000, 5000, 15_000, 100_000].flatMap((nNodes) =>
  KINDS_OF_PODS.flatMap((kind) =>
    [0, 100].map((percentageOfNodesToScore) => scheduling({ ...kind, nNodes, percentageOfNodesToScore })),
  ),
);

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

const CHURN_CASES = [0.6, 0.95].map(
  (fullRatio): Case => ({
    name: `churn of 200 classes, 100000 nodes, ${fullRatio * 100} % full, all scored, without API and queue`,
    unit: PODS,
    nWarmUp: N_WARM_UP,
    kind: 'churn',
    of: { nNodes: 100_000, nClasses: 200, fullRatio, nPods: 5000 },
    nRepetitions: N_REPETITIONS,
    ...(fullRatio === 0.6 && { wanted: '>= 15,000' }),
  }),
);

const NODE_EVENT_CASES = [0, 100].map(
  (percentageOfNodesToScore): Case => ({
    name: `a node changes, comes or goes every 20 pods of 20 classes, 5000 nodes, ${scored(percentageOfNodesToScore)}`,
    unit: PODS,
    nWarmUp: N_WARM_UP,
    kind: 'node-events',
    of: { nNodes: 5000, nClasses: 20, nPodsPerEvent: 20, percentageOfNodesToScore, nPods: 2000 },
    nRepetitions: N_REPETITIONS,
  }),
);

const WHOLE = { nWarmUp: 1, nRepetitions: 3 };
const ONCE = { nWarmUp: 0, nRepetitions: 1 };
const CONTROL_PLANE_WANTED: Readonly<Record<ControlPlaneWork, string>> = {
  burst: '< 3',
  idle: '< 5',
  rolling: '< 10',
};

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
  ...CONTROL_PLANE_WORKS.map(
    (of): Case => ({
      name: CONTROL_PLANE_NAMES[of],
      unit: 'CPU s',
      kind: 'control-plane',
      of,
      wanted: CONTROL_PLANE_WANTED[of],
      ...WHOLE,
    }),
  ),
  {
    name: 'whole lives, 1000 nodes, 100000 short pods',
    unit: PODS,
    kind: 'lives',
    of: { nNodes: 1000, nPods: 100_000 },
    ...WHOLE,
  },
  {
    name: 'the command, 100000 nodes, 1000000 short pods',
    unit: 'CPU s',
    kind: 'command',
    of: { nNodes: 100_000, nPods: 1_000_000 },
    wanted: '< 45, < 2,560 MiB',
    ...ONCE,
  },
  {
    name: 'the command, 10000 nodes, 10000000 short pods',
    unit: 'CPU s',
    kind: 'command',
    of: { nNodes: 10_000, nPods: 10_000_000 },
    wanted: '< 300, memory flat',
    ...ONCE,
  },
  {
    name: 'memory per finished pod, 1000 nodes, 500000 finished',
    unit: 'bytes',
    kind: 'pod-memory',
    // Some more than are measured, so that as many are alive at the end of the measurement as at its beginning.
    of: { nNodes: 1000, nPods: 510_000 },
    wanted: '<= 300',
    ...ONCE,
  },
  ...(['instant', 'calibrated'] as const).map(
    (controlPlane): Case => ({
      name: `memory per node, 20000 nodes, ${controlPlane}`,
      unit: 'bytes',
      kind: 'node-memory',
      of: { nNodes: 20_000, controlPlane },
      ...ONCE,
    }),
  ),
  {
    name: '100 replications with 2 threads, shop, four days',
    unit: 'times the throughput of 1',
    kind: 'replications',
    of: { file: 'scenarios/shop.yaml', until: '96h', nReplications: 100, nJobs: 2 },
    wanted: '>= 1.8',
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
  ...SCHEDULING_CASES,
  ...CHURN_CASES,
  ...NODE_EVENT_CASES,
  ...WHOLE_CASES,
];
