/** Durations of the phases of pods' lives (and of jobs and rollouts), by class: a sketch each, and their summary. */
import { compareStrings } from '../base/orders.ts';
import { QuantileSketch } from './quantile-sketch.ts';

/** What is timed. The order is the order of reports. */
export const PHASES = [
  { name: 'scheduling', description: 'first queued by the scheduler to bound' },
  { name: 'binding', description: 'node chosen to bound' },
  { name: 'start', description: 'bound to running' },
  { name: 'pull', description: 'waiting for images, between bound and running, of pods that had to' },
  { name: 'ready', description: 'running to ready for the first time' },
  { name: 'startup', description: 'created to ready for the first time' },
  { name: 'run', description: 'running to finished' },
  { name: 'lifetime', description: 'created to finished' },
  {
    name: 'slo-startup',
    description:
      'created to running, of pods that no attempt refused, without claims and init containers, less image pulls: what the start-up objective of Kubernetes counts',
  },
  { name: 'recovery', description: 'a workload loses ready replicas until it has all of them again' },
  { name: 'rollout', description: 'a new template applied until every replica is updated and available' },
  { name: 'makespan', description: 'a Job created until it is complete or failed' },
] as const;

export type PhaseName = (typeof PHASES)[number]['name'];
/** Positions in {@link PHASES}, for hot paths. */
export const PHASE = Object.fromEntries(PHASES.map(({ name }, i) => [name, i])) as Readonly<
  Record<PhaseName, number>
>;

/** One phase of one class; times in microseconds. */
export interface LatencySummary {
  readonly phase: PhaseName;
  /** '' is all classes together. */
  readonly className: string;
  readonly n: number;
  readonly meanUs: number;
  readonly minUs: number;
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p95Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
}

/** Beyond so many classes, the rest shares one. */
const N_CLASSES_MAX = 1000;
const REST = '(other)';

/** The sketches of one class, by phase. */
export type ClassSketches = (QuantileSketch | undefined)[];

export class LatencyBook {
  readonly #byClass = new Map<string, ClassSketches>();

  /** The sketches of a class, to be kept by whoever adds to it often. */
  classOf(className: string): ClassSketches {
    const name = this.#byClass.has(className) || this.#byClass.size < N_CLASSES_MAX ? className : REST;
    let sketches = this.#byClass.get(name);
    if (!sketches) this.#byClass.set(name, (sketches = []));
    return sketches;
  }

  add(ofClass: ClassSketches, phase: number, us: number): void {
    (ofClass[phase] ??= new QuantileSketch()).add(us);
  }

  /** By phase, and within a phase all classes together first, then the classes by name. */
  summaries(): LatencySummary[] {
    const names = [...this.#byClass.keys()].sort(compareStrings);
    return PHASES.flatMap(({ name: phase }, phaseIdx) => {
      const all = new QuantileSketch();
      const rows: LatencySummary[] = [];
      for (const className of names) {
        const sketch = this.#byClass.get(className)![phaseIdx];
        if (!sketch) continue;
        all.merge(sketch);
        rows.push(summary(phase, className, sketch));
      }
      return rows.length === 0 ? [] : [summary(phase, '', all), ...rows];
    });
  }
}

function summary(phase: PhaseName, className: string, sketch: QuantileSketch): LatencySummary {
  const quantileUs = (q: number) => Math.round(sketch.quantile(q)!);
  return {
    phase,
    className,
    n: sketch.n,
    meanUs: Math.round(sketch.mean!),
    minUs: sketch.min,
    p50Us: quantileUs(0.5),
    p90Us: quantileUs(0.9),
    p95Us: quantileUs(0.95),
    p99Us: quantileUs(0.99),
    maxUs: sketch.max,
  };
}
