/** What this machine's memory and arithmetic can do at best, measured: the constants of physical limits. */

export interface MachineSpeed {
  /** Bytes copied in a second from one large array to another: each is read once and written once. */
  readonly copyBytesPerSecond: number;
  /** Nanoseconds of a read whose place the read before tells, by the size of what is read from, smallest first. */
  readonly dependentNs: readonly AccessCost[];
  /** The same for reads whose places are known beforehand, so that several are under way at once. */
  readonly independentNs: readonly AccessCost[];
  /** Nanoseconds of a multiplication that needs the result of the one before. */
  readonly multiplyNs: number;
}

export interface AccessCost {
  readonly bytes: number;
  readonly ns: number;
}

const KIB = 1024;
const SIZES = [32, 256, 2048, 16_384, 131_072, 524_288].map((kib) => kib * KIB);
const COPY_BYTES = 256 * KIB * KIB;
const N_READS = 2_000_000;
const N_MULTIPLICATIONS = 50_000_000;
const N_TRIES = 5;
const LINE_WORDS = 16;

export function measureMachine(): MachineSpeed {
  return {
    copyBytesPerSecond: copySpeed(),
    dependentNs: SIZES.map((bytes) => ({ bytes, ns: dependentReadNs(bytes) })),
    independentNs: SIZES.map((bytes) => ({ bytes, ns: independentReadNs(bytes) })),
    multiplyNs: nsPer(N_MULTIPLICATIONS, multiplications),
  };
}

/** The cost for a working set of this size: of the next larger one that was measured. */
export function costAt(costs: readonly AccessCost[], bytes: number): number {
  return (costs.find((cost) => cost.bytes >= bytes) ?? costs.at(-1)!).ns;
}

/** The fastest of some tries: what disturbs only makes it slower. */
function nsPer(n: number, work: () => number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < N_TRIES; attempt++) {
    const start = process.cpuUsage();
    if (Number.isNaN(work())) throw new Error('the work came to nothing');
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) * 1000);
  }
  return best / n;
}

function copySpeed(): number {
  const from = new Float64Array(COPY_BYTES / 8).fill(1);
  const to = new Float64Array(COPY_BYTES / 8);
  const nsPerByte = nsPer(COPY_BYTES, () => {
    to.set(from);
    return to[0]!;
  });
  return 1e9 / nsPerByte;
}

/** One cycle through all lines of the memory, in an order without pattern. */
function dependentReadNs(bytes: number): number {
  const nLines = bytes / 4 / LINE_WORDS;
  const order = shuffled(nLines);
  const next = new Int32Array(nLines * LINE_WORDS);
  for (let i = 0; i < nLines; i++) next[order[i]! * LINE_WORDS] = order[(i + 1) % nLines]! * LINE_WORDS;
  return nsPer(N_READS, () => {
    let at = 0;
    for (let i = 0; i < N_READS; i++) at = next[at]!;
    return at;
  });
}

function independentReadNs(bytes: number): number {
  const nWords = bytes / 4;
  const words = new Int32Array(nWords).fill(1);
  const mask = nWords - 1;
  return nsPer(N_READS, () => {
    let sum = 0;
    let seed = 1;
    for (let i = 0; i < N_READS; i++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
      sum = (sum + words[(seed >>> 4) & mask]!) | 0;
    }
    return sum;
  });
}

function multiplications(): number {
  let value = 1;
  for (let i = 0; i < N_MULTIPLICATIONS; i++) value = Math.imul(value, 1_664_525) ^ i;
  return value;
}

function shuffled(n: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let seed = 12_345;
  for (let i = n - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    const j = seed % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
