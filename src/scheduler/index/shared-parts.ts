/** What classes share: the positions, local scores by what is asked of single nodes, and partitions by topology keys. */
import type { Cluster } from '../../cluster/cluster.ts';
import type { LabelColumn } from '../../cluster/label-columns.ts';
import type { LocalTerms } from './class-terms.ts';
import { Grouping } from './grouping.ts';
import { LocalScores } from './local-scores.ts';
import { type Division, Partition } from './partition.ts';
import { Positions } from './positions.ts';
import { StaticScores } from './static-scores.ts';

export class SharedParts {
  readonly #cluster: Cluster;
  #positions: Positions | undefined;
  readonly #statics = new Map<string, StaticScores>();
  readonly #locals = new Map<string, LocalScores>();
  readonly #groupings = new Map<string, Grouping>();
  readonly #partitions = new Map<string, Partition>();
  readonly #columnIds = new Map<LabelColumn, number>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** A new object whenever nodes have changed; all other parts are then made anew. */
  positions(): Positions {
    if (this.#positions?.nodesVersion !== this.#cluster.log.nodesVersion) {
      this.#positions = new Positions(this.#cluster);
      this.#statics.clear();
      this.#locals.clear();
      this.#groupings.clear();
      this.#partitions.clear();
    }
    return this.#positions!;
  }

  local(terms: LocalTerms): LocalScores {
    let local = this.#locals.get(terms.key);
    if (!local) {
      local = new LocalScores(terms, this.positions(), this.#static(terms));
      this.#locals.set(terms.key, local);
    }
    return local;
  }

  /** A partition; the class's own if something is counted node by node. */
  partition(terms: LocalTerms, division: Division): Partition {
    const { log } = this.#cluster;
    const local = this.local(terms);
    const columns = division.columns.map((column) => this.#idOf(column));
    const grouping = this.#grouping(JSON.stringify([terms.staticKey, columns]), local, division);
    if (division.tallies.length > 0) {
      return new Partition(local, this.positions(), grouping, division.tallies, log);
    }
    const key = JSON.stringify([terms.key, columns]);
    let partition = this.#partitions.get(key);
    if (!partition) {
      partition = new Partition(local, this.positions(), grouping, [], log);
      this.#partitions.set(key, partition);
    }
    return partition;
  }

  #static(terms: LocalTerms): StaticScores {
    let scores = this.#statics.get(terms.staticKey);
    if (!scores) this.#statics.set(terms.staticKey, (scores = new StaticScores(terms, this.positions())));
    return scores;
  }

  #grouping(key: string, local: LocalScores, { columns }: Division): Grouping {
    let grouping = this.#groupings.get(key);
    if (!grouping)
      this.#groupings.set(key, (grouping = new Grouping(local.static, this.positions(), columns)));
    return grouping;
  }

  #idOf(column: LabelColumn): number {
    let id = this.#columnIds.get(column);
    if (id === undefined) this.#columnIds.set(column, (id = this.#columnIds.size));
    return id;
  }
}
