// The openb GPU trace (Alibaba GPU cluster 2023; hkust-adsl/kubernetes-scheduler-simulator, data/csv):
// a node list and lists of pods that share GPUs. How a GPU is told to the scheduler:
// - a node has `wavetank.io/gpu-milli` (1000 a device) and `wavetank.io/gpu-devices` allocatable and its model
//   as a label;
// - a pod requests `wavetank.io/gpu-milli` in total, so that NodeResourcesFit's sum is right, and is annotated
//   with `wavetank.io/gpu-count`: 1 means a share of one device, more means that many whole devices.
//   The count is no resource because it does not add up: five shares may lie on one device.
// Pods never leave unless `departures` is set, as in the published experiments: with the recorded lifetimes at
// most 56 pods are alive at once.

import { RowError } from '../../base/csv-line.ts';
import { GPU_COUNT, GPU_MILLI, GPU_MODEL, MILLI_PER_GPU } from '../../kube/gpu-names.ts';
import { type PodBase, ShapeTable } from '../shape.ts';
import type { PodShape } from '../source.ts';
import type { Column, Header, Row } from './csv.ts';
import type { RowReader, TraceFormat } from './trace-source.ts';

const QOS_LABEL = 'wavetank.io/qos';

export interface OpenbOptions {
  /** Pods leave after their recorded running time (deletion − scheduled time, or − creation time if it never ran). */
  readonly departures?: boolean;
  /** Arrivals at this distance in the order of the file, instead of at their recorded times. */
  readonly intervalUs?: number;
  readonly base?: PodBase;
}

/** Pod lists: name, cpu_milli, memory_mib, num_gpu, gpu_milli and, where present, gpu_spec, qos and the times. */
export function openbPods(options: OpenbOptions = {}): TraceFormat {
  return { name: 'openb', open: (header) => new OpenbReader(header, options).read };
}

class OpenbReader {
  readonly #options: OpenbOptions;
  readonly #shapes: ShapeTable;
  readonly #name: Column;
  readonly #cpuMilli: Column;
  readonly #memoryMib: Column;
  readonly #nGpus: Column;
  readonly #gpuMilli: Column;
  readonly #gpuSpec: Column | undefined;
  readonly #qos: Column | undefined;
  readonly #created: Column | undefined;
  readonly #deleted: Column | undefined;
  readonly #scheduled: Column | undefined;
  #nRows = 0;

  constructor(header: Header, options: OpenbOptions) {
    this.#options = options;
    this.#shapes = new ShapeTable(options.base);
    this.#name = header.column('name');
    this.#cpuMilli = header.column('cpu_milli');
    this.#memoryMib = header.column('memory_mib');
    this.#nGpus = header.column('num_gpu');
    this.#gpuMilli = header.column('gpu_milli');
    this.#gpuSpec = header.optional('gpu_spec');
    this.#qos = header.optional('qos');
    this.#created = options.intervalUs === undefined ? createdColumn(header) : undefined;
    this.#deleted = options.departures ? header.column('deletion_time') : undefined;
    this.#scheduled = options.departures ? header.column('scheduled_time') : undefined;
  }

  readonly read: RowReader = (row, emit) => {
    const name = row.text(this.#name);
    const shape = this.#shapeOf(row);
    const submitUs = this.#submitUs(row);
    const runUs = this.#runUs(row);
    const group = row.optionalText(this.#qos);
    emit({
      submitUs,
      name,
      shape,
      ...(runUs === undefined ? {} : { runUs }),
      ...(group === undefined ? {} : { group }),
    });
  };

  #submitUs(row: Row): number {
    if (this.#created) return row.number(this.#created) * 1e6;
    return this.#nRows++ * (this.#options.intervalUs ?? 0);
  }

  #runUs(row: Row): number | undefined {
    if (!this.#deleted || !this.#scheduled) return undefined;
    const neverRan = row.optionalText(this.#scheduled) === undefined;
    const startedAt = row.number(neverRan && this.#created ? this.#created : this.#scheduled);
    const lifeSeconds = row.number(this.#deleted) - startedAt;
    if (lifeSeconds < 0) throw new RowError(`${this.#deleted.name}: is before the pod's start`);
    return Math.round(lifeSeconds * 1e6);
  }

  #shapeOf(row: Row): PodShape {
    const cpuMilli = row.integer(this.#cpuMilli);
    const memoryMib = row.integer(this.#memoryMib);
    const nGpus = row.integer(this.#nGpus);
    const gpuMilli = row.integer(this.#gpuMilli);
    checkGpus(nGpus, gpuMilli);
    const models = row.optionalText(this.#gpuSpec);
    const qos = row.optionalText(this.#qos);
    const key = `${cpuMilli},${memoryMib},${nGpus},${gpuMilli},${models},${qos}`;
    return this.#shapes.get(key, () => ({
      requests: {
        cpu: `${cpuMilli}m`,
        memory: `${memoryMib}Mi`,
        ...(nGpus > 0 ? { [GPU_MILLI]: String(nGpus * gpuMilli) } : {}),
      },
      ...(nGpus > 0 ? { annotations: { [GPU_COUNT]: String(nGpus) } } : {}),
      ...(qos === undefined ? {} : { labels: { [QOS_LABEL]: qos } }),
      ...(models === undefined
        ? {}
        : { nodeRequirement: { key: GPU_MODEL, operator: 'In', values: models.split('|') } }),
    }));
  }
}

function createdColumn(header: Header): Column {
  const column = header.optional('creation_time');
  if (column) return column;
  throw new RowError('no column "creation_time" in the header: set `interval` for a list without times');
}

/** A share is of one device; several devices are whole. */
function checkGpus(nGpus: number, gpuMilli: number): void {
  const isPossible =
    nGpus === 0
      ? gpuMilli === 0
      : nGpus === 1
        ? gpuMilli >= 1 && gpuMilli <= MILLI_PER_GPU
        : gpuMilli === MILLI_PER_GPU;
  if (!isPossible)
    throw new RowError(`num_gpu ${nGpus} with gpu_milli ${gpuMilli}: not 0, a share, or whole GPUs`);
}
