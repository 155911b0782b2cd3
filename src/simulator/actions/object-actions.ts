/** kubectl's commands about single objects. */

import { parseDurationUs } from '../../base/duration.ts';
import type { Steps } from '../../control-plane/sync.ts';
import type { DeleteOptions } from '../../kube/api.ts';
import { jsonMergePatch, setImages, strategicMergePatch } from '../../kube/apply-patch.ts';
import { kindByName } from '../../kube/kinds.ts';
import { matchesMap } from '../../kube/selector.ts';
import type { KubeObject, StringMap } from '../../kube/types.ts';
import type { Action } from '../../scenario/timeline.schema.ts';
import { type ActionContext, change, keyOf, must, Refusal, together } from './action-context.ts';
import { nodeNames } from './choose-nodes.ts';

type Args<Name extends Action['name']> = Extract<Action, { name: Name }>['args'];

const US_PER_S = 1_000_000;

export function* remove(context: ActionContext, args: Args<'delete'>): Steps<void> {
  const { name, selector = {}, propagation = 'Background', gracePeriod } = args;
  const options: DeleteOptions = {
    propagation,
    ...(gracePeriod !== undefined && { graceSeconds: Math.ceil(parseDurationUs(gracePeriod) / US_PER_S) }),
  };
  const names = name === undefined ? matching(context, args, selector) : [name];
  yield* together(names, (one, reply) =>
    context.client.delete(keyOf({ ...args, name: one }), options, reply),
  );
}

/** Names of the objects of a kind with these labels. */
function matching(
  { server }: ActionContext,
  { kind: given, namespace = 'default' }: Args<'delete'>,
  labels: StringMap,
): string[] {
  const { kind, isNamespaced } = kindByName(given)!;
  const names: string[] = [];
  if (kind === 'Pod') {
    server.state.pods.forEach((pod) => {
      if (pod.namespace === namespace && matchesMap(labels, pod.shape.labels)) names.push(pod.name);
    });
    return names;
  }
  for (const { metadata } of server.state.kind(kind).values()) {
    if (isNamespaced && metadata.namespace !== namespace) continue;
    if (matchesMap(labels, metadata.labels)) names.push(metadata.name!);
  }
  return names;
}

export function* patch(context: ActionContext, args: Args<'patch'>): Steps<void> {
  const merge = args.type === 'merge' ? jsonMergePatch : strategicMergePatch;
  yield* change(context, keyOf(args), (object) => merge(object, args.patch));
}

export function* scale(context: ActionContext, args: Args<'scale'>): Steps<void> {
  const key = keyOf(args);
  const field = key.kind === 'Job' ? 'parallelism' : 'replicas';
  yield* change(context, key, (object) => jsonMergePatch(object, { spec: { [field]: args.replicas } }));
}

export function* setImage(context: ActionContext, args: Args<'setImage'>): Steps<void> {
  yield* change(context, keyOf(args), (object) => setImages(object, args.images));
}

/** `kubectl label` and `kubectl annotate`. */
export function* setMetadata(
  context: ActionContext,
  field: 'labels' | 'annotations',
  { on, kind = 'Node', name, namespace, set }: Args<'label'>,
): Steps<void> {
  const names = on === undefined ? [name!] : nodeNames(context, on);
  const edit = (object: KubeObject) => jsonMergePatch(object, { metadata: { [field]: set } });
  for (const one of names) yield* change(context, keyOf({ kind, name: one, namespace }), edit);
}

export function* run(context: ActionContext, args: Args<'run'>): Steps<void> {
  const { name, namespace = 'default', image, labels = { run: name }, requests, restart = 'Always' } = args;
  const container = { name, image, ...(requests && { resources: { requests } }) };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: { restartPolicy: restart, containers: [container] },
  };
  yield* must<KubeObject>((reply) => context.client.create<KubeObject, unknown>(pod, reply));
}

interface Selecting extends KubeObject {
  readonly spec?: { readonly selector?: { readonly matchLabels?: StringMap } | StringMap };
}

export function* expose(context: ActionContext, args: Args<'expose'>): Steps<void> {
  const key = keyOf(args);
  const object = yield* must<Selecting>((reply) => context.client.get(key, reply));
  const { namespace = 'default', port, targetPort = port, serviceName = args.name } = args;
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: serviceName, namespace },
    spec: { selector: selectorOf(object), ports: [{ port, targetPort }] },
  };
  yield* must<KubeObject>((reply) => context.client.create<KubeObject, unknown>(service, reply));
}

function selectorOf(object: Selecting): StringMap {
  const { selector } = object.spec ?? {};
  const labels =
    object.kind === 'Pod'
      ? object.metadata.labels
      : object.kind === 'ReplicationController'
        ? (selector as StringMap | undefined)
        : (selector?.matchLabels as StringMap | undefined);
  if (labels && Object.keys(labels).length > 0) return labels;
  throw new Refusal(`${object.kind} ${object.metadata.name} has no labels to select its pods by`);
}
