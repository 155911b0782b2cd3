/**
 * The least time that a case could take on this machine, from counts of what it must do and from the measured speed of
 * the machine. The counts are those of the code: columns that a placed pod touches, levels of the heap. Whatever is not
 * counted makes the true bound higher, so the factor by which we are above it is the largest that a better program
 * could gain.
 */
import type { Case } from '../cases.ts';
import type { Figures } from '../child.ts';
import { costAt, type MachineSpeed } from './machine-speed.ts';

export type Bound = 'heap depth' | 'memory traffic' | 'arithmetic';

export interface Limit {
  readonly bound: Bound;
  /** Of one item of the case's figures: an event, a pod. */
  readonly ns: number;
  readonly counts: string;
}

/** Children of a heap's node; time and order in 16 bytes and the item in 4. */
const HEAP_ARITY = 4;
const HEAP_ENTRY_BYTES = 20;
/** Kind and two numbers of an event lie side by side. */
const SLOT_LINES = 1;
const SLOT_BYTES = 32;
/** Multiplications that the trace hash makes of a transition: four words of 32 bits and a half. */
const HASH_MULTIPLICATIONS = 5;
/** Columns that say what a node has, and what of it is requested: CPU, memory, pods, for filters and for scores. */
const NODE_COLUMNS = 8;
const NODE_BYTES = 100;
/** Columns of the pod table, the lists of a node's pods and the queue that a placed pod is written into. */
const PLACED_COLUMNS = 24;
/** Score and best of the block, by node and class. */
const INDEX_LINES = 2;
/** Codes of a block of nodes of one class, and of the highest of as many blocks. */
const ROW_BYTES = 32;
const ROWS_PER_SCORE = 2;
/** Columns by pod in the API, three informers, indices, kubelets, scheduler and queue, and the two lines of its metrics. */
const POD_COLUMNS = 35;
const POD_BYTES = 300;
/** Arrival and end: the others of a pod's events happen at the instant of what caused them. */
const TIMERS_PER_LIFE = 2;
const PODS_ALIVE_PER_NODE = 5;
const CSV_ROW_BYTES = 110;
/** Divisions and multiplications of the least-allocated and balanced scores of one node. */
const SCORE_OPERATIONS = 12;

/** The highest of the bounds that apply; undefined for what is not counted. */
export function limitOf(each: Case, figures: Figures, speed: MachineSpeed): Limit | undefined {
  const limits = limitsOf(each, figures, speed);
  return limits.length === 0 ? undefined : limits.reduce((a, b) => (b.ns > a.ns ? b : a));
}

function limitsOf(each: Case, { allocatedBytes }: Figures, speed: MachineSpeed): Limit[] {
  switch (each.kind) {
    case 'kernel':
      return kernelLimits(each.of.what, each.of.nPending, speed);
    case 'scheduling':
      return schedulingLimits(each.of.nNodes, allocatedBytes, speed);
    case 'churn':
      return churnLimits(each.of.nNodes, each.of.nClasses, speed);
    case 'lives':
    case 'command':
      return 'nPods' in each.of ? lifeLimits(each.of.nNodes, allocatedBytes, speed) : [];
    default:
      return [];
  }
}

function kernelLimits(what: string, nPending: number, speed: MachineSpeed): Limit[] {
  if (what.includes('lane')) {
    return [traffic(HEAP_ENTRY_BYTES, [], speed, 'entry written and read in order')];
  }
  const levels = `${Math.ceil(Math.log(nPending) / Math.log(HEAP_ARITY))} levels`;
  const depthNs = heapDepthNs(nPending, speed);
  const heap: Limit = { bound: 'heap depth', ns: depthNs, counts: `${levels}, a cache line each` };
  if (!what.includes('dispatch')) return [heap];
  const slotsNs = SLOT_LINES * costAt(speed.independentNs, nPending * SLOT_BYTES);
  return [
    { ...heap, ns: depthNs + slotsNs, counts: `${heap.counts}; ${SLOT_LINES} line of the event` },
    {
      bound: 'arithmetic',
      ns: HASH_MULTIPLICATIONS * speed.multiplyNs,
      counts: `${HASH_MULTIPLICATIONS} multiplications`,
    },
  ];
}

/** From the root down each child's place is known when its parent has been read. */
function heapDepthNs(nPending: number, { dependentNs }: MachineSpeed): number {
  let ns = 0;
  for (let n = HEAP_ARITY; n < nPending * HEAP_ARITY; n *= HEAP_ARITY) {
    ns += costAt(dependentNs, Math.min(n, nPending) * HEAP_ENTRY_BYTES);
  }
  return ns;
}

function schedulingLimits(nNodes: number, allocatedBytes: number, speed: MachineSpeed): Limit[] {
  const lines = [{ n: NODE_COLUMNS + PLACED_COLUMNS + INDEX_LINES, within: nNodes * NODE_BYTES }];
  return [traffic(allocatedBytes, lines, speed, 'objects written and collected')];
}

/** For each pod one comes and one leaves: two nodes mean something else to every class. */
function churnLimits(nNodes: number, nClasses: number, speed: MachineSpeed): Limit[] {
  const nScores = 2 * nClasses;
  const lines = [{ n: 2 * NODE_COLUMNS, within: nNodes * NODE_BYTES }];
  const rowBytes = nScores * ROWS_PER_SCORE * ROW_BYTES;
  return [
    traffic(rowBytes, lines, speed, 'rows of codes and of the highest of rows, in order'),
    {
      bound: 'arithmetic',
      ns: nScores * SCORE_OPERATIONS * speed.multiplyNs,
      counts: `${nScores} scores × ${SCORE_OPERATIONS} operations`,
    },
  ];
}

function lifeLimits(nNodes: number, allocatedBytes: number, speed: MachineSpeed): Limit[] {
  const nAlive = nNodes * PODS_ALIVE_PER_NODE;
  const lines = [
    { n: POD_COLUMNS, within: nAlive * POD_BYTES },
    { n: 2 * NODE_COLUMNS, within: nNodes * NODE_BYTES },
  ];
  return [
    traffic(allocatedBytes + CSV_ROW_BYTES, lines, speed, 'objects written and collected, a row of pods.csv'),
    {
      bound: 'heap depth',
      ns: TIMERS_PER_LIFE * heapDepthNs(nAlive, speed),
      counts: `${TIMERS_PER_LIFE} timers`,
    },
  ];
}

interface Lines {
  readonly n: number;
  /** Size of what they are spread over. */
  readonly within: number;
}

function traffic(bytes: number, lines: readonly Lines[], speed: MachineSpeed, what: string): Limit {
  const linesNs = lines.reduce((sum, { n, within }) => sum + n * costAt(speed.independentNs, within), 0);
  const nLines = lines.reduce((sum, { n }) => sum + n, 0);
  const counts = [
    ...(bytes > 0 ? [`${Math.round(bytes)} bytes: ${what}`] : [what]),
    ...(nLines > 0 ? [`${nLines} cache lines`] : []),
  ];
  return {
    bound: 'memory traffic',
    ns: (1e9 * bytes) / speed.copyBytesPerSecond + linesNs,
    counts: counts.join('; '),
  };
}
