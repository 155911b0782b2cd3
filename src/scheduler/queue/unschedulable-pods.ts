/**
 * Pods that were rejected and wait for an event that may help, and pods that are gated. Pods of one class that the
 * same plugins rejected are alike to every queueing hint, so they stand in one group and are asked once.
 * Source: kubernetes v1.37.2 pkg/scheduler/backend/queue/unschedulable_entities.go (a map of single pods). Deviation:
 * pods leave group by group and within a group in order of arrival; the real order is open.
 */
import { Place, type QueueTable } from './queue-table.ts';
import { RowList } from './row-list.ts';

export interface UnschedulableGroup {
  readonly cls: number;
  readonly profile: number;
  readonly rejectors: number;
  /** Position of the plugin that gates the pods, or -1. */
  readonly gate: number;
  /** The pod's row where it is alone because it differs from its class (pinned to a node), else -1. */
  readonly loner: number;
  readonly rows: RowList;
}

export class UnschedulablePods {
  size = 0;
  nGated = 0;
  readonly #table: QueueTable;
  readonly #groups = new Map<number, UnschedulableGroup>();
  readonly #groupOf: (UnschedulableGroup | undefined)[] = [];

  constructor(table: QueueTable) {
    this.#table = table;
  }

  /** In order of their making. Move nothing while going through them. */
  groups(): IterableIterator<UnschedulableGroup> {
    return this.#groups.values();
  }

  /** `isPinned`: the pod differs from others of its class. */
  add(row: number, isPinned: boolean): void {
    const table = this.#table;
    const group = this.#group(row, isPinned);
    table.place[row] = Place.Unschedulable;
    group.rows.append(table, row);
    this.#groupOf[row] = group;
    this.size++;
    if (group.gate !== -1) this.nGated++;
  }

  /** Takes out a pod whose place is Unschedulable. */
  remove(row: number): void {
    const group = this.#groupOf[row]!;
    this.#groupOf[row] = undefined;
    group.rows.remove(this.#table, row);
    this.#table.place[row] = Place.None;
    this.size--;
    if (group.gate !== -1) this.nGated--;
    if (group.rows.size === 0) this.#groups.delete(keyOf(group));
  }

  #group(row: number, isPinned: boolean): UnschedulableGroup {
    const { cls, profile, rejectors, gate } = this.#table;
    const shared = {
      cls: cls[row]!,
      profile: profile[row]!,
      rejectors: rejectors[row]!,
      gate: gate[row]!,
      loner: isPinned ? row : -1,
    };
    const key = keyOf(shared);
    let group = this.#groups.get(key);
    if (!group) this.#groups.set(key, (group = { ...shared, rows: new RowList() }));
    return group;
  }
}

/** One number per group: loners by row, the others by class, rejecting plugins and whether they are gated. */
function keyOf(group: Omit<UnschedulableGroup, 'rows'>): number {
  if (group.loner !== -1) return -1 - group.loner;
  return (group.cls * 2 + (group.gate === -1 ? 0 : 1)) * 2 ** 32 + group.rejectors;
}
