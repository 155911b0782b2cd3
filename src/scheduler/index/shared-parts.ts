/** What classes share: the positions, local scores by what is asked of single nodes, and partitions by topology keys. */
import type { Cluster } from '../../cluster/cluster.ts';
import type { LabelColumn } from '../../cluster/label-columns.ts';
import type { Changed } from './backlog.ts';
import type { LocalTerms } from './class-terms.ts';
import { Cohort } from './cohort.ts';
import { Grouping } from './grouping.ts';
import { LocalScores } from './local-scores.ts';
import { NodeChanges } from './node-changes.ts';
import { NodeCopies } from './node-copies.ts';
import { type Division, Partition } from './partition.ts';
import { Positions } from './positions.ts';
import { StaticScores } from './static-scores.ts';

/** Nodes that are worked out together: few enough for everything to stay in the processor's nearest memory. */
const N_BATCH = 1024;

export class SharedParts {
  readonly changes: NodeChanges;
  readonly cohort: Cohort;
  positions: Positions;
  /** Partitions that were given up so far. */
  nDropped = 0;
  /** Scheduling cycles so far. */
  nCycles = 0;
  readonly #cluster: Cluster;
  readonly #nBytesMax: number;
  /** Partitions made since all were weighed. */
  #nMade = 0;
  readonly #batch = new NodeCopies(N_BATCH);
  readonly #changed: Changed;
  readonly #statics = new Map<string, StaticScores>();
  readonly #locals = new Map<string, LocalScores>();
  readonly #groupings = new Map<string, Grouping>();
  readonly #partitions = new Map<string, Partition>();
  readonly #columnIds = new Map<LabelColumn, number>();
  readonly #isUnique = new Map<LabelColumn, boolean>();
  #labelsVersion = 0;

  /** @param nBytesMax what all parts may take; the partitions that were used longest ago are given up first */
  constructor(cluster: Cluster, nBytesMax: number) {
    this.#cluster = cluster;
    this.#nBytesMax = nBytesMax;
    this.changes = new NodeChanges(cluster);
    this.#changed = { nodes: cluster.nodes, changes: this.changes, batch: this.#batch };
    this.positions = new Positions(cluster);
    this.cohort = new Cohort(this.changes);
  }

  /** Takes in what has happened to nodes. */
  follow(): void {
    this.nCycles++;
    this.changes.follow();
    this.#batch.follow(this.#cluster.nodes);
    if (this.#cluster.order.walk() === this.positions.rows) this.cohort.catchUp(this.positions);
    else {
      this.positions = new Positions(this.#cluster);
      this.cohort.dissolve();
    }
  }

  /** What all parts take. */
  get nBytes(): number {
    const parts = [this.#statics, this.#groupings, this.#partitions];
    return parts.reduce((sum, made) => [...made.values()].reduce((all, { nBytes }) => all + nBytes, sum), 0);
  }

  /** Whether no two nodes have the same value. */
  isUnique(column: LabelColumn): boolean {
    const { labelsVersion } = this.changes;
    if (this.#labelsVersion !== labelsVersion) this.#isUnique.clear();
    this.#labelsVersion = labelsVersion;
    let isUnique = this.#isUnique.get(column);
    if (isUnique === undefined) this.#isUnique.set(column, (isUnique = this.#findOutIsUnique(column)));
    return isUnique;
  }

  /** A partition; of its own for the class of the terms if something is counted node by node. */
  partition(terms: LocalTerms, { columns, tallies }: Division): Partition {
    const columnIds = columns.map((column) => this.#idOf(column));
    const isOwn = tallies.length > 0;
    const key = isOwn ? `class ${terms.cycle.cls.id}` : JSON.stringify([terms.key, columnIds]);
    const known = this.#partitions.get(key);
    if (known && !isOwn) return known;
    const local = madeOnce(
      this.#locals,
      terms.key,
      () => new LocalScores(terms, this.#static(terms), this.#changed),
    );
    const grouping = madeOnce(
      this.#groupings,
      JSON.stringify([terms.staticKey, columnIds]),
      () => new Grouping(local.static, columns, this.changes),
    );
    const partition = new Partition(this.#changed, this.cohort, local, grouping, tallies);
    known?.drop();
    partition.lastUsedAt = this.nCycles;
    this.#partitions.set(key, partition);
    this.#makeRoom();
    return partition;
  }

  #static(terms: LocalTerms): StaticScores {
    return madeOnce(this.#statics, terms.staticKey, () => new StaticScores(terms, this.changes));
  }

  /** Weighing all parts takes as long as there are parts: it is done for every sixteenth part of them that is new. */
  #makeRoom(): void {
    if (++this.#nMade * 16 < this.#partitions.size) return;
    this.#nMade = 0;
    if (this.nBytes <= this.#nBytesMax) return;
    const byAge = [...this.#partitions].sort(([, a], [, b]) => a.lastUsedAt - b.lastUsedAt);
    let nBytes = this.nBytes;
    for (const [key, partition] of byAge.slice(0, -1)) {
      if (nBytes <= this.#nBytesMax) return;
      partition.drop();
      this.#partitions.delete(key);
      this.nDropped++;
      this.#forgetUnused();
      nBytes = this.nBytes;
    }
  }

  #forgetUnused(): void {
    const used = new Set([...this.#partitions.values()].flatMap(({ basis }) => basis));
    for (const made of [this.#statics, this.#locals, this.#groupings]) {
      for (const [key, part] of made) if (!used.has(part)) made.delete(key);
    }
  }

  #idOf(column: LabelColumn): number {
    return madeOnce(this.#columnIds, column, () => this.#columnIds.size);
  }

  #findOutIsUnique({ data, values }: LabelColumn): boolean {
    const isSeen = new Uint8Array(values.size);
    for (const row of this.positions.rows) {
      const value = data[row]!;
      if (value === -1) continue;
      if (isSeen[value]) return false;
      isSeen[value] = 1;
    }
    return true;
  }
}

function madeOnce<K, T>(made: Map<K, T>, key: K, make: () => T): T {
  let part = made.get(key);
  if (part === undefined) made.set(key, (part = make()));
  return part;
}
