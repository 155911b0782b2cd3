/**
 * Reads and checks a whole scenario: the file, the manifests, snapshots and catalogues it names. Either everything is
 * sound and the result is frozen, or every mistake is reported at once.
 */
import { z } from 'zod';
import { InputError, type Problem } from '../base/errors.ts';
import { Hash64 } from '../base/hash.ts';
import { lookupKind } from '../kube/kinds.ts';
import { type LocatedObject, readManifests } from '../kube/read-manifests.ts';
import type { KubeObject, Node } from '../kube/types.ts';
import { validateObject } from '../kube/validate.ts';
import type { Files } from './files.ts';
import { readLocated } from './located-yaml.ts';
import { groupNodes } from './node-group.ts';
import { pathText, schemaProblems } from './problems.ts';
import { type ScenarioSpec, scenarioSchema } from './scenario.schema.ts';

/** A scenario ready to run. */
export interface Scenario {
  readonly name: string;
  readonly file: string;
  readonly spec: ScenarioSpec;
  readonly nodes: readonly Node[];
  /** Objects that are there from the start, in the order of the files. */
  readonly objects: readonly KubeObject[];
  /** Objects of kinds that are not modelled, by kind. */
  readonly ignored: ReadonlyMap<string, number>;
  /** Helm hooks and tests that were left out. */
  readonly nHooks: number;
  /** Identifies all content that the run depends on. */
  readonly digest: string;
}

/** @throws InputError with every problem found */
export async function loadScenario(file: string, files: Files): Promise<Scenario> {
  const loader = new Loader(file, files);
  return loader.load();
}

const jsonSchema = () => z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' });

class Loader {
  readonly #file: string;
  readonly #files: Files;
  readonly #problems: Problem[] = [];
  readonly #hash = new Hash64();

  constructor(file: string, files: Files) {
    this.#file = file;
    this.#files = files;
  }

  async load(): Promise<Scenario> {
    const spec = await this.#readSpec();
    const located = await this.#readObjects(spec);
    const { nodes, objects, ignored } = this.#sort(spec, located.objects);
    if (this.#problems.length > 0) throw new InputError(this.#problems);
    return Object.freeze({
      name: spec.name ?? baseName(this.#file),
      file: this.#file,
      spec,
      nodes,
      objects,
      ignored,
      nHooks: located.nHooks,
      digest: this.#hash.digest(),
    });
  }

  async #readSpec(): Promise<ScenarioSpec> {
    const text = await this.#files.read(this.#file);
    this.#hash.addString(text);
    const located = readLocated(text, this.#file);
    if (located.problems.length > 0) throw new InputError(located.problems);
    const parsed = scenarioSchema.safeParse(located.data);
    if (parsed.success) return parsed.data;
    throw new InputError(schemaProblems(parsed.error.issues, located, this.#file, jsonSchema() as never));
  }

  async #readObjects(spec: ScenarioSpec): Promise<{ objects: LocatedObject[]; nHooks: number }> {
    const patterns = [
      ...(spec.cluster.snapshot ?? []),
      ...spec.workload.flatMap((entry) => ('manifests' in entry ? entry.manifests : [])),
    ];
    const objects: LocatedObject[] = [];
    let nHooks = 0;
    for (const pattern of patterns) {
      const paths = await this.#files.expand(pattern, this.#file);
      if (paths.length === 0)
        this.#problems.push({ file: this.#file, message: `no file matches ${pattern}` });
      for (const path of paths) {
        const text = await this.#files.read(path);
        this.#hash.addString(text);
        const manifests = readManifests(text, path);
        this.#problems.push(...manifests.problems);
        objects.push(...manifests.objects);
        nHooks += manifests.nHooks;
      }
    }
    return { objects, nHooks };
  }

  #sort(spec: ScenarioSpec, located: readonly LocatedObject[]) {
    const nodes = (spec.cluster.nodeGroups ?? []).flatMap((group) => groupNodes(group));
    const objects: KubeObject[] = [];
    const ignored = new Map<string, number>();
    for (const one of located) {
      const { object } = one;
      const kind = lookupKind(object.apiVersion, object.kind);
      if (kind.status !== 'known' || !kind.kind.isModelled) {
        ignored.set(object.kind, (ignored.get(object.kind) ?? 0) + 1);
        continue;
      }
      this.#validate(one);
      if (object.kind === 'Node') nodes.push(object as Node);
      else objects.push(object);
    }
    return { nodes, objects, ignored };
  }

  #validate(one: LocatedObject): void {
    for (const { path, message } of validateObject(one.object)) {
      this.#problems.push({ file: one.file, ...one.locate(path), path: pathText(path), message });
    }
  }
}

function baseName(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.(ya?ml|json)$/, '');
}
