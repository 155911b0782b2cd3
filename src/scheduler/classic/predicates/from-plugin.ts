/**
 * A plugin's Filter under a predicate's name. Predicates judge node by node: what the plugin's PreFilter says of all
 * nodes (a rejection, the nodes worth looking at) is told for each node that gets that far.
 */
import type { Plugin } from '../../framework/plugin.ts';
import type { AnyPlugin } from '../../framework/profile.ts';
import type { Status } from '../../framework/status.ts';

interface State {
  readonly state: unknown;
  /** What every node is told. */
  readonly verdict: Status | undefined;
}

/** @param retell what the predicate says where the plugin says something; asked once per status */
export function predicateFromPlugin(
  name: string,
  plugin: AnyPlugin,
  retell: (status: Status) => Status,
): Plugin<State> {
  const { preFilter, filterScope, scopeOf, classKey } = plugin;
  const told = new WeakMap<Status, Status>();

  function retold(status: Status): Status {
    let own = told.get(status);
    if (!own) told.set(status, (own = retell(status)));
    return own;
  }

  return {
    name,
    ...(preFilter && {
      preFilter(cycle) {
        const prepared = preFilter.call(plugin, cycle);
        if ('status' in prepared) return { state: { state: undefined, verdict: retold(prepared.status) } };
        if ('skip' in prepared) return { skip: true };
        return { state: { state: prepared.state, verdict: undefined } };
      },
    }),
    ...(filterScope && { filterScope }),
    ...(scopeOf && { scopeOf }),
    ...(classKey && { classKey }),
    filter(prepared, node, cycle) {
      if (prepared?.verdict) return prepared.verdict;
      const status = plugin.filter!(prepared?.state, node, cycle);
      return status && retold(status);
    },
  };
}
