// The API's truth about pods: the newest version of each, by slot.

import { Interner } from '../base/interner.ts';
import type { PodDraft, PodInit, PodObject } from '../kube/pod-object.ts';
import { PodObject as Pod, PodIdentity } from '../kube/pod-object.ts';
import type { PodShape } from '../kube/pod-shape.ts';
import type { WatchLog } from './watch-log.ts';

/** What the parts of a pod that its template does not have take: names, status, managed fields. */
const BYTES_BESIDE_SHAPE = 1500;

const shapeBytes = new WeakMap<PodShape, number>();

/** About as many bytes as the pod has as JSON (in etcd it is protobuf, but not much smaller). */
function bytesOf(shape: PodShape): number {
  let bytes = shapeBytes.get(shape);
  if (bytes === undefined) shapeBytes.set(shape, (bytes = JSON.stringify(shape).length + BYTES_BESIDE_SHAPE));
  return bytes;
}

export class PodStore {
  readonly #pods: (PodObject | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  /** Pods whose names were given, by namespace and name; generated names are unique by construction. */
  readonly #named = new Map<string, Map<string, PodIdentity>>();
  readonly #log: WatchLog<PodObject>;
  /** The names of nodes that pods were bound to. */
  readonly #nodeNames = new Interner();
  /** Bytes that the pods take in etcd, and bytes written for them so far; estimates. */
  bytes = 0;
  bytesWritten = 0;
  #lastUid = 0;
  #size = 0;

  constructor(log: WatchLog<PodObject>) {
    this.#log = log;
  }

  get size(): number {
    return this.#size;
  }

  /** One more than the largest slot ever in use. */
  get nSlots(): number {
    return this.#pods.length;
  }

  at(slot: number): PodObject | undefined {
    return this.#pods[slot];
  }

  /** The newest version of that very pod. */
  current(pod: { readonly slot: number; readonly uid: number }): PodObject | undefined {
    const found = this.#pods[pod.slot];
    return found?.uid === pod.uid ? found : undefined;
  }

  /** Walks all pods unless the name was given by a user. */
  byName(namespace: string, name: string): PodObject | undefined {
    const named = this.#named.get(namespace)?.get(name);
    if (named) return this.current(named);
    return this.#pods.find((pod) => pod?.name === name && pod.namespace === namespace);
  }

  hasName(namespace: string, name: string): boolean {
    return this.#named.get(namespace)?.has(name) ?? false;
  }

  /** By which bound pods tell their nodes apart (`PodObject.nodeNumber`). */
  nodeNumber(nodeName: string): number {
    return this.#nodeNames.idOf(nodeName);
  }

  forEach(visit: (pod: PodObject) => void): void {
    for (let slot = 0; slot < this.#pods.length; slot++) {
      const pod = this.#pods[slot];
      if (pod) visit(pod);
    }
  }

  add(init: PodInit, shape: PodShape, revision: number, nowUs: number): PodObject {
    const slot = this.#freeSlots.pop() ?? this.#pods.length;
    const identity = new PodIdentity(init, shape, ++this.#lastUid, slot, nowUs);
    const pod: PodDraft = new Pod(identity, init, undefined, revision);
    if (pod.nodeName !== '') pod.nodeNumber = this.nodeNumber(pod.nodeName);
    this.#pods[slot] = pod;
    this.#size++;
    const bytes = bytesOf(shape);
    this.bytes += bytes;
    this.bytesWritten += bytes;
    if (!identity.isNameGenerated) this.#name(identity);
    this.#log.append(undefined, pod);
    return pod;
  }

  replace(old: PodObject, next: PodObject): void {
    const bytes = bytesOf(next.shape);
    this.bytesWritten += bytes;
    if (next.shape !== old.shape) this.bytes += bytes - bytesOf(old.shape);
    this.#pods[old.slot] = next;
    this.#log.append(old, next);
  }

  remove(pod: PodObject, last: PodObject): void {
    this.#pods[pod.slot] = undefined;
    this.#freeSlots.push(pod.slot);
    this.#size--;
    this.bytes -= bytesOf(pod.shape);
    if (!pod.identity.isNameGenerated) this.#named.get(pod.namespace)?.delete(pod.name);
    this.#log.append(last, undefined);
  }

  #name(identity: PodIdentity): void {
    const { namespace } = identity.shape;
    let inNamespace = this.#named.get(namespace);
    if (!inNamespace) this.#named.set(namespace, (inNamespace = new Map()));
    inNamespace.set(identity.name, identity);
  }
}
