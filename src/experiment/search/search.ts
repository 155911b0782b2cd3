// A search over points with the simulator as judge. The strategy is a generator: it yields points it wants judged
// and is sent their judgements; this file turns it into an experiment, replicates each point until the verdict is
// certain, and remembers every judgement so that no point is run twice.
import { assert } from '../../base/assert.ts';
import type { Experiment, Metrics, Point, RunRequest } from '../experiment.ts';
import {
  checkMetrics,
  checkObjectives,
  decided,
  type Judgement,
  judge,
  type Objective,
} from '../objectives.ts';
import { checkRule, type ReplicationRule } from '../statistics/stopping.ts';
import { Waves } from '../waves.ts';

export interface JudgeOptions {
  readonly seed: string;
  readonly objectives: readonly Objective[];
  /** Replications go on until each verdict is certain at `confidence`, or to the maximum. */
  readonly rule: ReplicationRule;
  readonly confidence: number;
}

/** A point and its verdict. */
export interface Judged<P> {
  readonly point: Point<P>;
  readonly met: boolean;
  /** False when replications ran out before the intervals decided: then the means did. */
  readonly certain: boolean;
  readonly judgement: Judgement;
  readonly nReplications: number;
}

/** Yields points, is sent their verdicts in the same order. */
export type Strategy<P> = Generator<readonly Point<P>[], void, readonly Judged<P>[]>;

export class Search<P, R> implements Experiment<P, R> {
  #strategy: Strategy<P>;
  #answer: () => R;
  #options: JudgeOptions;
  #known = new Map<string, Judged<P>>();
  #wanted: readonly Point<P>[] = [];
  #underWay = new Map<string, Waves<P>>();
  #done = false;

  /** `answer` is asked at any time for the best the strategy has found so far. */
  constructor(strategy: Strategy<P>, answer: () => R, options: JudgeOptions) {
    checkObjectives(options.objectives);
    checkRule(options.rule, { confidence: options.confidence });
    this.#strategy = strategy;
    this.#answer = answer;
    this.#options = options;
    this.#resume(this.#strategy.next());
  }

  get done(): boolean {
    return this.#done;
  }

  get answer(): R {
    return this.#answer();
  }

  next(): readonly RunRequest<P>[] {
    return [...this.#underWay.values()].flatMap((waves) => waves.next());
  }

  accept(request: RunRequest<P>, metrics: Metrics): void {
    const waves = this.#underWay.get(request.point.id);
    assert(waves !== undefined, 'a result belongs to a point under way');
    checkMetrics(this.#options.objectives, metrics);
    waves.accept(request, metrics);
    if (!waves.done) return;
    this.#underWay.delete(request.point.id);
    this.#known.set(request.point.id, this.#judged(request.point, waves));
    if (this.#underWay.size === 0) this.#resume(this.#strategy.next(this.#verdicts()));
  }

  #verdicts(): Judged<P>[] {
    return this.#wanted.map((point) => this.#known.get(point.id)!);
  }

  #judged(point: Point<P>, { samples }: Waves<P>): Judged<P> {
    const judgement = judge(this.#options.objectives, samples, 0, this.#options.confidence);
    return { point, judgement, nReplications: samples.n, ...decided(judgement) };
  }

  /** Runs the strategy on until it wants a point that is not known yet, or ends. */
  #resume(first: IteratorResult<readonly Point<P>[], void>): void {
    let step = first;
    while (!step.done) {
      this.#wanted = step.value;
      for (const point of step.value) {
        if (!this.#known.has(point.id) && !this.#underWay.has(point.id)) this.#start(point);
      }
      if (this.#underWay.size > 0) return;
      step = this.#strategy.next(this.#verdicts());
    }
    this.#done = true;
  }

  #start(point: Point<P>): void {
    const { seed, rule, objectives, confidence } = this.#options;
    const needed = (samples: Waves<P>['samples']): number =>
      judge(objectives, samples, 0, confidence).verdict === 'unsure' ? 2 * samples.n : samples.n;
    this.#underWay.set(point.id, new Waves([point], seed, rule, needed));
  }
}
