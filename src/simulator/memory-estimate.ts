/**
 * How much memory a scenario will take, about: what a node, a pod and a column of the index take each was measured, and
 * so was how far the process is above what is alive in it (docs/model.md has the table). For telling before the start
 * what cannot end well; a run of much garbage and few pods is above it.
 */

import type { ScenarioSpec } from '../scenario/scenario.schema.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { GeneratorSpec } from '../workload/generator.schema.ts';
import { podsOfGenerator, podsOfObject } from './expected-pods.ts';

/** Node.js with the program. */
const PROGRAM_BYTES = 110 * 2 ** 20;
/** Memory that the process has for each byte in use: garbage not yet collected, spare room of columns. */
const RESIDENT_PER_BYTE = 1.4;
/** The rest is in columns, outside the heap of JavaScript. */
const HEAP_RATIO = 0.8;
const PROGRAM_HEAP_BYTES = 50 * 2 ** 20;
/** With what scheduler, metrics, kubelet and controllers keep of them; calibrated pods have containers in detail. */
const NODE_BYTES = { instant: 4300, calibrated: 4800 } as const;
const POD_BYTES = { instant: 950, calibrated: 3250 } as const;
/** Place and score of a node in the index of pods that ask for the same. */
const CELL_BYTES = 1.5;
const OBJECT_BYTES = 5000;
/** Different sizes that a distribution puts on the grid, about. */
const N_DRAWN_SIZES = 12;

export interface MemoryPart {
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
}

export interface MemoryEstimate {
  readonly parts: readonly MemoryPart[];
  /** Of the whole process at its largest, and of its heap of JavaScript. */
  readonly bytes: number;
  readonly heapBytes: number;
}

/** What is known of a scenario's size: all of it once it is loaded, without manifests before. */
export interface ScenarioSize {
  readonly spec: ScenarioSpec;
  readonly nNodes: number;
  readonly objects: Scenario['objects'];
}

/** What the file alone says. */
export function sizeOfSpec(spec: ScenarioSpec): ScenarioSize {
  const groups = spec.cluster.nodeGroups ?? [];
  return { spec, nNodes: groups.reduce((sum, { count }) => sum + count, 0), objects: [] };
}

export function sizeOfScenario({ spec, nodes, objects, snapshot }: Scenario): ScenarioSize {
  return { spec, nNodes: nodes.length, objects: [...objects, ...snapshot] };
}

export function estimateMemory({ spec, nNodes, objects }: ScenarioSize): MemoryEstimate {
  const mode = spec.model?.controlPlane === 'instant' ? 'instant' : 'calibrated';
  const generators = spec.workload.filter((entry): entry is GeneratorSpec => 'generator' in entry);
  const podCounts = [
    ...generators.map((generator) => podsOfGenerator(generator, spec)),
    ...objects.map((object) => podsOfObject(object, nNodes)),
  ];
  const nPods = podCounts.reduce((sum, n) => sum + n, 0);
  const nClasses = generators.reduce((sum, generator) => sum + classesOf(generator), 0);
  const nTemplates = objects.filter((object) => podsOfObject(object, nNodes) > 0).length;
  const nCells = nNodes * (nClasses + nTemplates);
  const part = (name: string, count: number, bytesEach: number): MemoryPart => ({
    name,
    count,
    bytes: count * bytesEach * RESIDENT_PER_BYTE,
  });
  const parts = [
    part('nodes', nNodes, NODE_BYTES[mode]),
    part('pods at a time', nPods, POD_BYTES[mode]),
    part('nodes × pod classes in the index', nCells, CELL_BYTES),
    part('objects', objects.length, OBJECT_BYTES),
  ];
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  return {
    parts,
    bytes: PROGRAM_BYTES + bytes,
    heapBytes: PROGRAM_HEAP_BYTES + HEAP_RATIO * bytes,
  };
}

/** Kinds of pods that differ in what they ask for. */
function classesOf({ templates }: GeneratorSpec): number {
  const sizes = (size: unknown) => (typeof size === 'object' ? N_DRAWN_SIZES : 1);
  return templates.reduce((sum, { cpu, memory }) => sum + sizes(cpu) * sizes(memory), 0);
}
