/** What an action of the timeline is done to. */
import type { NodeTarget } from './node-target.schema.ts';
import type { Action } from './timeline.schema.ts';

export interface Target {
  readonly nodes?: NodeTarget | undefined;
  /** Where the nodes stand in the action's arguments. */
  readonly field: readonly string[];
  readonly zone?: string;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

const NOTHING: Target = { field: [] };

export function targetOf(action: Action): Target {
  switch (action.name) {
    case 'failZone':
    case 'repairZone':
      return { zone: action.args, field: [] };
    case 'delete':
    case 'scale':
    case 'patch':
    case 'setImage':
    case 'rollout':
    case 'expose': {
      const { kind, namespace, name } = action.args;
      return { kind, namespace, name, field: [] };
    }
    case 'label':
    case 'annotate': {
      const { on, kind, namespace, name } = action.args;
      return { nodes: on, kind, namespace, name, field: ['on'] };
    }
    case 'taint':
    case 'resizeImageStore':
    case 'fillDisk':
      return { nodes: action.args.on, field: ['on'] };
    case 'drain':
      return hasOptions(action.args)
        ? { nodes: action.args.on, field: ['on'] }
        : { nodes: action.args, field: [] };
    case 'apply':
    case 'addNodes':
    case 'run':
    case 'failPods':
    case 'completePods':
    case 'unreadyPods':
    case 'breakWatch':
    case 'killLeader':
    case 'stopApiServer':
    case 'startApiServer':
    case 'stopEtcdMembers':
    case 'startEtcdMembers':
      return NOTHING;
    default:
      return { nodes: action.args, field: [] };
  }
}

function hasOptions<T extends { readonly on: NodeTarget }>(args: NodeTarget | T): args is T {
  return typeof args === 'object' && 'on' in args;
}
