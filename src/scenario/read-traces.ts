/** The files of the traces that a scenario replays: found, and digested; the openb trace's nodes are read. */
import { Hash64 } from '../base/hash.ts';
import type { Node } from '../kube/types.ts';
import type { TraceSpec } from '../workload/trace.schema.ts';
import { traceFileOf } from '../workload/trace-of.ts';
import { readOpenbNodes } from '../workload/traces/openb-nodes.ts';
import type { LoadContext, Path } from './load-context.ts';
import type { SoundParts } from './sound-parts.ts';

export interface Traces {
  readonly files: ReadonlyMap<TraceSpec, string>;
  /** Nodes that come with a trace, and where the scenario names their list. */
  readonly nodes: readonly { readonly node: Node; readonly path: Path }[];
  /** Of the content of the files, in the order of the workload. */
  readonly digests: readonly string[];
}

export async function readTraces(workload: SoundParts['workload'], context: LoadContext): Promise<Traces> {
  const files = new Map<TraceSpec, string>();
  const nodes: { node: Node; path: Path }[] = [];
  const digests: string[] = [];
  for (const [i, entry] of workload.entries()) {
    if (!entry || !('trace' in entry)) continue;
    const field = entry.trace === 'openb' ? 'pods' : 'file';
    const file = await context.findOne(traceFileOf(entry), ['workload', i, field]);
    if (file !== undefined) {
      files.set(entry, file);
      digests.push((await context.attempt(() => digestOfLines(context.files.lines(file)))) ?? '');
    }
    if (entry.trace === 'openb' && entry.nodes !== undefined) {
      const path = ['workload', i, 'nodes'];
      const list = await context.findOne(entry.nodes, path);
      if (list === undefined) continue;
      const read = await context.attempt(() => readOpenbNodes(context.files.lines(list), list));
      for (const node of read ?? []) nodes.push({ node, path });
    }
  }
  return { files, nodes, digests };
}

async function digestOfLines(lines: AsyncIterable<string>): Promise<string> {
  const hash = new Hash64();
  for await (const line of lines) hash.addString(line);
  return hash.digest();
}
