/**
 * `kubectl rollout undo | pause | resume | restart`.
 * Source: kubectl pkg/polymorphichelpers/{rollback,objectpauser,objectresumer,objectrestarter}.go, 1.37.
 */
import type { ControllerRevision } from '../../control-plane/controllers/revisions.ts';
import type { Steps } from '../../control-plane/sync.ts';
import { jsonMergePatch } from '../../kube/apply-patch.ts';
import type { Deployment, KubeObject, PodTemplateSpec, ReplicaSet } from '../../kube/types.ts';
import type { Action } from '../../scenario/timeline.schema.ts';
import { type ActionContext, change, keyOf, must, Refusal } from './action-context.ts';

type Args = Extract<Action, { name: 'rollout' }>['args'];

const REVISION = 'deployment.kubernetes.io/revision';
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
const HASH_LABEL = 'pod-template-hash';

interface Templated extends KubeObject {
  readonly spec: { readonly template: PodTemplateSpec; readonly paused?: boolean };
}

export function* rollout(context: ActionContext, args: Args): Steps<void> {
  if (args.action === 'undo') yield* undo(context, args);
  else if (args.action === 'restart') yield* restart(context, args);
  else yield* pause(context, args);
}

function* pause(context: ActionContext, args: Args): Steps<void> {
  const key = keyOf(args);
  const isPause = args.action === 'pause';
  if (key.kind !== 'Deployment')
    throw new Refusal(`${isPause ? 'pausing' : 'resuming'} is not supported for a ${key.kind}`);
  yield* change<Deployment>(context, key, (object) => {
    if ((object.spec.paused ?? false) !== isPause)
      return jsonMergePatch(object, { spec: { paused: isPause || null } });
    throw new RangeError(`deployments.apps "${args.name}" is ${isPause ? 'already' : 'not'} paused`);
  });
}

function* restart(context: ActionContext, args: Args): Steps<void> {
  const { clock } = context.server;
  const annotations = { [RESTARTED_AT]: clock.timestamp(context.simulation.nowUs) };
  yield* change<Templated>(context, keyOf(args), (object) => {
    if (object.spec.paused)
      throw new RangeError("can't restart paused deployment (run rollout resume first)");
    return jsonMergePatch(object, { spec: { template: { metadata: { annotations } } } });
  });
}

/** One template that the object has had. */
interface Past {
  readonly revision: number;
  readonly template: PodTemplateSpec;
}

function* undo(context: ActionContext, args: Args): Steps<void> {
  const key = keyOf(args);
  const object = yield* must<Templated>((reply) => context.client.get(key, reply));
  if (object.spec.paused)
    throw new Refusal(
      `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    );
  const history = key.kind === 'Deployment' ? ofReplicaSets(context, object) : ofRevisions(context, object);
  history.sort((a, b) => a.revision - b.revision);
  const { template } = pick(history, args.toRevision, `${key.kind.toLowerCase()} "${args.name}"`);
  yield* change<Templated>(context, key, (old) => ({ ...old, spec: { ...old.spec, template } }));
}

/** A list oldest first; without a number the one before the newest. */
function pick(history: readonly Past[], revision: number | undefined, what: string): Past {
  if (revision !== undefined) {
    const found = history.find((past) => past.revision === revision);
    if (!found) throw new Refusal(`unable to find specified revision ${revision} in history`);
    return found;
  }
  const before = history.at(-2);
  if (!before) throw new Refusal(`no rollout history found for ${what}`);
  return before;
}

function owned<T extends KubeObject>({ server }: ActionContext, kind: string, owner: KubeObject): T[] {
  const { uid } = owner.metadata;
  const isOwned = ({ metadata }: KubeObject) =>
    metadata.ownerReferences?.some((reference) => reference.controller && reference.uid === uid);
  return [...server.state.kind(kind).values()].filter(isOwned) as T[];
}

function ofReplicaSets(context: ActionContext, owner: KubeObject): Past[] {
  return owned<ReplicaSet>(context, 'ReplicaSet', owner).map(({ metadata, spec: { template } }) => {
    const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
    return {
      revision: Number(metadata.annotations?.[REVISION] ?? 0),
      template: { ...template, metadata: { ...template.metadata, labels } },
    };
  });
}

function ofRevisions(context: ActionContext, owner: KubeObject): Past[] {
  const revisions = owned<ControllerRevision>(context, 'ControllerRevision', owner);
  return revisions.map(({ revision, data }) => ({ revision, template: data }));
}
