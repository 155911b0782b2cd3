// The API's truth about pods: the newest version of each, by slot.

import { Interner } from '../base/interner.ts';
import type { PodName } from '../kube/pod-name.ts';
import type { PodDraft, PodInit, PodObject } from '../kube/pod-object.ts';
import { PodIdentity, PodVersion } from '../kube/pod-object.ts';
import type { PodShape } from '../kube/pod-shape.ts';
import { PodNames } from './pod-names.ts';
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
  /** By namespace: the names that were given, not those that the server made up. */
  readonly #names = new Map<string, PodNames>();
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

  /** Walks all pods unless the name was given as a string. */
  byName(namespace: string, name: string): PodObject | undefined {
    const named = this.#names.get(namespace)?.get(name);
    if (named) return this.current(named);
    return this.#pods.find((pod) => pod?.name === name && pod.namespace === namespace);
  }

  /** Is there a pod to which this name was given? */
  hasName(namespace: string, name: PodName): boolean {
    return this.#names.get(namespace)?.has(name) ?? false;
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
    const pod: PodDraft = new PodVersion(identity, init, undefined, revision);
    if (pod.nodeName !== '') pod.nodeNumber = this.nodeNumber(pod.nodeName);
    this.#pods[slot] = pod;
    this.#size++;
    const bytes = bytesOf(shape);
    this.bytes += bytes;
    this.bytesWritten += bytes;
    if (identity.givenName !== undefined) this.#namesIn(shape.namespace).add(identity.givenName, identity);
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
    const { givenName } = pod.identity;
    if (givenName !== undefined) this.#namesIn(pod.namespace).delete(givenName);
    this.#log.append(last, undefined);
  }

  #namesIn(namespace: string): PodNames {
    let names = this.#names.get(namespace);
    if (!names) this.#names.set(namespace, (names = new PodNames()));
    return names;
  }
}
