/** Which code carries out which action of a timeline: the one place that knows them all. */
import { parseValue } from '../../base/quantity.ts';
import type { Steps } from '../../control-plane/sync.ts';
import type { Action } from '../../scenario/timeline.schema.ts';
import type { TimedAction } from '../../scenario/timeline.ts';
import { type ActionContext, Refusal } from './action-context.ts';
import { apply } from './apply.ts';
import { drain } from './drain.ts';
import {
  breakWatch,
  killLeader,
  startApiServer,
  startEtcdMembers,
  stopApiServer,
  stopEtcdMembers,
  toNodes,
} from './faults.ts';
import { addNodes, cordon, removeNodes, taint } from './node-actions.ts';
import { expose, patch, remove, run, scale, setImage, setMetadata } from './object-actions.ts';
import { rollout } from './rollout.ts';

type Handler = (context: ActionContext, args: unknown, action: TimedAction) => Steps<void> | void;

type Handlers = {
  readonly [K in Action['name']]?: (
    context: ActionContext,
    args: Extract<Action, { name: K }>['args'],
    action: TimedAction,
  ) => Steps<void> | void;
};

const HANDLERS: Handlers = {
  apply: (context, _, action) => apply(context, action),
  delete: remove,
  scale,
  patch,
  setImage,
  rollout,
  label: (context, args) => setMetadata(context, 'labels', args),
  annotate: (context, args) => setMetadata(context, 'annotations', args),
  taint,
  cordon: (context, target) => cordon(context, target),
  uncordon: (context, target) => cordon(context, target, false),
  drain,
  addNodes,
  removeNodes,
  run,
  expose,
  failPods: ({ kubelets }, { selector, count, namespace }) =>
    kubelets.failPods({ matchLabels: selector }, count, namespace),
  completePods: ({ kubelets }, { selector, count, namespace }) =>
    kubelets.completePods({ matchLabels: selector }, count, namespace),
  unreadyPods: ({ kubelets }, { selector, count, namespace }) =>
    kubelets.unreadyPods({ matchLabels: selector }, count, namespace),
  stopKubelet: (context, target) => toNodes(context, target, (name) => context.kubelets.stopKubelet(name)),
  startKubelet: (context, target) => toNodes(context, target, (name) => context.kubelets.startKubelet(name)),
  stopRuntime: (context, target) => toNodes(context, target, (name) => context.kubelets.stopRuntime(name)),
  startRuntime: (context, target) => toNodes(context, target, (name) => context.kubelets.startRuntime(name)),
  pruneImages: (context, target) => toNodes(context, target, (name) => context.kubelets.pruneImages(name)),
  resizeImageStore: (context, { on, size }) =>
    toNodes(context, on, (name) => context.kubelets.resizeImageStore(name, parseValue(size))),
  fillDisk: (context, { on, used }) => toNodes(context, on, (name) => context.kubelets.fillDisk(name, used)),
  shutDownNodes: (context, target) => toNodes(context, target, (name) => context.kubelets.shutDownNode(name)),
  failNodes: (context, target) => toNodes(context, target, (name) => context.kubelets.failNode(name)),
  failZone: (context, zone) => toNodes(context, { zone }, (name) => context.kubelets.failNode(name)),
  repairNodes: (context, target) => toNodes(context, target, (name) => context.kubelets.repairNode(name)),
  repairZone: (context, zone) => toNodes(context, { zone }, (name) => context.kubelets.repairNode(name)),
  breakWatch,
  killLeader,
  stopApiServer,
  startApiServer,
  stopEtcdMembers,
  startEtcdMembers,
};

/** Carries out one action; throws a {@link Refusal} when it cannot. */
export function* perform(context: ActionContext, action: TimedAction): Steps<void> {
  const handler = HANDLERS[action.name];
  if (!handler) throw new Refusal(`${action.name} is not modelled`);
  // Each handler takes the arguments of its own action; one without steps is done at once.
  const steps = (handler as Handler)(context, action.args, action);
  if (steps) yield* steps;
}
