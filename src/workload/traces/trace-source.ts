// Streams a CSV trace as arrivals: a chunk of rows at a time, so that memory does not follow the file's length.
// The first pod arrives at `startAtUs`; the others keep their recorded distance from it, times `timeScale`.
// Rows must be in time order unless `sort` is set, which reads the whole file first (ties stay in file order).

import { RowError } from '../../base/csv-line.ts';
import { InputError, type Problem } from '../../base/errors.ts';
import type { PodName } from '../../kube/pod-name.ts';
import type { Arrival, PodShape, WorkloadSource } from '../source.ts';
import { Header, Row } from './csv.ts';

/** A pod as one row tells it; `submitUs` is on the trace's own clock. */
export interface TracePod {
  readonly submitUs: number;
  readonly name: PodName;
  readonly shape: PodShape;
  readonly runUs?: number;
  readonly group?: string;
}

/** Reads one row and emits its pods; throws RowError for a bad row before it emits any. */
export type RowReader = (row: Row, emit: (pod: TracePod) => void) => void;

/** A format of traces: looks its columns up once, then reads row by row. */
export interface TraceFormat {
  readonly name: string;
  readonly delimiter?: string;
  open(header: Header): RowReader;
}

export interface TraceOptions {
  /** Name of the file in messages. */
  readonly file: string;
  readonly lines: AsyncIterable<string>;
  readonly onBadRow?: 'fail' | 'skip';
  /** Reads the whole file and orders it by time. */
  readonly sort?: boolean;
  readonly startAtUs?: number;
  /** Multiplies the distances between arrivals: 0.5 doubles the rate. Run times are kept. */
  readonly timeScale?: number;
}

const ROWS_PER_CHUNK = 4096;
/** A file with more bad rows than this is the wrong file: the rest is not worth a message each. */
const N_PROBLEMS_MAX = 20;

export class TraceSource implements WorkloadSource {
  readonly name: string;
  skippedRows = 0;
  readonly #format: TraceFormat;
  readonly #options: TraceOptions;
  readonly #lines: AsyncIterator<string>;
  readonly #row = new Row();
  #header: Header | undefined;
  #readRow: RowReader | undefined;
  #buffer: Arrival[] = [];
  #head = 0;
  #ended = false;
  #originUs: number | undefined;
  #lastSubmitUs = 0;
  #pending: TracePod[] = [];
  #problems: Problem[] = [];
  readonly #emit = (pod: TracePod): void => {
    this.#pending.push(pod);
  };

  constructor(format: TraceFormat, options: TraceOptions) {
    this.name = format.name;
    this.#format = format;
    this.#options = options;
    this.#lines = options.lines[Symbol.asyncIterator]();
  }

  get done(): boolean {
    return this.#ended && this.#head >= this.#buffer.length;
  }

  peek(): Arrival | undefined {
    return this.#buffer[this.#head];
  }

  shift(): void {
    this.#head++;
  }

  /** Reads the next chunk. Throws InputError for bad rows (unless skipped), a bad header, an empty trace. */
  async refill(): Promise<void> {
    if (this.#ended || this.#head < this.#buffer.length) return;
    if (this.#readRow === undefined) await this.#readHeader();
    const nRowsMax = this.#options.sort ? Number.POSITIVE_INFINITY : ROWS_PER_CHUNK;
    for (let nRows = 0; nRows < nRowsMax && !this.#ended; nRows++) {
      const line = await this.#nextLine();
      if (line !== undefined && line !== '') this.#take(line);
      if (this.#problems.length >= N_PROBLEMS_MAX) break;
    }
    if (this.#problems.length > 0) throw new InputError(this.#problems);
    this.#release();
    if (this.#ended && this.#originUs === undefined) this.#fail('the trace has no usable row');
  }

  async #readHeader(): Promise<void> {
    const line = await this.#nextLine();
    if (line === undefined) return this.#fail('the trace is empty');
    try {
      this.#header = new Header(line, this.#format.delimiter);
      this.#readRow = this.#format.open(this.#header);
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  async #nextLine(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next();
    if (done) {
      this.#ended = true;
      return undefined;
    }
    this.#row.line++;
    return value.endsWith('\r') ? value.slice(0, -1) : value;
  }

  #take(line: string): void {
    const nBefore = this.#pending.length;
    try {
      this.#row.fields = this.#header!.split(line);
      this.#readRow!(this.#row, this.#emit);
      this.#checkOrder(nBefore);
    } catch (error) {
      this.#pending.length = nBefore;
      const message = messageOf(error);
      if (this.#options.onBadRow === 'skip') this.skippedRows++;
      else this.#problems.push({ file: this.#options.file, line: this.#row.line, message });
    }
  }

  #checkOrder(from: number): void {
    if (this.#options.sort) return;
    for (let i = from; i < this.#pending.length; i++) {
      const submitUs = this.#pending[i]!.submitUs;
      if (submitUs < this.#lastSubmitUs) {
        throw new RowError('the row is earlier than the one before it; set `sort: true` to order the trace');
      }
      this.#lastSubmitUs = submitUs;
    }
  }

  #release(): void {
    if (this.#options.sort) this.#pending.sort((a, b) => a.submitUs - b.submitUs);
    this.#originUs ??= this.#pending[0]?.submitUs;
    this.#buffer = this.#pending.map((pod) => this.#arrivalOf(pod));
    this.#head = 0;
    this.#pending = [];
  }

  #arrivalOf({ submitUs, ...pod }: TracePod): Arrival {
    const sinceFirstUs = (submitUs - (this.#originUs ?? 0)) * (this.#options.timeScale ?? 1);
    return { atUs: (this.#options.startAtUs ?? 0) + Math.round(sinceFirstUs), kind: 'pod', ...pod };
  }

  #fail(message: string): never {
    throw new InputError([{ file: this.#options.file, line: Math.max(1, this.#row.line), message }]);
  }
}

function messageOf(error: unknown): string {
  if (error instanceof RowError) return error.message;
  throw error;
}
