// The node lists of the openb trace: sn, cpu_milli, memory_mib, gpu, model. They are small and read whole.

import { RowError } from '../../base/csv-line.ts';
import { InputError, type Problem } from '../../base/errors.ts';
import { GPU_DEVICES, GPU_MILLI, GPU_MODEL, MILLI_PER_GPU } from '../../kube/gpu-names.ts';
import type { Node } from '../../kube/types.ts';
import { Header, Row } from './csv.ts';

/** The simulator that the trace was published with gives every node this many pods. */
const PODS_PER_NODE = 1001;

/** Reads a node list as Node objects. Throws InputError with every bad line. */
export async function readOpenbNodes(lines: AsyncIterable<string>, file: string): Promise<Node[]> {
  const nodes: Node[] = [];
  const problems: Problem[] = [];
  const row = new Row();
  let header: Header | undefined;
  let read: ((row: Row) => Node) | undefined;
  for await (const text of lines) {
    row.line++;
    const line = text.trimEnd();
    if (line === '') continue;
    try {
      if (header && read) {
        row.fields = header.split(line);
        nodes.push(read(row));
      } else {
        header = new Header(line);
        read = nodeReader(header);
      }
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      problems.push({ file, line: row.line, message: error.message });
      if (!read) break;
    }
  }
  if (problems.length === 0 && nodes.length === 0)
    problems.push({ file, line: 1, message: 'no node in the list' });
  if (problems.length > 0) throw new InputError(problems);
  return nodes;
}

function nodeReader(header: Header): (row: Row) => Node {
  const sn = header.column('sn');
  const cpuMilli = header.column('cpu_milli');
  const memoryMib = header.column('memory_mib');
  const gpu = header.column('gpu');
  const model = header.column('model');
  return (row) => {
    const name = row.text(sn);
    const nGpus = row.integer(gpu);
    const allocatable = {
      cpu: `${row.integer(cpuMilli)}m`,
      memory: `${row.integer(memoryMib)}Mi`,
      pods: String(PODS_PER_NODE),
      ...(nGpus > 0 ? { [GPU_MILLI]: String(nGpus * MILLI_PER_GPU), [GPU_DEVICES]: String(nGpus) } : {}),
    };
    const labels = {
      'kubernetes.io/hostname': name,
      ...(nGpus > 0 ? { [GPU_MODEL]: row.text(model) } : {}),
    };
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels },
      status: { capacity: allocatable, allocatable },
    };
  };
}
