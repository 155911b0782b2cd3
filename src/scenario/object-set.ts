/**
 * The Kubernetes objects that a scenario starts with: read from manifests and snapshots, checked as the API server
 * checks them, put into an order in which they can be created. Objects of kinds that are not modelled are counted.
 * Deviations: of two equal objects one is kept; finished pods and Jobs, objects that are being deleted, and Events
 * belong to the past and are counted as ignored; references to owners that are not there are dropped, since the
 * garbage collector would take the object away; in manifests, what a controller of the set makes is left to it.
 */
import { canonicalJson } from '../base/canonical-json.ts';
import type { Problem } from '../base/errors.ts';
import { type Kind, lookupKind } from '../kube/kinds.ts';
import type { LocatedObject } from '../kube/read-manifests.ts';
import type { KubeObject } from '../kube/types.ts';
import { locatedProblems, validateObject } from '../kube/validate.ts';
import type { Place } from './located-yaml.ts';

/** What other objects need comes first; the rest by file. */
const RANKS: Readonly<Record<string, number>> = {
  Namespace: 0,
  PriorityClass: 1,
  RuntimeClass: 1,
  StorageClass: 1,
  CSIDriver: 1,
  ServiceAccount: 1,
  LimitRange: 1,
  ResourceQuota: 1,
  PersistentVolume: 2,
  PersistentVolumeClaim: 2,
};
const RANK_DEFAULT = 3;

const MIRROR = 'kubernetes.io/config.mirror';

function isOfNode({ kind, metadata }: KubeObject): boolean {
  if (kind !== 'Pod') return false;
  const controller = metadata.ownerReferences?.find((owner) => owner.controller)?.kind;
  return controller === 'Node' || controller === 'DaemonSet' || metadata.annotations?.[MIRROR] !== undefined;
}

export class ObjectSet {
  readonly problems: Problem[] = [];
  /** What there is of known kinds, objects with mistakes included. */
  readonly keys = new Set<string>();
  /** Objects that are left out, by kind. */
  readonly ignored = new Map<string, number>();
  readonly #byKey = new Map<string, LocatedObject>();
  readonly #located: LocatedObject[] = [];
  readonly #uids = new Set<string | undefined>();
  readonly #ofSnapshot = new Set<KubeObject>();

  /** `isSnapshot`: the object is of a running cluster, where it has had a past. */
  add(located: LocatedObject, isSnapshot = false): void {
    const { object } = located;
    if (isSnapshot) this.#ofSnapshot.add(object);
    const lookup = lookupKind(object.apiVersion, object.kind);
    if (lookup.status === 'known' && object.metadata.name !== undefined) {
      this.keys.add(objectKey(lookup.kind, object.metadata.namespace, object.metadata.name));
    }
    const problems = validateObject(object);
    if (problems.length > 0) this.problems.push(...locatedProblems(located, problems));
    else if (lookup.status !== 'known' || !lookup.kind.isModelled) this.#ignore(object.kind);
    else if (isPast(object)) this.#ignore(`${object.kind} of the past`);
    else if (!this.#isTwin(located, lookup.kind)) {
      this.#located.push(located);
      this.#uids.add(object.metadata.uid);
    }
  }

  /** Nodes in the order of the files. */
  get nodes(): LocatedObject[] {
    return this.#located.filter(({ object }) => object.kind === 'Node');
  }

  /** All other objects, in the order in which they are to be created. */
  get others(): LocatedObject[] {
    const others = this.#located.filter(({ object }) => object.kind !== 'Node');
    return others.sort((a, b) => rankOf(a.object) - rankOf(b.object));
  }

  /** Where objects stand, by their keys. */
  get places(): ReadonlyMap<string, Place> {
    return this.#byKey;
  }

  /** What is to be created: `others` that no snapshot holds. What a controller in the set makes is left to it. */
  objects(): KubeObject[] {
    const made = this.others.map(({ object }) => object).filter((object) => !this.#ofSnapshot.has(object));
    return made
      .map((object) => this.#withoutLostOwners(object))
      .filter(({ metadata }) => !metadata.ownerReferences?.some(({ controller }) => controller));
  }

  /** Objects of snapshots other than nodes, with the owners that are there. */
  snapshot(): KubeObject[] {
    return this.others
      .map(({ object }) => object)
      .filter((object) => this.#ofSnapshot.has(object))
      .map((object) => this.#withoutLostOwners(object));
  }

  /** Those that a kubelet or a DaemonSet made, by `namespace/name`. */
  get podsOfNodes(): ReadonlySet<string> {
    const pods = this.#located.map(({ object }) => object).filter(isOfNode);
    return new Set(pods.map(({ metadata }) => `${metadata.namespace ?? 'default'}/${metadata.name}`));
  }

  isOfSnapshot(object: KubeObject): boolean {
    return this.#ofSnapshot.has(object);
  }

  hasUid(uid: string): boolean {
    return this.#uids.has(uid);
  }

  #withoutLostOwners(object: KubeObject): KubeObject {
    const { ownerReferences, ...metadata } = object.metadata;
    if (ownerReferences === undefined) return object;
    const kept = ownerReferences.filter(({ uid }) => this.#uids.has(uid));
    if (kept.length === ownerReferences.length) return object;
    return { ...object, metadata: kept.length > 0 ? { ...metadata, ownerReferences: kept } : metadata };
  }

  #ignore(kind: string): void {
    this.ignored.set(kind, (this.ignored.get(kind) ?? 0) + 1);
  }

  /** An equal object was there before; a different one of the same name is a mistake. */
  #isTwin(located: LocatedObject, kind: Kind): boolean {
    const { object } = located;
    const { name } = object.metadata;
    if (name === undefined) return false;
    const key = objectKey(kind, object.metadata.namespace, name);
    const first = this.#byKey.get(key);
    if (first === undefined) {
      this.#byKey.set(key, located);
      return false;
    }
    if (canonicalJson(first.object) !== canonicalJson(object)) {
      const message = `${key} is given twice, with different content: first at ${first.file}:${first.line}`;
      this.problems.push({ file: located.file, line: located.line, column: located.column, message });
    }
    return true;
  }
}

/** `Deployment shop/web`, `Node a`. */
export function objectKey(kind: Kind, namespace: string | undefined, name: string): string {
  return `${kind.kind} ${kind.isNamespaced ? `${namespace ?? 'default'}/` : ''}${name}`;
}

function rankOf({ kind }: KubeObject): number {
  return RANKS[kind] ?? RANK_DEFAULT;
}

interface WithStatus extends KubeObject {
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { type: string; status: string }[];
  };
}

function isPast(object: WithStatus): boolean {
  if (object.kind === 'Event' || object.metadata.deletionTimestamp) return true;
  const { phase, conditions = [] } = object.status ?? {};
  if (object.kind === 'Pod') return phase === 'Succeeded' || phase === 'Failed';
  const hasEnded = ({ type, status }: { type: string; status: string }) =>
    (type === 'Complete' || type === 'Failed') && status === 'True';
  return object.kind === 'Job' && conditions.some(hasEnded);
}
