// When a probe changes its mind. What is probed passes during one interval, so the instant at which the next result is
// published follows from the probe's ticks and thresholds: there is one event per change, not one per probe.
// Source: pkg/kubelet/prober/worker.go, 1.37. Deviation: a probe that is answered takes no time.

export interface ProbeTiming {
  readonly periodUs: number;
  readonly initialDelayUs: number;
  readonly timeoutUs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** The probe passes in [fromUs, untilUs); before it is refused at once, after it gets no answer until its timeout. */
export interface Health {
  readonly fromUs: number;
  readonly untilUs: number;
}

export interface Walk {
  /** When the container started: the initial delay counts from here. */
  readonly startedUs: number;
  /** One of the instants at which the worker's ticker fires; the others are whole periods away. */
  readonly gridUs: number;
  /** No probe before this instant. */
  readonly fromUs: number;
  /** Is there a probe at `fromUs` itself, off the grid? */
  readonly isImmediate: boolean;
}

export interface Outcome {
  /** When the result is published. */
  readonly atUs: number;
  readonly passes: boolean;
}

/** The first tick at or after an instant. */
export function tickAtOrAfter(gridUs: number, periodUs: number, atUs: number): number {
  return gridUs + Math.ceil((atUs - gridUs) / periodUs) * periodUs;
}

function tickAfter(gridUs: number, periodUs: number, atUs: number): number {
  return gridUs + (Math.floor((atUs - gridUs) / periodUs) + 1) * periodUs;
}

function firstProbeUs(timing: ProbeTiming, walk: Walk): number {
  const allowedUs = walk.startedUs + timing.initialDelayUs;
  if (walk.isImmediate && walk.fromUs >= allowedUs) return walk.fromUs;
  return tickAtOrAfter(walk.gridUs, timing.periodUs, Math.max(walk.fromUs, allowedUs));
}

/**
 * The next change of the published result, which is `published` now; undefined if there is none as long as the health
 * stays what it is.
 */
export function nextOutcome(
  timing: ProbeTiming,
  health: Health,
  walk: Walk,
  published: boolean,
): Outcome | undefined {
  const { periodUs } = timing;
  const threshold = published ? timing.failureThreshold : timing.successThreshold;
  let nInRow = 0;
  let probeUs = firstProbeUs(timing, walk);
  for (;;) {
    const passes = probeUs >= health.fromUs && probeUs < health.untilUs;
    const takesUs = probeUs >= health.untilUs ? timing.timeoutUs : 0;
    if (passes !== published) {
      if (++nInRow >= threshold) return { atUs: probeUs + takesUs, passes };
    } else {
      nInRow = 0;
      const changeUs = published ? health.untilUs : probeUs < health.fromUs ? health.fromUs : Infinity;
      if (changeUs === Infinity) return undefined;
      probeUs = Math.max(probeUs, tickAtOrAfter(walk.gridUs, periodUs, changeUs) - periodUs);
    }
    probeUs = Math.max(tickAfter(walk.gridUs, periodUs, probeUs), probeUs + takesUs);
  }
}
