/**
 * DynamicResources, as it behaves for pods without resource claims: it scores every node 0 and rejects none.
 * Claims are not modelled; an object that has some is named to the user when the scenario is read.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/dynamicresources.
 */
import type { Plugin } from '../framework/plugin.ts';

export function dynamicResources(): Plugin {
  return { name: 'DynamicResources', scoreScope: 'static', classKey: () => '', score: () => 0 };
}
