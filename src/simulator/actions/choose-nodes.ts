/** The nodes that an action is about, at the time of the action. */

import { NODE_GROUP_LABEL } from '../../kube/node-names.ts';
import { matchesMap } from '../../kube/selector.ts';
import type { Node } from '../../kube/types.ts';
import { type NodeChoice, type NodeTarget, nodeChoice } from '../../scenario/node-target.schema.ts';
import { type ActionContext, Refusal } from './action-context.ts';

const ZONE = 'topology.kubernetes.io/zone';

/** In the order in which they joined, or as named; throws a {@link Refusal} when there is none or a name is unknown. */
export function chooseNodes(context: ActionContext, target: NodeTarget): Node[] {
  const choice = nodeChoice(target);
  const fitting = candidates(context, choice).filter((node) => fits(node, choice));
  if (fitting.length === 0) throw new Refusal('no such nodes');
  return choice.count === undefined ? fitting : fitting.slice(0, choice.count);
}

export function nodeNames(context: ActionContext, target: NodeTarget): string[] {
  return chooseNodes(context, target).map(({ metadata }) => metadata.name!);
}

function candidates({ server }: ActionContext, { nodes }: NodeChoice): Node[] {
  const store = server.state.kind('Node');
  if (!nodes) return [...store.values()] as Node[];
  return nodes.map((name) => {
    const node = store.get(name) as Node | undefined;
    if (!node) throw new Refusal(`nodes "${name}" not found`);
    return node;
  });
}

function fits({ metadata: { labels = {} } }: Node, { group, zone, selector }: NodeChoice): boolean {
  return (
    (group === undefined || labels[NODE_GROUP_LABEL] === group) &&
    (zone === undefined || labels[ZONE] === zone) &&
    (selector === undefined || matchesMap(selector, labels))
  );
}
