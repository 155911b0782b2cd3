// The SURF batch trace (SURF's cluster, as shipped with OpenDC, converted to CSV): id, submit_s, duration_s,
// cpu_count, mem_capacity_mb. Every task asks for 16 cores, a whole host of the 16-core hosts it ran on.

import { type PodBase, ShapeTable } from '../shape.ts';
import type { TraceFormat } from './trace-source.ts';

export interface SurfOptions {
  readonly base?: PodBase;
}

/** Tasks become pods named `surf-<id>` that request their cores and their memory (megabytes of 10^6 bytes). */
export function surfTasks(options: SurfOptions = {}): TraceFormat {
  return {
    name: 'surf',
    open(header) {
      const shapes = new ShapeTable(options.base);
      const id = header.column('id');
      const submit = header.column('submit_s');
      const duration = header.column('duration_s');
      const cores = header.column('cpu_count');
      const memory = header.column('mem_capacity_mb');
      return (row, emit) => {
        const cpu = String(row.number(cores));
        const memoryMb = Math.ceil(row.number(memory));
        emit({
          name: `surf-${row.text(id)}`,
          submitUs: Math.round(row.number(submit) * 1e6),
          runUs: Math.round(row.number(duration) * 1e6),
          shape: shapes.get(`${cpu},${memoryMb}`, () => ({ requests: { cpu, memory: `${memoryMb}M` } })),
        });
      };
    },
  };
}
