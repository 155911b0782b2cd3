// Results of several points over the same replications, read in replication order whatever order they arrived in.
import { assert } from '../base/assert.ts';
import type { Metrics } from './experiment.ts';
import { type Interval, meanInterval } from './statistics/interval.ts';

export type Column = readonly (number | null)[];

/** A read-only view for stopping rules and answers. */
export interface Samples {
  readonly nPoints: number;
  /** Complete replications: every point has a result for each below this. */
  readonly n: number;
  /** Values of a metric over the complete replications; null where a run has none. */
  column(pointIdx: number, metric: string): Column;
  /** Names of all metrics of a point, in order of first appearance by replication. */
  metricNames(pointIdx: number): readonly string[];
  /** One complete replication of a point. */
  metrics(pointIdx: number, replication: number): Metrics;
}

/** The interval of the values a column has. */
export function columnInterval(column: Column, confidence: number): Interval {
  return meanInterval(
    column.filter((value) => value !== null),
    confidence,
  );
}

export class SampleStore implements Samples {
  readonly nPoints: number;
  #rows: (Metrics | undefined)[][];
  #n = 0;

  constructor(nPoints: number) {
    this.nPoints = nPoints;
    this.#rows = Array.from({ length: nPoints }, () => []);
  }

  get n(): number {
    return this.#n;
  }

  set(pointIdx: number, replication: number, metrics: Metrics): void {
    const rows = this.#rows[pointIdx];
    assert(rows !== undefined && rows[replication] === undefined, 'a result arrives once');
    rows[replication] = metrics;
    while (this.#rows.every((column) => column[this.#n] !== undefined)) this.#n++;
  }

  column(pointIdx: number, metric: string): Column {
    return this.#complete(pointIdx).map((metrics) => metrics[metric] ?? null);
  }

  metricNames(pointIdx: number): readonly string[] {
    return [...new Set(this.#complete(pointIdx).flatMap((metrics) => Object.keys(metrics)))];
  }

  metrics(pointIdx: number, replication: number): Metrics {
    return this.#complete(pointIdx)[replication]!;
  }

  #complete(pointIdx: number): Metrics[] {
    return this.#rows[pointIdx]!.slice(0, this.#n) as Metrics[];
  }
}
