// The Philly GPU jobs (Microsoft, Jeon et al., USENIX ATC'19; compact form): submit_s, duration_s, num_gpus, vc.
// A job with more GPUs than a node has becomes several pods: whole nodes first, the rest in a last pod.
// The trace tells no CPU and no memory: what a GPU takes with it is the user's to say (default: nothing).
// Deviates: the pods of a job are placed one by one, not as a gang.

import { RowError } from '../../base/csv-line.ts';
import type { ResourceList } from '../../kube/types.ts';
import { type PodBase, ShapeTable } from '../shape.ts';
import type { PodShape } from '../source.ts';
import type { TraceFormat } from './trace-source.ts';

const VC_LABEL = 'wavetank.io/virtual-cluster';

export interface PhillyOptions {
  /** GPUs of the largest node; default 8, the larger of Philly's two kinds of server. */
  readonly gpusPerNode?: number;
  /** Extended resource that a GPU is requested as. */
  readonly gpuResource?: string;
  /** CPU (milli) and memory (bytes) requested with each GPU. */
  readonly cpuMilliPerGpu?: number;
  readonly memoryBytesPerGpu?: number;
  readonly base?: PodBase;
}

/** Jobs become pods `philly-<job>-<part>` in the group `philly-<job>`; jobs are numbered by their line. */
export function phillyJobs(options: PhillyOptions = {}): TraceFormat {
  const gpusPerNode = options.gpusPerNode ?? 8;
  return {
    name: 'philly',
    open(header) {
      const shapes = new ShapeTable(options.base);
      const submit = header.column('submit_s');
      const duration = header.column('duration_s');
      const gpus = header.column('num_gpus');
      const vc = header.column('vc');
      const shapeOf = (nGpus: number, cluster: string): PodShape =>
        shapes.get(`${nGpus},${cluster}`, () => ({
          requests: requestsOf(nGpus, options),
          labels: { [VC_LABEL]: cluster },
        }));
      return (row, emit) => {
        const nGpus = row.integer(gpus);
        if (nGpus === 0) throw new RowError(`${gpus.name}: found 0, expected at least 1`);
        const cluster = row.text(vc);
        const group = `philly-${row.line - 1}`;
        const submitUs = Math.round(row.number(submit) * 1e6);
        const runUs = Math.round(row.number(duration) * 1e6);
        for (let left = nGpus, part = 0; left > 0; left -= gpusPerNode, part++) {
          const shape = shapeOf(Math.min(left, gpusPerNode), cluster);
          emit({ name: `${group}-${part}`, submitUs, runUs, shape, group });
        }
      };
    },
  };
}

function requestsOf(nGpus: number, options: PhillyOptions): ResourceList {
  const { cpuMilliPerGpu, memoryBytesPerGpu } = options;
  return {
    ...(cpuMilliPerGpu === undefined ? {} : { cpu: `${nGpus * cpuMilliPerGpu}m` }),
    ...(memoryBytesPerGpu === undefined ? {} : { memory: String(nGpus * memoryBytesPerGpu) }),
    [options.gpuResource ?? 'nvidia.com/gpu']: String(nGpus),
  };
}
