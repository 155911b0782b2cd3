/**
 * Queueing hints: which events may make a pod schedulable that a given plugin rejected. Each plugin has a table of the
 * kinds of events it registers for; a plugin without a table is taken to care for every event.
 * Source of the rules: kubernetes v1.37.2 pkg/scheduler/scheduler.go buildQueueingHintMap and each plugin's
 * EventsToRegister.
 */

import { assert } from '../../base/assert.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import type { AnyPlugin, Profile } from '../framework/profile.ts';
import { EventKind, N_EVENT_KINDS, type Subject } from './cluster-event.ts';

/** The rejected pod as a hint sees it. */
export interface HintPod {
  readonly cls: PodClass;
  /** The only node that will do, '' for any. */
  readonly pinnedNode: string;
}

/** Whether the event is worth another attempt. */
export type Hint = (
  pod: HintPod,
  // biome-ignore lint/suspicious/noExplicitAny: the kind of the event says what its subjects are
  now: any,
  // biome-ignore lint/suspicious/noExplicitAny: see above
  before: any,
  cluster: Cluster,
) => boolean;

/** A hint for each kind of event that the plugin registers for. */
export type HintTable = Readonly<Partial<Record<keyof typeof EventKind, Hint>>>;

/** Every event is worth it. */
export const always: Hint = () => true;

/** The plugin registers for the event, but never wants to see the pod again because of it. */
export const never: Hint = () => false;

/** Bits of plugins that a mask of rejectors can hold: those that may reject must be among a profile's first. */
const N_PLUGINS_MAX = 32;

function isOnlyScoring({ preEnqueue, preFilter, filter, postFilter, reserve, preBind }: AnyPlugin): boolean {
  return !(preEnqueue || preFilter || filter || postFilter || reserve || preBind);
}

export class QueueingHints {
  readonly #cluster: Cluster;
  /** Per kind of event: which plugins registered for it (a bit each), and their hints by position. */
  readonly #interested = new Uint32Array(N_EVENT_KINDS);
  readonly #hints: (Hint | undefined)[][] = [];

  constructor(profile: Profile, tables: Readonly<Record<string, HintTable>>, cluster: Cluster) {
    const rejecting = profile.plugins.slice(0, N_PLUGINS_MAX);
    assert(
      profile.plugins.every((plugin) => rejecting.includes(plugin) || isOnlyScoring(plugin)),
      'a plugin beyond the 32nd of a profile may reject pods',
    );
    this.#cluster = cluster;
    const kinds = Object.entries(EventKind);
    for (const [name, kind] of kinds) {
      this.#hints[kind] = rejecting.map((plugin) => {
        const table = tables[plugin.name];
        return table === undefined ? always : table[name as keyof typeof EventKind];
      });
      this.#hints[kind]!.forEach((hint, position) => {
        if (hint) this.#interested[kind]! |= 1 << position;
      });
    }
    this.#interested[EventKind.Wildcard] = -1;
  }

  /** Whether any of the plugins (one bit each) registered for the kind of event. */
  concerns(kind: EventKind, plugins: number): boolean {
    return (this.#interested[kind]! & plugins) !== 0;
  }

  /** Whether the event is worth another attempt of a pod that these plugins rejected. */
  isWorthRequeuing(pod: HintPod, rejectors: number, kind: EventKind, now: Subject, before: Subject): boolean {
    if (kind === EventKind.Wildcard || rejectors === 0) return true;
    let left = this.#interested[kind]! & rejectors;
    const hints = this.#hints[kind]!;
    while (left !== 0) {
      const position = 31 - Math.clz32(left & -left);
      if (hints[position]!(pod, now, before, this.#cluster)) return true;
      left &= left - 1;
    }
    return false;
  }
}
