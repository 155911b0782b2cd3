// Any CSV file of jobs, its columns named by the user: which column is the time, the size, the run time, …
// A row is a job of one or more equal pods that arrive together.

import { RowError } from '../../base/csv-line.ts';
import { NumberedName, type PodName } from '../../kube/pod-name.ts';
import { type PodBase, type ShapeParts, ShapeTable } from '../shape.ts';
import type { PodShape } from '../source.ts';
import type { Column, Header, Row } from './csv.ts';
import type { RowReader, TraceFormat } from './trace-source.ts';
import {
  type CpuUnit,
  type MemoryUnit,
  readCpuMilli,
  readMemoryBytes,
  readTimeUs,
  type TimeUnit,
} from './units.ts';

/** A column of the file and the unit of its figures. */
export interface Measured<U> {
  readonly column: string;
  readonly unit: U;
}

/** What each column means; only `submit` is needed. */
export interface CsvColumns {
  /** Names of jobs, unique in the file; without it jobs are `<trace>-<line>`. */
  readonly name?: string;
  readonly submit: Measured<TimeUnit>;
  /** Without it (or where empty) pods never finish. */
  readonly duration?: Measured<TimeUnit>;
  readonly cpu?: Measured<CpuUnit>;
  readonly memory?: Measured<MemoryUnit>;
  /** Whole devices, requested as `resource`. */
  readonly gpu?: { readonly column: string; readonly resource: string };
  /** Pods of the job; default 1. */
  readonly count?: string;
  readonly namespace?: string;
  readonly priorityClass?: string;
  /** Label key -> column. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface GenericCsvOptions {
  readonly name?: string;
  readonly delimiter?: string;
  readonly columns: CsvColumns;
  readonly base?: PodBase;
}

export function genericCsv(options: GenericCsvOptions): TraceFormat {
  return {
    name: options.name ?? 'csv',
    ...(options.delimiter === undefined ? {} : { delimiter: options.delimiter }),
    open: (header) => new GenericReader(header, options).read,
  };
}

/** Per job; a typing slip in the count must not fill the memory. */
const N_PODS_MAX = 1_000_000;
/** Room is left for the pod's number within 253 characters. */
const N_NAME_CHARACTERS_MAX = 240;

class GenericReader {
  readonly #columns: CsvColumns;
  readonly #find: (name: string) => Column;
  readonly #namePrefix: string;
  readonly #shapes: ShapeTable;
  readonly #labels: readonly (readonly [string, Column])[];

  constructor(header: Header, options: GenericCsvOptions) {
    this.#columns = options.columns;
    this.#namePrefix = `${options.name ?? 'csv'}-`;
    this.#shapes = new ShapeTable(options.base);
    const found = new Map(namesOf(options.columns).map((name) => [name, header.column(name)]));
    this.#find = (name) => found.get(name)!;
    this.#labels = Object.entries(options.columns.labels ?? {}).map(([key, name]) => [key, this.#find(name)]);
  }

  readonly read: RowReader = (row, emit) => {
    const { submit, count } = this.#columns;
    const job: PodName =
      this.#columns.name === undefined
        ? new NumberedName(this.#namePrefix, row.line - 1)
        : podNameOf(row.text(this.#find(this.#columns.name)));
    const group = job.toString();
    const submitUs = readTimeUs(row, this.#find(submit.column), submit.unit);
    const runUs = this.#runUs(row);
    const shape = this.#shapeOf(row);
    const nPods = count === undefined ? 1 : row.integer(this.#find(count));
    if (nPods < 1 || nPods > N_PODS_MAX) {
      throw new RowError(`${count}: found ${nPods}, expected 1 to ${N_PODS_MAX}`);
    }
    for (let i = 0; i < nPods; i++) {
      const name = nPods === 1 ? job : `${group}-${i}`;
      emit({ name, submitUs, shape, group, ...(runUs === undefined ? {} : { runUs }) });
    }
  };

  #runUs(row: Row): number | undefined {
    const { duration } = this.#columns;
    if (duration === undefined) return undefined;
    const column = this.#find(duration.column);
    return row.optionalText(column) === undefined ? undefined : readTimeUs(row, column, duration.unit);
  }

  #shapeOf(row: Row): PodShape {
    const { cpu, memory, gpu, namespace, priorityClass } = this.#columns;
    const nGpus = gpu ? row.integer(this.#find(gpu.column)) : 0;
    const requests: Record<string, string> = {};
    if (cpu) requests.cpu = `${readCpuMilli(row, this.#find(cpu.column), cpu.unit)}m`;
    if (memory) requests.memory = String(readMemoryBytes(row, this.#find(memory.column), memory.unit));
    if (gpu && nGpus > 0) requests[gpu.resource] = String(nGpus);
    const labels: Record<string, string> = {};
    for (const [key, column] of this.#labels) {
      const value = row.optionalText(column);
      if (value !== undefined) labels[key] = value;
    }
    const namespaceName = namespace && row.optionalText(this.#find(namespace));
    const priorityClassName = priorityClass && row.optionalText(this.#find(priorityClass));
    const parts: ShapeParts = {
      requests,
      labels,
      ...(namespaceName === undefined ? {} : { namespace: namespaceName }),
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
    };
    return this.#shapes.get(JSON.stringify(parts), () => checked(parts));
  }
}

/** Every column name that the mapping speaks of. */
function namesOf(columns: CsvColumns): string[] {
  const { name, submit, duration, cpu, memory, gpu, count, namespace, priorityClass, labels } = columns;
  const measured = [submit, duration, cpu, memory, gpu].map((entry) => entry?.column);
  const plain = [name, count, namespace, priorityClass, ...Object.values(labels ?? {})];
  return [...measured, ...plain].filter((column) => column !== undefined);
}

/** A job's own name as a pod's name (RFC 1123 label characters): lower case, other characters become dashes. */
export function podNameOf(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, N_NAME_CHARACTERS_MAX)
    .replace(/^-|-$/g, '');
  if (name !== '') return name;
  throw new RowError(`found ${JSON.stringify(text)}, which has no letter or digit for a pod's name`);
}

const LABEL_VALUE = /^(?=.{0,63}$)(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const NAMESPACE = /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** What the API server would refuse; asked once for each new shape. */
function checked(parts: ShapeParts): ShapeParts {
  for (const [key, value] of Object.entries(parts.labels ?? {})) {
    if (!LABEL_VALUE.test(value))
      throw new RowError(`${JSON.stringify(value)} is not a value for label ${key}`);
  }
  if (parts.namespace === undefined || NAMESPACE.test(parts.namespace)) return parts;
  throw new RowError(`${JSON.stringify(parts.namespace)} is not a name for a namespace`);
}
