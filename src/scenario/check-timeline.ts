/** Checks of what a timeline speaks of: nodes, groups, zones and objects must be there by then, and servers at all. */
import { kindByName } from '../kube/kinds.ts';
import type { Node } from '../kube/types.ts';
import { type Target, targetOf } from './action-target.ts';
import type { KnownNodes } from './known-nodes.ts';
import type { LoadContext, Path } from './load-context.ts';
import type { ModelSpec } from './model.schema.ts';
import { type NodeTarget, nodeChoice } from './node-target.schema.ts';
import { objectKey } from './object-set.ts';
import type { Action } from './timeline.schema.ts';
import type { ReadAction } from './timeline.ts';
import { hint } from './wording.ts';

/** Kinds that no controller makes: an object of theirs is written somewhere. */
const NEVER_MADE = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'ReplicationController',
  'PodDisruptionBudget',
  'PriorityClass',
]);

/** What there is at the start; undefined where that is not known because of other mistakes. */
export interface Known {
  readonly nodes: KnownNodes | undefined;
  /** Keys of objects. */
  readonly objects: ReadonlySet<string> | undefined;
  readonly model: ModelSpec | undefined;
}

/** `actions` in the order of time. */
export function checkTimeline(actions: readonly ReadAction[], known: Known, context: LoadContext): void {
  const check = new Check(known, context);
  for (const one of actions) check.action(one);
}

class Check {
  readonly #context: LoadContext;
  readonly #nodes: KnownNodes | undefined;
  readonly #objects: Set<string> | undefined;
  readonly #model: ModelSpec | undefined;

  constructor({ nodes, objects, model }: Known, context: LoadContext) {
    this.#context = context;
    this.#nodes = nodes;
    this.#objects = objects && new Set(objects);
    this.#model = model;
  }

  action({ action, path, set }: ReadAction): void {
    for (const located of set.nodes) this.#nodes?.add(located.object as Node);
    for (const key of set.keys) this.#objects?.add(key);
    if (action.name === 'addNodes') {
      this.#report([...path, 'group'], this.#nodes?.grow(action.args.group, action.args.count));
    }
    const target = targetOf(action);
    if (target.nodes !== undefined) this.#checkNodes(target.nodes, [...path, ...target.field]);
    if (target.zone !== undefined) this.#report(path, this.#nodes?.zoneProblem(target.zone));
    if (target.name !== undefined) this.#checkObject(target, [...path, 'name']);
    if (this.#model) this.#report(path, serverProblem(action, this.#model));
  }

  #report(path: Path, problem: string | undefined): void {
    if (problem !== undefined) this.#context.add(path, problem);
  }

  #checkNodes(target: NodeTarget, path: Path): void {
    for (const [field, message] of this.#nodes?.problems(nodeChoice(target)) ?? []) {
      const inside = typeof target === 'string' ? [] : Array.isArray(target) ? field.slice(1) : field;
      this.#context.add([...path, ...inside], message);
    }
  }

  #checkObject({ kind: kindName = '', namespace, name = '' }: Target, path: Path): void {
    const kind = kindByName(kindName);
    if (kind?.kind === 'Node') this.#checkNodes(name, path);
    if (!kind || !this.#objects || !NEVER_MADE.has(kind.kind)) return;
    const key = objectKey(kind, namespace, name);
    if (!this.#objects.has(key)) this.#report(path, `there is no ${key} by then${hint(key, this.#objects)}`);
  }
}

/** What is wrong with an action upon a server or member of etcd that there is not. */
function serverProblem(action: Action, { apiServers, etcdMembers }: ModelSpec): string | undefined {
  const nServers = apiServers?.count ?? 1;
  switch (action.name) {
    case 'stopApiServer':
    case 'startApiServer':
      if (action.args < nServers) return undefined;
      return `found ${action.args}, expected a number of at most ${nServers - 1} (the first is 0; model.apiServers.count is ${nServers})`;
    case 'stopEtcdMembers':
    case 'startEtcdMembers':
      if (action.args <= etcdMembers) return undefined;
      return `found ${action.args}, expected a number of at most ${etcdMembers} (model.etcdMembers)`;
    default:
      return undefined;
  }
}
