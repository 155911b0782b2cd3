/**
 * `kubectl apply`: each object is created, or changed when it is there; one after the other. Fields that it had when it
 * was last applied and now lacks are taken away. A node that joins costs what its list says.
 * Deviation: what was last applied is remembered here, not in an annotation of the object (which snapshots may have).
 */
import { isRecord } from '../../base/values.ts';
import { call, type Steps } from '../../control-plane/sync.ts';
import { strategicMergePatch } from '../../kube/apply-patch.ts';
import { droppedFields } from '../../kube/dropped-fields.ts';
import { withPrice } from '../../kube/node-names.ts';
import type { KubeObject } from '../../kube/types.ts';
import type { TimedAction } from '../../scenario/timeline.ts';
import { type ActionContext, change, keyOf, Refusal, textOfKey } from './action-context.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

type Applied = Pick<TimedAction, 'objects' | 'listPrices'>;

export function* apply(context: ActionContext, { objects, listPrices = {} }: Applied): Steps<void> {
  const refusals: string[] = [];
  for (const object of objects) {
    const refusal = yield* applyOne(
      context,
      object,
      object.kind === 'Node' ? listPrices[object.metadata.name!] : undefined,
    );
    if (refusal !== undefined) refusals.push(refusal);
  }
  if (refusals.length > 0) throw new Refusal(refusals.join('; '));
}

/** Why it was refused, if it was: the objects after it are applied all the same. */
function* applyOne(
  context: ActionContext,
  object: KubeObject,
  price: number | undefined,
): Steps<string | undefined> {
  const { status: _, ...applied } = object as KubeObject & { readonly status?: unknown };
  const created = price === undefined ? object : withPrice(object, price);
  const { error } = yield* call<KubeObject>((reply) => context.client.create(created, reply));
  if (error && error.reason !== 'AlreadyExists') return error.message;
  if (error) {
    const refusal = yield* applyAgain(context, applied);
    if (refusal !== undefined) return refusal;
  }
  context.applied.set(textOfKey(applied), applied);
  return undefined;
}

function* applyAgain(context: ActionContext, object: KubeObject): Steps<string | undefined> {
  const { name = '', namespace } = object.metadata;
  const known = context.applied.get(textOfKey(object));
  try {
    yield* change(context, keyOf({ kind: object.kind, name, namespace }), (old) => {
      const before = known ?? annotated(old);
      const kept = before ? strategicMergePatch(old, droppedFields(before, object)) : old;
      return strategicMergePatch(kept, object);
    });
    return undefined;
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal.message;
    throw refusal;
  }
}

/** What kubectl has written into an object of a snapshot. */
function annotated({ metadata: { annotations } }: KubeObject): object | undefined {
  const text = annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  try {
    const before: unknown = JSON.parse(text);
    return isRecord(before) ? before : undefined;
  } catch {
    return undefined;
  }
}
