// The user's own instance types from CSV text. The least is `name,vcpu,memory_gib`; the other columns are optional:
//   memory_mib (instead of memory_gib), arch (amd64, arm64), gpu_count, gpu_name, max_pods (or alloc_pods; 110),
//   usd_hour, price_per_hour or usd_hour_REGION (the first such column counts; empty: price unknown),
//   alloc_cpu_milli and alloc_memory_mib (what a node offers; without them all of it), provider (aws, azure, gcp:
//   reservations by its formula). Further columns are ignored.
import { RowError, splitCsvLine } from '../base/csv-line.ts';
import type { Problem } from '../base/errors.ts';
import { editDistance } from '../base/nearest.ts';
import { gib, type InstanceType, type Price, type Provider } from './instance-type.ts';

const ALIASES: Readonly<Record<string, string>> = {
  gpus: 'gpu_count',
  alloc_pods: 'max_pods',
  price_per_hour: 'usd_hour',
};
const COLUMNS = [
  'name',
  'provider',
  'arch',
  'vcpu',
  'memory_gib',
  'memory_mib',
  'gpu_count',
  'gpu_name',
  'max_pods',
  'alloc_cpu_milli',
  'alloc_memory_mib',
  'usd_hour',
] as const;
type ColumnName = (typeof COLUMNS)[number];

const MIB = 2 ** 20;
const N_PODS_DEFAULT = 110;
const PROVIDERS: readonly string[] = ['aws', 'azure', 'gcp', 'custom'];
const ARCHES: Readonly<Record<string, 'amd64' | 'arm64'>> = {
  amd64: 'amd64',
  x64: 'amd64',
  x86_64: 'amd64',
  arm64: 'arm64',
};

interface Header {
  readonly indexOf: ReadonlyMap<ColumnName, number>;
  readonly region: string | undefined;
}

export interface CatalogFile {
  readonly types: readonly InstanceType[];
  readonly problems: readonly Problem[];
}

function readHeader(names: readonly string[], say: (message: string, column?: number) => void): Header {
  const indexOf = new Map<ColumnName, number>();
  let region: string | undefined;
  for (const [i, original] of names.entries()) {
    let name = original.trim().toLowerCase();
    if (name.startsWith('usd_hour_') && !indexOf.has('usd_hour')) {
      region = name.slice('usd_hour_'.length).replaceAll('_', '-');
      name = 'usd_hour';
    }
    const column = COLUMNS.find((known) => known === (ALIASES[name] ?? name));
    if (column !== undefined && !indexOf.has(column)) indexOf.set(column, i);
    const meant = column === undefined && COLUMNS.find((known) => editDistance(known, name) === 1);
    if (meant) say(`unknown column "${original}"; did you mean "${meant}"?`);
  }
  for (const needed of ['name', 'vcpu'] as const)
    if (!indexOf.has(needed)) say(`there is no column "${needed}"`);
  if (!indexOf.has('memory_gib') && !indexOf.has('memory_mib')) say('there is no column "memory_gib"');
  return { indexOf, region };
}

/** One line's cells by column; numbers are checked as they are asked for. */
class Line {
  #cells: readonly string[];
  #header: Header;
  #say: (message: string) => void;

  constructor(cells: readonly string[], header: Header, say: (message: string) => void) {
    this.#cells = cells;
    this.#header = header;
    this.#say = say;
  }

  text(column: ColumnName): string {
    const index = this.#header.indexOf.get(column);
    return index === undefined ? '' : (this.#cells[index] ?? '').trim();
  }

  /** Undefined when empty; a problem when no number or below `min`. */
  number(column: ColumnName, min: number, isWhole = false): number | undefined {
    const text = this.text(column);
    if (text === '') return undefined;
    const value = Number(text);
    if (Number.isFinite(value) && value >= min && (!isWhole || Number.isInteger(value))) return value;
    this.#say(
      `${column} is "${text}", not a ${isWhole ? 'whole ' : ''}number${min > 0 ? ' above 0' : ' >= 0'}`,
    );
    return undefined;
  }

  /** Like {@link number}, but must be there. */
  needed(column: ColumnName): number | undefined {
    if (this.text(column) === '') this.#say(`${column} is empty`);
    return this.number(column, Number.MIN_VALUE);
  }
}

function memoryOf(line: Line, header: Header): number | undefined {
  if (header.indexOf.has('memory_mib')) {
    const mib = line.needed('memory_mib');
    return mib === undefined ? undefined : mib * MIB;
  }
  const amount = line.needed('memory_gib');
  return amount === undefined ? undefined : Math.round(gib(amount));
}

function priceOf(line: Line, region: string | undefined): Price | null {
  const usdPerHour = line.number('usd_hour', 0);
  return usdPerHour === undefined ? null : { usdPerHour, region, date: undefined };
}

function typeOf(line: Line, header: Header, say: (message: string) => void): InstanceType | undefined {
  const name = line.text('name');
  if (name === '') say('the name is empty');
  const provider = line.text('provider').toLowerCase() || 'custom';
  if (!PROVIDERS.includes(provider)) say(`provider is "${provider}"; known are ${PROVIDERS.join(', ')}`);
  const archText = line.text('arch').toLowerCase() || 'amd64';
  const arch = ARCHES[archText];
  if (arch === undefined) say(`arch is "${archText}"; known are amd64, arm64`);
  const nCpu = line.needed('vcpu');
  const memoryBytes = memoryOf(line, header);
  const cpuMilli = line.number('alloc_cpu_milli', 0, true);
  const allocMib = line.number('alloc_memory_mib', 0);
  if ((cpuMilli === undefined) !== (allocMib === undefined))
    say('alloc_cpu_milli and alloc_memory_mib must be given together');
  const gpuModel = line.text('gpu_name');
  const counts = {
    nGpus: line.number('gpu_count', 0, true) ?? 0,
    nPodsMax: line.number('max_pods', 0, true) ?? N_PODS_DEFAULT,
  };
  const price = priceOf(line, header.region);
  if (nCpu === undefined || memoryBytes === undefined || arch === undefined) return undefined;
  return {
    name,
    provider: provider as Provider,
    arch,
    nCpu,
    memoryBytes,
    ...counts,
    ...(gpuModel === '' ? {} : { gpuModel }),
    price,
    ...(cpuMilli === undefined || allocMib === undefined
      ? {}
      : { allocatable: { cpuMilli, memoryBytes: allocMib * MIB } }),
  };
}

/** Undefined where the line is no CSV, which is said. */
function cellsOf(line: string, say: (message: string) => void): readonly string[] | undefined {
  try {
    return splitCsvLine(line);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    say(error.message);
    return undefined;
  }
}

/** Reads a catalogue; every mistake is a problem with its line, and lines with mistakes are left out. */
export function readCatalog(text: string, file: string): CatalogFile {
  const problems: Problem[] = [];
  const types = new Map<string, InstanceType>();
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const sayAt = (line: number) => (message: string) => void problems.push({ file, line, message });
  if (lines[0]!.trim() === '') sayAt(1)('there is no header line');
  const names = cellsOf(lines[0]!, sayAt(1));
  const header = names && readHeader(names, sayAt(1));
  if (!header || problems.length > 0) return { types: [], problems };
  for (const [i, lineText] of lines.entries()) {
    if (i === 0 || lineText.trim() === '') continue;
    const nBefore = problems.length;
    const say = sayAt(i + 1);
    const cells = cellsOf(lineText, say);
    const type = cells && typeOf(new Line(cells, header, say), header, say);
    if (type !== undefined && types.has(type.name)) say(`"${type.name}" is given twice`);
    if (type !== undefined && problems.length === nBefore) types.set(type.name, type);
  }
  if (types.size === 0 && problems.length === 0) sayAt(1)('there is no instance type below the header');
  return { types: [...types.values()], problems };
}
