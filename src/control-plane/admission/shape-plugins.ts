// The admission plugins that change or refuse pods by their shape, in the order of the real chain, followed by what the
// pod's create strategy does. One registry; each plugin a function from shape to shape.
// Source of the order: pkg/kubeapiserver/options/plugins.go, 1.37.
// Not modelled: PodTopologyLabels (copies the node's zone to the bound pod's labels), PodSecurity, webhooks.

import type { ApiState } from '../api-state.ts';
import { defaultTolerationSeconds } from './default-tolerations.ts';
import { limitRanger } from './limit-ranger.ts';
import { mergeMatchLabelKeys } from './match-label-keys.ts';
import { podDefaults } from './pod-defaults.ts';
import { priority } from './priority.ts';
import { runtimeClass } from './runtime-class.ts';
import type { ShapePlugin } from './shape-plugin.ts';

export function shapePlugins(state: ApiState): readonly ShapePlugin[] {
  return [
    podDefaults,
    limitRanger(state),
    priority(state),
    defaultTolerationSeconds,
    runtimeClass(state),
    mergeMatchLabelKeys,
  ];
}
