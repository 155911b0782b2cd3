/**
 * The slow scheduler's cluster: plain objects in plain lists. It remembers what the real one remembers: the order of
 * nodes within zones, and the size of an image as the first node told it.
 */
import type { KubeObject, Node, Pod } from '../../../kube/types.ts';
import { labelsOf } from './matching.ts';

export interface BoundPod {
  readonly pod: Pod;
  readonly nodeName: string;
  isTerminating: boolean;
}

interface Zone {
  readonly name: string;
  readonly nodeNames: string[];
}

interface Image {
  readonly sizeBytes: number;
  readonly nodeNames: Set<string>;
}

function zoneOf(node: Node): string {
  const labels = labelsOf(node);
  const of = (what: string) =>
    labels[`failure-domain.beta.kubernetes.io/${what}`] ?? labels[`topology.kubernetes.io/${what}`] ?? '';
  return JSON.stringify([of('region'), of('zone')]);
}

export class SlowWorld {
  readonly nodes = new Map<string, Node>();
  pods: BoundPod[] = [];
  objects: KubeObject[] = [];
  /** Where the next walk over the nodes starts. */
  nextStart = 0;
  #zones: Zone[] = [];
  readonly #images = new Map<string, Image>();

  addNode(node: Node): void {
    const name = node.metadata.name!;
    this.nodes.set(name, node);
    const zone = this.#zones.find((each) => each.name === zoneOf(node));
    if (zone) zone.nodeNames.push(name);
    else this.#zones.push({ name: zoneOf(node), nodeNames: [name] });
    this.#addImages(node);
  }

  updateNode(node: Node): void {
    const name = node.metadata.name!;
    const old = this.nodes.get(name)!;
    this.#removeImages(old);
    if (zoneOf(old) === zoneOf(node)) {
      this.nodes.set(name, node);
      this.#addImages(node);
      return;
    }
    this.#leaveZone(name);
    this.addNode(node);
  }

  /** The node's pods go with it. */
  removeNode(name: string): void {
    this.#removeImages(this.nodes.get(name)!);
    this.#leaveZone(name);
    this.nodes.delete(name);
    this.pods = this.pods.filter(({ nodeName }) => nodeName !== name);
  }

  podsOn(node: Node): BoundPod[] {
    return this.pods.filter(({ nodeName }) => nodeName === node.metadata.name);
  }

  list<T extends KubeObject>(kind: string): T[] {
    return this.objects.filter((object) => object.kind === kind) as T[];
  }

  /** Zones in turn, one node of each. */
  walk(): Node[] {
    const walk: Node[] = [];
    for (let i = 0; walk.length < this.nodes.size; i++) {
      for (const { nodeNames } of this.#zones) {
        const name = nodeNames[i];
        if (name !== undefined) walk.push(this.nodes.get(name)!);
      }
    }
    return walk;
  }

  image(name: string): Image | undefined {
    return this.#images.get(name);
  }

  #leaveZone(name: string): void {
    for (const { nodeNames } of this.#zones)
      if (nodeNames.includes(name)) nodeNames.splice(nodeNames.indexOf(name), 1);
    this.#zones = this.#zones.filter(({ nodeNames }) => nodeNames.length > 0);
  }

  #addImages(node: Node): void {
    for (const { names = [], sizeBytes = 0 } of node.status?.images ?? []) {
      for (const name of names) {
        if (!this.#images.has(name)) this.#images.set(name, { sizeBytes, nodeNames: new Set() });
        this.#images.get(name)!.nodeNames.add(node.metadata.name!);
      }
    }
  }

  #removeImages(node: Node): void {
    for (const [name, { nodeNames }] of this.#images) {
      nodeNames.delete(node.metadata.name!);
      if (nodeNames.size === 0) this.#images.delete(name);
    }
  }
}
