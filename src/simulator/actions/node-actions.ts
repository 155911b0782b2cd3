/** kubectl's commands about nodes, and nodes that come and go. */
import type { Steps } from '../../control-plane/sync.ts';
import { jsonMergePatch } from '../../kube/apply-patch.ts';
import type { Node, Taint } from '../../kube/types.ts';
import type { NodeTarget } from '../../scenario/node-target.schema.ts';
import type { Action } from '../../scenario/timeline.schema.ts';
import { type ActionContext, change, Refusal, together } from './action-context.ts';
import { nodeNames } from './choose-nodes.ts';

type Args<Name extends Action['name']> = Extract<Action, { name: Name }>['args'];

export function* cordon(context: ActionContext, target: NodeTarget, isCordon = true): Steps<void> {
  const edit = (node: Node) => jsonMergePatch(node, { spec: { unschedulable: isCordon || null } });
  for (const name of nodeNames(context, target)) yield* change(context, { kind: 'Node', name }, edit);
}

export function* taint(context: ActionContext, { on, taints, add, remove }: Args<'taint'>): Steps<void> {
  const edit = (node: Node): Node => {
    const next = taints ?? edited(node.spec?.taints ?? [], add ?? [], remove ?? []);
    return { ...node, spec: { ...node.spec, taints: next as Taint[] } };
  };
  for (const name of nodeNames(context, on)) yield* change(context, { kind: 'Node', name }, edit);
}

interface NewTaint {
  readonly key: string;
  readonly effect: string;
}

function edited(
  old: readonly Taint[],
  add: readonly NewTaint[],
  remove: readonly string[],
): readonly NewTaint[] {
  for (const text of remove) {
    if (!old.some((one) => isNamed(one, text))) throw new RangeError(`taint "${text}" not found`);
  }
  const isReplaced = (one: Taint) => add.some(({ key, effect }) => one.key === key && one.effect === effect);
  const kept = old.filter((one) => !isReplaced(one) && !remove.some((text) => isNamed(one, text)));
  return [...kept, ...add];
}

/** `key` or `key:effect`. */
function isNamed({ key, effect }: NewTaint, text: string): boolean {
  return text === key || text === `${key}:${effect}`;
}

export function* addNodes(
  context: ActionContext,
  { group, count, readyAfter }: Args<'addNodes'>,
): Steps<void> {
  const maker = context.groups.get(group);
  if (!maker) throw new Refusal(`there is no node group "${group}"`);
  const size = context.groupSizes.get(group) ?? maker.count;
  context.groupSizes.set(group, size + count);
  const nodes = Array.from({ length: count }, (_, i) =>
    readyAfter === undefined ? maker.newNode(size + i) : maker.newNode(size + i, String(readyAfter)),
  );
  yield* together(nodes, (node, reply) => context.client.create(node, reply));
}

/** The Node objects go; their kubelets go with them, and their pods when the pod garbage collector notices. */
export function* removeNodes(context: ActionContext, target: NodeTarget): Steps<void> {
  yield* together(nodeNames(context, target), (name, reply) =>
    context.client.delete({ kind: 'Node', name }, {}, reply),
  );
}
