/** The nodes that a scenario can have by some time, for checks of what speaks of nodes. */
import { foundText } from '../base/values.ts';
import { matchesMap } from '../kube/selector.ts';
import type { Node, StringMap } from '../kube/types.ts';
import type { NodeGroup } from './node-group.ts';
import type { NodeChoice } from './node-target.schema.ts';
import { hint } from './wording.ts';

const ZONE = 'topology.kubernetes.io/zone';

export class KnownNodes {
  readonly #labels = new Map<string, StringMap>();
  readonly #groups: ReadonlyMap<string, NodeGroup>;
  /** How many nodes each group has had. */
  readonly #sizes = new Map<string, number>();

  constructor(groups: ReadonlyMap<string, NodeGroup>, nodes: readonly Node[]) {
    this.#groups = groups;
    for (const node of nodes) this.add(node);
    for (const { name, count } of groups.values()) this.#sizes.set(name, count);
  }

  get size(): number {
    return this.#labels.size;
  }

  add(node: Node): void {
    this.#labels.set(node.metadata.name ?? '', node.metadata.labels ?? {});
  }

  /** A group grows; what is wrong with that, if anything. */
  grow(groupName: string, count: number): string | undefined {
    const group = this.#groups.get(groupName);
    const size = this.#sizes.get(groupName) ?? 0;
    if (!group) return this.groupProblem(groupName);
    for (let i = size; i < size + count; i++) this.add(group.node(i));
    this.#sizes.set(groupName, size + count);
    return undefined;
  }

  groupProblem(name: string): string | undefined {
    if (this.#groups.has(name)) return undefined;
    const names = [...this.#groups.keys()];
    const known = names.length > 0 ? `expected one of ${names.join(', ')}` : 'but there is no node group';
    return `found ${foundText(name)}, ${known}${hint(name, names)}`;
  }

  zoneProblem(zone: string): string | undefined {
    const zones = new Set([...this.#labels.values()].flatMap((labels) => labels[ZONE] ?? []));
    if (zones.has(zone)) return undefined;
    const known = zones.size > 0 ? `expected one of ${[...zones].join(', ')}` : 'but no node has a zone';
    return `found ${foundText(zone)}, ${known}${hint(zone, zones)}`;
  }

  /** What is wrong with a choice of nodes: the field and the problem. */
  *problems(choice: NodeChoice): Iterable<readonly [field: readonly (string | number)[], message: string]> {
    const { nodes = [], group, zone, selector } = choice;
    for (const [i, name] of nodes.entries()) {
      if (!this.#labels.has(name)) {
        yield [
          ['nodes', i],
          `found ${foundText(name)}, but no node is called so${hint(name, this.#labels.keys())}`,
        ];
      }
    }
    const ofGroup = group === undefined ? undefined : this.groupProblem(group);
    if (ofGroup !== undefined) yield [['group'], ofGroup];
    const ofZone = zone === undefined ? undefined : this.zoneProblem(zone);
    if (ofZone !== undefined) yield [['zone'], ofZone];
    if (selector && ![...this.#labels.values()].some((labels) => matchesMap(selector, labels))) {
      const text = Object.entries(selector).map((pair) => pair.join('='));
      yield [['selector'], `no node has the labels ${text.join(',')}`];
    }
  }
}
