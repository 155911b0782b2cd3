/** Bytes in use for each node of a cluster without pods, with everything that knows of it. */
import { loadScenario, memoryFiles } from '../../src/index.ts';
import { Recorder } from '../../src/metrics/recorder.ts';
import { Run } from '../../src/simulator/run.ts';

export interface NodeMemory {
  readonly nNodes: number;
  readonly controlPlane: 'instant' | 'calibrated';
}

export async function bytesPerNode({ nNodes, controlPlane }: NodeMemory): Promise<number> {
  const group = {
    name: 'node',
    count: nNodes,
    allocatable: { cpu: '32', memory: '128Gi' },
    zones: ['a', 'b', 'c'],
  };
  const text = JSON.stringify({ until: '1m', cluster: { nodeGroups: [group] }, model: { controlPlane } });
  const files = memoryFiles({ 'nodes.json': text });
  const beforeBytes = usedBytes();
  const recorder = new Recorder();
  const observer = {
    objectChanged: recorder.objectChanged.bind(recorder),
    podChanged: recorder.podChanged.bind(recorder),
  };
  const run = await Run.open(await loadScenario('nodes.json', files), files, { observer });
  while ((await run.advance()) === 'more');
  const afterBytes = usedBytes();
  if (run.nowUs < 0) throw new Error('the run must be there until its memory is measured');
  return (afterBytes - beforeBytes) / nNodes;
}

function usedBytes(): number {
  if (!globalThis.gc) throw new Error('memory is measured with --expose-gc');
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
