/**
 * PodFitsHostPorts, and GeneralPredicates: four predicates of which all are asked and all reasons told.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/predicates/predicates.go PodFitsHostPorts, GeneralPredicates.
 */
import type { Plugin } from '../../framework/plugin.ts';
import type { AnyPlugin } from '../../framework/profile.ts';
import { mergedStatus, type Status, unschedulable } from '../../framework/status.ts';
import { nodePorts } from '../../plugins/node-ports.ts';
import { predicateFromPlugin } from './from-plugin.ts';
import { hostName, matchNodeSelector } from './node-matching.ts';
import { podFitsResources } from './pod-fits-resources.ts';

const PORT_TAKEN = "node(s) didn't have free ports for the requested pod ports";

export function podFitsHostPorts(name = 'PodFitsHostPorts'): Plugin<unknown> {
  const status = unschedulable(name, PORT_TAKEN);
  return predicateFromPlugin(name, nodePorts(), () => status);
}

/** A predicate that has something to say about the pod, with its state. */
interface Part {
  readonly predicate: AnyPlugin;
  readonly state: unknown;
}

export function generalPredicates(name = 'GeneralPredicates'): Plugin<readonly Part[]> {
  const predicates: readonly AnyPlugin[] = [
    podFitsResources(name),
    hostName(name),
    podFitsHostPorts(name),
    matchNodeSelector(name),
  ];
  return {
    name,
    preFilter(cycle) {
      const parts: Part[] = [];
      for (const predicate of predicates) {
        const prepared = predicate.preFilter!(cycle);
        if ('state' in prepared) parts.push({ predicate, state: prepared.state });
      }
      return { state: parts };
    },
    filterScope: 'node',
    classKey: (cls) => JSON.stringify(predicates.map((predicate) => predicate.classKey?.(cls) ?? cls.id)),
    filter(parts, node, cycle) {
      let first: Status | undefined;
      let all: Status[] | undefined;
      for (const { predicate, state } of parts) {
        const status = predicate.filter!(state, node, cycle);
        if (!status) continue;
        if (first) (all ??= [first]).push(status);
        else first = status;
      }
      return all ? mergedStatus(all) : first;
    },
  };
}
