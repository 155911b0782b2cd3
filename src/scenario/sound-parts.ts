/**
 * The parts of a scenario that are sound, each for itself: checks that go across parts can then be made even of a file
 * with mistakes, and all mistakes are told together.
 */
import type { z } from 'zod';
import { parseDurationUs } from '../base/duration.ts';
import { workloadSchema } from '../workload/workload.schema.ts';
import { type ClusterSpec, clusterSchema } from './cluster.schema.ts';
import { isRecord } from './json-schema.ts';
import { type ScenarioSpec, scenarioSchema } from './scenario.schema.ts';
import { type TimelineEntry, timelineEntrySchema } from './timeline.schema.ts';

const entrySchema = workloadSchema.element;
export type WorkloadEntry = z.infer<typeof entrySchema>;

export interface SoundParts {
  readonly cluster: ClusterSpec | undefined;
  /** Entries with mistakes are undefined. */
  readonly workload: readonly (WorkloadEntry | undefined)[];
  readonly timeline: readonly (TimelineEntry | undefined)[];
  /** The end of the run; Infinity if the scenario gives none, undefined if what it gives is wrong. */
  readonly untilUs: number | undefined;
}

/** The same of a sound scenario: its very entries. */
export function allParts({ cluster, workload, timeline, until }: ScenarioSpec): SoundParts {
  return { cluster, workload, timeline, untilUs: untilUs(until) };
}

export function soundParts(data: unknown): SoundParts {
  const { cluster, workload, timeline, until } = isRecord(data) ? data : {};
  return {
    cluster: clusterSchema.safeParse(cluster).data,
    workload: list(workload).map((entry) => entrySchema.safeParse(entry).data),
    timeline: list(timeline).map((entry) => timelineEntrySchema.safeParse(entry).data),
    untilUs: untilUs(until),
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function untilUs(until: unknown): number | undefined {
  if (until === undefined) return Number.POSITIVE_INFINITY;
  const { success, data } = scenarioSchema.shape.until.safeParse(until);
  return success && data !== undefined ? parseDurationUs(data) : undefined;
}
