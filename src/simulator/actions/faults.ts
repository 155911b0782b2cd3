/** What no kubectl does: machines, kubelets and watches that fail, and pods that end or lose their readiness. */
import { kindByName } from '../../kube/kinds.ts';
import type { NodeTarget } from '../../scenario/node-target.schema.ts';
import type { Action } from '../../scenario/timeline.schema.ts';
import { type ActionContext, Refusal } from './action-context.ts';
import { nodeNames } from './choose-nodes.ts';

type Args<Name extends Action['name']> = Extract<Action, { name: Name }>['args'];

/** Does something at once to each of the nodes. */
export function toNodes(context: ActionContext, target: NodeTarget, act: (nodeName: string) => void): void {
  for (const name of nodeNames(context, target)) act(name);
}

/** The watches of a program break: it lists again after a request's delay, and hears of nothing until then. */
export function breakWatch({ server }: ActionContext, args: Args<'breakWatch'>): void {
  const kind = args.kind === undefined ? undefined : kindByName(args.kind)!.kind;
  const watches = server.process(args.component).watches(kind);
  if (watches.length === 0) {
    throw new Refusal(`${args.component} watches ${kind === undefined ? 'nothing' : `no ${kind}`}`);
  }
  for (const watch of watches) {
    watch.disconnect();
    server.connections.listLater(watch);
  }
}

export function stopApiServer({ server }: ActionContext, index: number): void {
  if (!server.instances.isUp(index)) throw new Refusal(`API server ${index} does not run`);
  server.connections.stopServer(index);
}

export function startApiServer({ server }: ActionContext, index: number): void {
  if (server.instances.isUp(index)) throw new Refusal(`API server ${index} runs`);
  server.connections.startServer(index);
}

/** The leader stops first. */
export function stopEtcdMembers({ server }: ActionContext, nMembers: number): void {
  if (server.etcd.stop(nMembers) === 0) throw new Refusal('no member of etcd runs');
}

export function startEtcdMembers({ server }: ActionContext, nMembers: number): void {
  if (server.etcd.start(nMembers) === 0) throw new Refusal('every member of etcd runs');
}

export function killLeader(context: ActionContext, { component }: Args<'killLeader'>): void {
  if (!context.killLeader?.(component)) throw new Refusal(`no replica of ${component} leads`);
}
