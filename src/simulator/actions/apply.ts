/**
 * `kubectl apply`: each object is created, or changed when it is there; one after the other.
 * Deviation: fields that an earlier apply set and this one leaves out are kept.
 */
import { call, type Steps } from '../../control-plane/sync.ts';
import { strategicMergePatch } from '../../kube/apply-patch.ts';
import type { KubeObject } from '../../kube/types.ts';
import { type ActionContext, change, keyOf, Refusal } from './action-context.ts';

export function* apply(context: ActionContext, objects: readonly KubeObject[]): Steps<void> {
  const refusals: string[] = [];
  for (const object of objects) {
    const refusal = yield* applyOne(context, object);
    if (refusal !== undefined) refusals.push(refusal);
  }
  if (refusals.length > 0) throw new Refusal(refusals.join('; '));
}

/** Why it was refused, if it was: the objects after it are applied all the same. */
function* applyOne(context: ActionContext, object: KubeObject): Steps<string | undefined> {
  const { error } = yield* call<KubeObject>((reply) => context.client.create(object, reply));
  if (error?.reason !== 'AlreadyExists') return error?.message;
  const { name = '', namespace } = object.metadata;
  const patch = { ...object, status: undefined };
  try {
    yield* change(context, keyOf({ kind: object.kind, name, namespace }), (old) =>
      strategicMergePatch(old, patch),
    );
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal.message;
    throw refusal;
  }
  return undefined;
}
