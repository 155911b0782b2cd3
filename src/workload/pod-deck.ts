// Draws pods: which template, how large, how long. Every attribute of a pod is drawn once, in arrival order, from a
// stream of its own, so that two variants of a scenario that differ in one of them see the others unchanged.

import { parseDurationUs } from '../base/duration.ts';
import { parseMilli, parseValue } from '../base/quantity.ts';
import { NumberedName } from '../kube/pod-name.ts';
import { sampler } from '../sim/distributions.ts';
import type { RandomStream, RandomStreams } from '../sim/random-streams.ts';
import { type DistributionInput, distributionOf } from './distribution.schema.ts';
import type { GeneratorSpec, TemplateSpec } from './generator.schema.ts';
import { type PodBase, ShapeTable } from './shape.ts';
import { cpuOnGrid, memoryOnGrid } from './size-grid.ts';
import type { Feedback, PodArrival, PodShape } from './source.ts';

/** Draws the pods of a generator, numbered in the order drawn. */
export class PodDeck {
  readonly #namePrefix: string;
  readonly #templates: readonly Template[];
  readonly #pick: () => number;
  #nDrawn = 0;

  constructor(spec: GeneratorSpec, streams: RandomStreams) {
    const prefix = `workload/${spec.generator}`;
    this.#namePrefix = `${spec.generator}-`;
    this.#templates = spec.templates.map((template) => new Template(template, prefix, streams));
    this.#pick = picker(spec, streams.open(`${prefix}/template`));
  }

  get nDrawn(): number {
    return this.#nDrawn;
  }

  draw(atUs: number, feedback?: Feedback): PodArrival {
    const template = this.#templates[this.#pick()]!;
    const shape = template.drawShape();
    const runUs = template.drawRunUs?.();
    const name = new NumberedName(this.#namePrefix, this.#nDrawn++);
    return { atUs, kind: 'pod', name, shape, runUs, group: template.name, feedback };
  }
}

/** Draws the position of a template: by rank with `zipf`, else by weight. */
function picker({ templates, zipf }: GeneratorSpec, stream: RandomStream): () => number {
  if (zipf === undefined) {
    const weights = templates.map((template) => template.weight ?? 1);
    return sampler({ kind: 'discrete', values: templates.map((_, i) => i), weights }, stream);
  }
  const drawRank = sampler({ kind: 'zipf', n: templates.length, exponent: zipf }, stream);
  return () => drawRank() - 1;
}

class Template {
  readonly name: string;
  readonly drawRunUs: (() => number) | undefined;
  readonly #drawCpuMilli: (() => number) | undefined;
  readonly #drawMemoryBytes: (() => number) | undefined;
  readonly #shapes: ShapeTable;
  /** What was drawn last: often it is the same again. */
  #cpuMilli: number | undefined;
  #memoryBytes: number | undefined;
  #shape: PodShape | undefined;

  constructor(spec: TemplateSpec, prefix: string, streams: RandomStreams) {
    this.name = spec.name;
    this.#shapes = new ShapeTable((spec.pod ?? {}) as PodBase);
    const open = (purpose: string) => streams.open(`${prefix}/${spec.name}/${purpose}`);
    const { duration, cpu, memory } = spec;
    if (duration !== undefined) {
      const draw = sampler(distributionOf(duration, parseDurationUs), open('duration'));
      this.drawRunUs = () => Math.max(0, Math.round(draw()));
    }
    if (cpu !== undefined) {
      const draw = sampler(distributionOf(cpu, parseMilli), open('cpu'));
      this.#drawCpuMilli = isListed(cpu) ? draw : () => cpuOnGrid(draw());
    }
    if (memory !== undefined) {
      const draw = sampler(distributionOf(memory, parseValue), open('memory'));
      this.#drawMemoryBytes = isListed(memory) ? draw : () => memoryOnGrid(draw());
    }
  }

  drawShape(): PodShape {
    const cpuMilli = this.#drawCpuMilli?.();
    const memoryBytes = this.#drawMemoryBytes?.();
    if (this.#shape && cpuMilli === this.#cpuMilli && memoryBytes === this.#memoryBytes) return this.#shape;
    this.#cpuMilli = cpuMilli;
    this.#memoryBytes = memoryBytes;
    this.#shape = this.#shapes.get(`${cpuMilli},${memoryBytes}`, () => ({
      requests: {
        ...(cpuMilli === undefined ? {} : { cpu: `${cpuMilli}m` }),
        ...(memoryBytes === undefined ? {} : { memory: String(memoryBytes) }),
      },
    }));
    return this.#shape;
  }
}

/** Sizes that the user lists are kept as they are. */
function isListed(input: DistributionInput): boolean {
  return typeof input !== 'object' || input.kind === 'constant' || input.kind === 'discrete';
}
