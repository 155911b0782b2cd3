/**
 * What the pods of each node request, in sum, against what the node has.
 * Left out: nodes whose room has shrunk, and nodes with pods that came with a node name (the scheduler may not have heard
 * of them when it binds another).
 */
import { parseMilli, parseValue } from '../../base/quantity.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import { podRequests } from '../../kube/resources.ts';
import type { Node } from '../../kube/types.ts';

type Amounts = Map<string, number>;

interface Load {
  readonly used: Amounts;
  isExempt: boolean;
}

export class NodeLoads {
  readonly #rooms = new Map<string, Amounts>();
  readonly #loads = new Map<string, Load>();
  readonly #requests = new Map<PodShape, Amounts>();

  nodeChanged(old: Node | undefined, next: Node | undefined): void {
    const name = (next ?? old)!.metadata.name!;
    const room = next && roomOf(next);
    const before = this.#rooms.get(name);
    if (room) this.#rooms.set(name, room);
    else this.#rooms.delete(name);
    const hasShrunk =
      before && (!room || [...before].some(([what, amount]) => (room.get(what) ?? 0) < amount));
    if (hasShrunk) this.#loadOf(name).isExempt = true;
  }

  /** In words, if the pod's node now holds more than it has. */
  podChanged(old: PodObject | undefined, next: PodObject | undefined): string | undefined {
    if (old && holds(old)) this.#add(old, -1);
    if (next && holds(next)) this.#add(next, 1);
    if (!next?.nodeName || old?.nodeName) return undefined;
    const load = this.#loadOf(next.nodeName);
    if (!old) load.isExempt = true;
    return load.isExempt ? undefined : this.#excess(next.nodeName, load);
  }

  #excess(name: string, { used }: Load): string | undefined {
    const room = this.#rooms.get(name);
    if (!room) return undefined;
    for (const [what, amount] of used) {
      const limit = room.get(what) ?? 0;
      if (amount > limit) return `${name} has ${limit} of ${what}, its pods request ${amount}`;
    }
    return undefined;
  }

  #add(pod: PodObject, sign: 1 | -1): void {
    const { used } = this.#loadOf(pod.nodeName);
    for (const [what, amount] of this.#requestsOf(pod.shape))
      used.set(what, (used.get(what) ?? 0) + sign * amount);
  }

  #requestsOf(shape: PodShape): Amounts {
    let requests = this.#requests.get(shape);
    if (!requests) {
      requests = new Map([...podRequests(shape), ['pods', 1]]);
      this.#requests.set(shape, requests);
    }
    return requests;
  }

  #loadOf(name: string): Load {
    let load = this.#loads.get(name);
    if (!load) this.#loads.set(name, (load = { used: new Map(), isExempt: false }));
    return load;
  }
}

function holds(pod: PodObject): boolean {
  return pod.nodeName !== '' && !pod.terminal;
}

function roomOf({ status }: Node): Amounts {
  const amounts = status?.allocatable ?? status?.capacity ?? {};
  return new Map(
    Object.entries(amounts).map(([what, amount]) => [
      what,
      what === 'cpu' ? parseMilli(amount) : parseValue(amount),
    ]),
  );
}
