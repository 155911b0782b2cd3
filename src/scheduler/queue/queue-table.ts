/**
 * What the scheduling queue knows of each pod, as columns by the pod's row in the scheduler's pod table.
 */

/** Where a pod is. */
export const Place = {
  /** In no queue: bound, assumed, or not the scheduler's business. */
  None: 0,
  Active: 1,
  Backoff: 2,
  /** Backing off after an attempt that failed with an error instead of a rejection. */
  ErrorBackoff: 3,
  /** Rejected and waiting for an event, or gated. */
  Unschedulable: 4,
  /** Popped: its scheduling cycle is running. */
  InFlight: 5,
} as const;
export type Place = (typeof Place)[keyof typeof Place];

/** `expiryUs` of a pod whose back-off was not worked out since its last attempt. */
export const NOT_COMPUTED = -1;

type Column = Uint8Array | Int32Array | Uint32Array | Float64Array;

export class QueueTable {
  place = new Uint8Array(0);
  /** Number of the pod's class and of its profile. */
  cls = new Int32Array(0);
  profile = new Uint8Array(0);
  priority = new Int32Array(0);
  /** When the pod entered the queue or was last tried. */
  timestampUs = new Float64Array(0);
  /** Order in which time stamps were given: ends every tie. */
  sequence = new Float64Array(0);
  /** When the back-off ends, cut to the second; NOT_COMPUTED until asked. */
  expiryUs = new Float64Array(0);
  /** Attempts that ended in a rejection, ever. */
  nUnschedulable = new Int32Array(0);
  /** Attempts that ended in an error, since the last rejection. */
  nErrors = new Int32Array(0);
  nAttempts = new Int32Array(0);
  /** When the pod first got into activeQ; NaN = not yet. */
  firstActiveUs = new Float64Array(0);
  /** When the pod was last moved out of the unschedulable ones for waiting too long. */
  flushedUs = new Float64Array(0);
  /** Plugins that rejected the pod, one bit each (position in the profile). */
  rejectors = new Uint32Array(0);
  /** Position of the plugin that gates the pod, or -1. */
  gate = new Int32Array(0);
  /** Links of the list the pod is in, position in the heap it is in; -1 = none. */
  next = new Int32Array(0);
  previous = new Int32Array(0);
  heapPosition = new Int32Array(0);
  #nSequence = 0;

  /** Resets a row for a pod that is new to the queue. */
  enter(row: number, cls: number, profile: number, priority: number, nowUs: number): void {
    if (row >= this.place.length) this.#grow(row + 1);
    this.place[row] = Place.None;
    this.cls[row] = cls;
    this.profile[row] = profile;
    this.priority[row] = priority;
    this.stamp(row, nowUs);
    this.nUnschedulable[row] = 0;
    this.nErrors[row] = 0;
    this.nAttempts[row] = 0;
    this.firstActiveUs[row] = Number.NaN;
    this.flushedUs[row] = Number.NEGATIVE_INFINITY;
    this.rejectors[row] = 0;
    this.gate[row] = -1;
    this.next[row] = -1;
    this.previous[row] = -1;
    this.heapPosition[row] = -1;
  }

  /** Gives the pod a new time stamp, behind all others of the same instant. */
  stamp(row: number, nowUs: number): void {
    this.timestampUs[row] = nowUs;
    this.sequence[row] = this.#nSequence++;
    this.expiryUs[row] = NOT_COMPUTED;
  }

  placeOf(row: number): Place {
    return (this.place[row] ?? Place.None) as Place;
  }

  /** The order of activeQ: higher priority first, then the earlier time stamp. */
  precedes(a: number, b: number): boolean {
    const { priority, timestampUs } = this;
    if (priority[a] !== priority[b]) return priority[a]! > priority[b]!;
    if (timestampUs[a] !== timestampUs[b]) return timestampUs[a]! < timestampUs[b]!;
    return this.sequence[a]! < this.sequence[b]!;
  }

  #grow(nRows: number): void {
    const capacity = Math.max(64, nRows, this.place.length * 2);
    const grown = <A extends Column>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.place = grown(this.place, new Uint8Array(capacity));
    this.profile = grown(this.profile, new Uint8Array(capacity));
    this.rejectors = grown(this.rejectors, new Uint32Array(capacity));
    for (const name of INT_COLUMNS) this[name] = grown(this[name], new Int32Array(capacity));
    for (const name of FLOAT_COLUMNS) this[name] = grown(this[name], new Float64Array(capacity));
  }
}

const INT_COLUMNS = [
  'cls',
  'priority',
  'nUnschedulable',
  'nErrors',
  'nAttempts',
  'gate',
  'next',
  'previous',
  'heapPosition',
] as const;
const FLOAT_COLUMNS = ['timestampUs', 'sequence', 'expiryUs', 'firstActiveUs', 'flushedUs'] as const;
