/**
 * PreFilter and Filter of one scheduling cycle: the plugins' states and the answer for single nodes.
 * Source of the rules: kubernetes v1.37.2 pkg/scheduler/framework/runtime/framework.go RunPreFilterPlugins,
 * RunFilterPlugins.
 */
import { compareStrings } from '../../base/orders.ts';
import type { Cycle, PodMove } from './plugin.ts';
import type { AnyPlugin, Profile } from './profile.ts';
import { mergedStatus, type Status, unresolvable } from './status.ts';

/** What PreFilter said of the pod as a whole. */
export interface PreFilterOutcome {
  /** Set if the pod is rejected before any node is looked at. */
  readonly rejection: Status | undefined;
  /** The nodes that are looked at; undefined = all. Names that do not exist are possible. */
  readonly nodeNames: ReadonlySet<string> | undefined;
  /** What the nodes outside nodeNames count as. */
  readonly absentStatus: Status | undefined;
  /** The plugins that named nodes: they count among those that rejected the pod. */
  readonly namedBy: readonly string[];
}

export class FilterRun {
  readonly cycle: Cycle;
  readonly outcome: PreFilterOutcome;
  /** Plugins whose PreFilter said Skip. */
  readonly skipped: ReadonlySet<AnyPlugin>;
  /** Plugins whose Filter takes part, with their states at the same positions. */
  readonly plugins: AnyPlugin[] = [];
  readonly states: unknown[] = [];
  readonly #checksAll: boolean;

  constructor(profile: Profile, cycle: Cycle) {
    this.cycle = cycle;
    this.#checksAll = profile.checksAllFilters;
    const states = new Map<AnyPlugin, unknown>();
    const skipped = new Set<AnyPlugin>();
    this.skipped = skipped;
    this.outcome = runPreFilter(profile, cycle, states, skipped);
    for (const plugin of profile.filter) {
      if (skipped.has(plugin)) continue;
      this.plugins.push(plugin);
      this.states.push(states.get(plugin));
    }
  }

  /** The first plugin's status that rejects the node (or that of all, where the profile wants it); undefined = feasible. */
  filter(node: number): Status | undefined {
    const { plugins, states, cycle } = this;
    for (let i = 0; i < plugins.length; i++) {
      const status = plugins[i]!.filter!(states[i], node, cycle);
      if (status !== undefined) return this.#checksAll ? this.#withRest(status, i + 1, node) : status;
    }
    return undefined;
  }

  /** An error ends it at once: the attempt fails. */
  #withRest(first: Status, from: number, node: number): Status {
    const { plugins, states, cycle } = this;
    const statuses = [first];
    for (let i = from; i < plugins.length && statuses.at(-1)!.code !== 'Error'; i++) {
      const status = plugins[i]!.filter!(states[i], node, cycle);
      if (status !== undefined) statuses.push(status);
    }
    const last = statuses.at(-1)!;
    return statuses.length === 1 || last.code === 'Error' ? last : mergedStatus(statuses);
  }

  /** Tells every state that a pod came to or left a node (the cluster's columns are changed by the caller). */
  podMoved(move: PodMove): void {
    const { plugins, states, cycle } = this;
    for (let i = 0; i < plugins.length; i++) plugins[i]!.podMoved?.(states[i], move, cycle);
  }
}

function runPreFilter(
  profile: Profile,
  cycle: Cycle,
  states: Map<AnyPlugin, unknown>,
  skipped: Set<AnyPlugin>,
): PreFilterOutcome {
  let rejection: Status | undefined;
  let nodeNames: ReadonlySet<string> | undefined;
  const naming: string[] = [];
  for (const plugin of profile.preFilter) {
    const prepared = plugin.preFilter!(cycle);
    if ('status' in prepared) {
      rejection = prepared.status;
      // Unschedulable is remembered while the others still run; anything worse ends PreFilter at once.
      if (rejection.code === 'Unschedulable') continue;
      return { rejection, nodeNames: undefined, absentStatus: undefined, namedBy: [] };
    }
    if ('skip' in prepared) skipped.add(plugin);
    else states.set(plugin, prepared.state);
    if (prepared.nodeNames === undefined) continue;
    naming.push(plugin.name);
    nodeNames = nodeNames === undefined ? prepared.nodeNames : intersection(nodeNames, prepared.nodeNames);
    if (nodeNames.size === 0) {
      return { rejection: nothingNamed(naming), nodeNames, absentStatus: undefined, namedBy: naming };
    }
  }
  const absentStatus =
    nodeNames === undefined
      ? undefined
      : unresolvable('', `node(s) didn't satisfy plugin(s) [${[...naming].sort(compareStrings).join(' ')}]`);
  return { rejection, nodeNames, absentStatus, namedBy: naming };
}

function nothingNamed(naming: readonly string[]): Status {
  return naming.length === 1
    ? unresolvable(naming[0]!, `node(s) didn't satisfy plugin ${naming[0]}`)
    : unresolvable(
        '',
        `node(s) didn't satisfy plugin(s) [${[...naming].sort(compareStrings).join(' ')}] simultaneously`,
      );
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  return new Set([...a].filter((name) => b.has(name)));
}
