/** The timeline of a scenario in the order of time, with the objects that its `apply` actions bring. */
import { parseDurationUs } from '../base/duration.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { type LocatedObject, type Position, readManifests } from '../kube/read-manifests.ts';
import type { KubeObject, Node } from '../kube/types.ts';
import { listPrice } from './list-prices.ts';
import type { LoadContext, Path } from './load-context.ts';
import type { Place } from './located-yaml.ts';
import { ObjectSet } from './object-set.ts';
import { type Action, actionOf, type TimelineEntry } from './timeline.schema.ts';

/** One thing to do at one time. */
export type TimedAction = Action & {
  readonly atUs: number;
  /** Where it stands, for messages about it. */
  readonly place: Place;
  /** What `apply` applies, in order; Nodes first. */
  readonly objects: readonly KubeObject[];
  /** What Nodes among them cost an hour where it is not they that say it, by name. */
  readonly listPrices?: Readonly<Record<string, number>>;
};

/** A timed action with what the checks need. */
export interface ReadAction {
  readonly action: TimedAction;
  /** In the scenario: `timeline[3].scale`. */
  readonly path: Path;
  readonly set: ObjectSet;
}

/** Sorted by time; at one time in the order of the list. */
export async function readTimeline(
  entries: readonly (TimelineEntry | undefined)[],
  catalog: Catalog,
  context: LoadContext,
): Promise<ReadAction[]> {
  const read: ReadAction[] = [];
  for (const [i, entry] of entries.entries()) {
    if (!entry) continue;
    const action = actionOf(entry);
    const path = ['timeline', i, action.name];
    const set = new ObjectSet();
    if (action.name === 'apply') await readApplied(action.args, path, context, set);
    context.problems.push(...set.problems);
    const nodes = set.nodes.map(({ object }) => object as Node);
    read.push({
      action: {
        ...action,
        atUs: parseDurationUs(entry.at),
        place: context.place(path),
        objects: [...nodes, ...set.objects()],
        ...pricesOf(nodes, catalog),
      },
      path,
      set,
    });
  }
  return read.sort((a, b) => a.action.atUs - b.action.atUs);
}

function pricesOf(nodes: readonly Node[], catalog: Catalog): Pick<TimedAction, 'listPrices'> {
  const prices = nodes.flatMap((node): [name: string, price: number][] => {
    const price = listPrice(node, catalog);
    return price === undefined ? [] : [[node.metadata.name!, price]];
  });
  return prices.length > 0 ? { listPrices: Object.fromEntries(prices) } : {};
}

type Applied = Extract<Action, { name: 'apply' }>['args'];

async function readApplied(args: Applied, path: Path, context: LoadContext, set: ObjectSet): Promise<void> {
  for (const [i, item] of args.entries()) {
    if (typeof item !== 'string') {
      readInline(item, [...path, i], context, set);
      continue;
    }
    for (const file of await context.find(item, [...path, i])) {
      const text = await context.attempt(() => context.files.read(file));
      if (text === undefined) continue;
      const { objects, problems } = readManifests(text, file);
      context.problems.push(...problems);
      for (const object of objects) set.add(object);
    }
  }
}

/** An object that stands in the scenario itself. */
function readInline(item: object, path: Path, context: LoadContext, set: ObjectSet): void {
  const { objects, problems } = readManifests(JSON.stringify(item), context.file);
  for (const { message } of problems) context.add(path, message);
  for (const { object } of objects) set.add(new InlineObject(object, path, context));
}

class InlineObject implements LocatedObject {
  readonly object: KubeObject;
  readonly file: string;
  readonly #path: Path;
  readonly #context: LoadContext;

  constructor(object: KubeObject, path: Path, context: LoadContext) {
    this.object = object;
    this.file = context.file;
    this.#path = path;
    this.#context = context;
  }

  get line(): number {
    return this.locate([]).line;
  }

  get column(): number {
    return this.locate([]).column;
  }

  locate(path: Path): Position {
    const { line, column } = this.#context.place([...this.#path, ...path]);
    return { line, column };
  }
}
