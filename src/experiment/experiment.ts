// The one interface of all experiments: pure state machines that ask for runs and are given results. Whoever drives
// them (one thread, a pool, many machines) may finish runs in any order: answers depend only on what was asked.

/** Plain data a run says of itself. `null`: the metric has no value in this run (a quantile of nothing). */
export type Metrics = Readonly<Record<string, number | null>>;

/** One setting to be simulated. `P` is whatever the run function understands, usually a scenario. */
export interface Point<P = unknown> {
  /** Stable: the same setting has the same id in every experiment. Usable as a folder's name. */
  readonly id: string;
  /** What distinguishes this point, for tables: axis name -> value as text. */
  readonly labels: Readonly<Record<string, string>>;
  readonly setting: P;
}

/** One run wanted. Replication r uses the same random numbers at every point (common random numbers). */
export interface RunRequest<P = unknown> {
  /** `<point id>/<replication>`: unique within an experiment. */
  readonly id: string;
  readonly point: Point<P>;
  readonly seed: string;
  readonly replication: number;
}

/** Asks for runs until it knows its answer `R`. */
export interface Experiment<P, R> {
  /** Runs that may be made now, in any order; each is handed out once. Empty while waiting for results. */
  next(): readonly RunRequest<P>[];
  /** Takes the result of one run that was handed out. */
  accept(request: RunRequest<P>, metrics: Metrics): void;
  readonly done: boolean;
  /** The answer when done, the best so far before. */
  readonly answer: R;
}

/** The simulator as experiments see it. */
export type Run<P> = (request: RunRequest<P>) => Metrics | Promise<Metrics>;

/** The request for one replication of a point. */
export function requestOf<P>(point: Point<P>, seed: string, replication: number): RunRequest<P> {
  return { id: `${point.id}/${replication}`, point, seed, replication };
}
