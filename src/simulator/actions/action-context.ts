/** What timed actions work with: kubectl's client, live reads, the nodes' machinery, and how an action fails. */
import type { ApiServer } from '../../control-plane/api-server.ts';
import { call, type Steps } from '../../control-plane/sync.ts';
import type { ApiClient, ApiError, ObjectKey, Reply } from '../../kube/api.ts';
import { kindByName } from '../../kube/kinds.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { KubeObject, Node } from '../../kube/types.ts';
import type { Kubelets } from '../../node/kubelets.ts';
import type { EventKind, Simulation } from '../../sim/simulation.ts';
import type { Elected } from '../leadership.ts';

/** Makes the nodes of one group; a scenario's NodeGroup is one. */
export interface NodeMaker {
  /** How many of the group's nodes are there from the start. */
  readonly count: number;
  newNode(index: number, readyAfter?: string): Node;
}

export interface ActionContext {
  readonly simulation: Simulation;
  /** Lists are read from it directly, as kubectl's lists are live. */
  readonly server: ApiServer;
  readonly client: ApiClient;
  readonly kubelets: Kubelets;
  readonly groups: ReadonlyMap<string, NodeMaker>;
  /** How many nodes each group has ever had. */
  readonly groupSizes: Map<string, number>;
  /** What was last applied under each name, by {@link textOfKey}. */
  readonly applied: Map<string, KubeObject>;
  /** Calls the reference that the event carries. */
  readonly waitKind: EventKind;
  /** Kills the leader of a program; false if it has none. */
  readonly killLeader?: ((program: Elected) => boolean) | undefined;
  /** Of each answer to an eviction request. */
  readonly onEviction?: ((pod: PodObject, isAccepted: boolean) => void) | undefined;
}

/** Why an action did not happen; no mistake of the program. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** Waits for one request; throws a {@link Refusal} with the server's reason when it fails. */
export function* must<T>(start: (reply: Reply<T>) => void): Steps<T> {
  const { error, object } = yield* call<T>(start);
  if (error) throw new Refusal(error.message);
  return object as T;
}

/** Does all of them together and waits for the last; throws the first refusal. */
export function* together<T>(
  items: readonly T[],
  start: (item: T, reply: Reply<unknown>) => void,
): Steps<void> {
  if (items.length === 0) return;
  const error = yield (resume) => {
    let nLeft = items.length;
    let first: ApiError | undefined;
    const reply: Reply<unknown> = (refusal) => {
      first ??= refusal;
      if (--nLeft === 0) resume(first);
    };
    for (const item of items) start(item, reply);
  };
  if (error) throw new Refusal((error as ApiError).message);
}

export function* wait({ simulation, waitKind }: ActionContext, delayUs: number): Steps<void> {
  yield (resume) => simulation.after(delayUs, waitKind, 0, 0, resume);
}

interface Named {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** The object as the API names it: `deploy` is a Deployment, and what has no namespace is in "default". */
export function keyOf({ kind: given, name, namespace = 'default' }: Named): ObjectKey {
  const { kind, isNamespaced } = kindByName(given) ?? { kind: given, isNamespaced: true };
  return isNamespaced ? { kind, name, namespace } : { kind, name };
}

/** A key of an object as text. */
export function textOfKey({ kind, metadata: { name = '', namespace } }: KubeObject): string {
  const key = keyOf({ kind, name, namespace });
  return `${key.kind} ${key.namespace ?? ''}/${key.name}`;
}

/**
 * Reads an object and changes it by a patch, as kubectl does. `edit` may throw a RangeError for an object that it
 * cannot be applied to.
 */
export function* change<T extends KubeObject>(
  { client }: ActionContext,
  key: ObjectKey,
  edit: (object: T) => T,
): Steps<void> {
  const before = yield* must<T>((reply) => client.get(key, reply));
  attempt(() => edit(before));
  yield* must<T>((reply) => client.patch<T, undefined, unknown>(key, edit, undefined, reply));
}

/** A RangeError is the user's affair here. */
export function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(error.message);
    throw error;
  }
}
