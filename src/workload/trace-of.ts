// From a `trace` entry of a scenario to the source that replays it.

import { parseDurationUs } from '../base/duration.ts';
import { parseMilli, parseValue } from '../base/quantity.ts';
import type { PodBase } from './shape.ts';
import type { CsvSpec, TraceSpec } from './trace.schema.ts';
import { type CsvColumns, genericCsv, type Measured } from './traces/generic-csv.ts';
import { openbPods } from './traces/openb.ts';
import { phillyJobs } from './traces/philly.ts';
import { surfTasks } from './traces/surf.ts';
import { type TraceFormat, TraceSource } from './traces/trace-source.ts';

/** The file with the trace's rows. */
export function traceFileOf(spec: TraceSpec): string {
  return spec.trace === 'openb' ? spec.pods : spec.file;
}

/** Replays `lines`, the content of `file` (its name in messages), as the entry says. */
export function openTrace(spec: TraceSpec, file: string, lines: AsyncIterable<string>): TraceSource {
  return new TraceSource(formatOf(spec), {
    file,
    lines,
    ...(spec.onBadRow === undefined ? {} : { onBadRow: spec.onBadRow }),
    ...(spec.sort === undefined ? {} : { sort: spec.sort }),
    ...(spec.start === undefined ? {} : { startAtUs: parseDurationUs(spec.start) }),
    ...(spec.timeScale === undefined ? {} : { timeScale: spec.timeScale }),
  });
}

function formatOf(spec: TraceSpec): TraceFormat {
  const base = (spec.pod ?? {}) as PodBase;
  switch (spec.trace) {
    case 'openb':
      return openbPods({
        base,
        departures: spec.departures ?? false,
        ...(spec.interval === undefined ? {} : { intervalUs: parseDurationUs(spec.interval) }),
      });
    case 'surf':
      return surfTasks({ base });
    case 'philly':
      return phillyJobs({
        base,
        ...(spec.gpusPerNode === undefined ? {} : { gpusPerNode: spec.gpusPerNode }),
        ...(spec.gpuResource === undefined ? {} : { gpuResource: spec.gpuResource }),
        ...(spec.cpuPerGpu === undefined ? {} : { cpuMilliPerGpu: parseMilli(spec.cpuPerGpu) }),
        ...(spec.memoryPerGpu === undefined ? {} : { memoryBytesPerGpu: parseValue(spec.memoryPerGpu) }),
      });
    case 'csv':
      return genericCsv({
        base,
        columns: columnsOf(spec.columns),
        ...(spec.name === undefined ? {} : { name: spec.name }),
        ...(spec.delimiter === undefined ? {} : { delimiter: spec.delimiter }),
      });
  }
}

function columnsOf(columns: CsvSpec['columns']): CsvColumns {
  const { name, submit, duration, cpu, memory, gpu, count, namespace, priorityClass, labels } = columns;
  return {
    submit: measured(submit, 's'),
    ...(name === undefined ? {} : { name }),
    ...(duration === undefined ? {} : { duration: measured(duration, 's') }),
    ...(cpu === undefined ? {} : { cpu: measured(cpu, 'cores') }),
    ...(memory === undefined ? {} : { memory: measured(memory, 'bytes') }),
    ...(gpu === undefined ? {} : { gpu: gpuColumn(gpu) }),
    ...(count === undefined ? {} : { count }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(priorityClass === undefined ? {} : { priorityClass }),
    ...(labels === undefined ? {} : { labels }),
  };
}

type Unmeasured<U> = string | { readonly column: string; readonly unit?: U | undefined };

function measured<U>(input: Unmeasured<U>, unitDefault: NoInfer<U>): Measured<U> {
  if (typeof input === 'string') return { column: input, unit: unitDefault };
  return { column: input.column, unit: input.unit ?? unitDefault };
}

function gpuColumn(input: NonNullable<CsvSpec['columns']['gpu']>): NonNullable<CsvColumns['gpu']> {
  const { column, resource = 'nvidia.com/gpu' } = typeof input === 'string' ? { column: input } : input;
  return { column, resource };
}
