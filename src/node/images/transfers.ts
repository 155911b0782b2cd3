// Downloads that share bandwidth: those of one node share its link, and all of them share what the registry gives.
// A download gets the smaller of an equal share of both, so rates change only when one begins or ends.
// Deviation: what a slow link leaves of the registry's bandwidth is not given to the others.

import type { EventKind, Simulation } from '../../sim/simulation.ts';

export interface BandwidthModel {
  readonly nodeBytesPerSec: number;
  /** Infinity: the registry is never the bottleneck. */
  readonly registryBytesPerSec: number;
}

interface Transfer {
  leftBytes: number;
  readonly done: TransferListener;
  readonly tag: object;
}

export interface TransferListener {
  transferred(tag: object): void;
}

interface Link {
  readonly row: number;
  readonly transfers: Transfer[];
  sinceUs: number;
  bytesPerSec: number;
  attempt: number;
}

export class Transfers {
  readonly #simulation: Simulation;
  readonly #model: BandwidthModel;
  readonly #kind: EventKind;
  readonly #rebalanceKind: EventKind;
  readonly #links = new Map<number, Link>();
  #nTransfers = 0;
  #isRebalancing = false;

  constructor(simulation: Simulation, model: BandwidthModel) {
    this.#simulation = simulation;
    this.#model = model;
    this.#kind = simulation.defineKind('node/transfer', (attempt, _, link) =>
      this.#due(link as Link, attempt),
    );
    this.#rebalanceKind = simulation.defineKind('node/rebalance', () => this.#rebalance());
  }

  begin(row: number, bytes: number, done: TransferListener, tag: object): void {
    let link = this.#links.get(row);
    if (!link) {
      link = { row, transfers: [], sinceUs: this.#simulation.nowUs, bytesPerSec: 0, attempt: 0 };
      this.#links.set(row, link);
    }
    this.#advance(link);
    link.transfers.push({ leftBytes: bytes, done, tag });
    this.#changed(link, 1);
  }

  /** The machine is dead: its downloads are lost, and nobody is told. */
  drop(row: number): void {
    const link = this.#links.get(row);
    if (!link) return;
    link.attempt++;
    this.#links.delete(row);
    this.#nTransfers -= link.transfers.length;
    this.#rebalanceSoon();
  }

  #due(link: Link, attempt: number): void {
    if (attempt !== link.attempt) return;
    this.#advance(link);
    const done = link.transfers.filter(({ leftBytes }) => leftBytes < 1);
    const left = link.transfers.filter(({ leftBytes }) => leftBytes >= 1);
    link.transfers.length = 0;
    link.transfers.push(...left);
    if (left.length === 0) this.#links.delete(link.row);
    this.#changed(link, -done.length);
    for (const transfer of done) transfer.done.transferred(transfer.tag);
  }

  #changed(link: Link, nMore: number): void {
    this.#nTransfers += nMore;
    this.#plan(link);
    this.#rebalanceSoon();
  }

  /** All others notice only if the registry's bandwidth is what counts. */
  #rebalanceSoon(): void {
    if (this.#isRebalancing || this.#model.registryBytesPerSec === Infinity) return;
    this.#isRebalancing = true;
    this.#simulation.after(0, this.#rebalanceKind);
  }

  #rebalance(): void {
    this.#isRebalancing = false;
    for (const link of this.#links.values()) {
      if (link.bytesPerSec === this.#rate(link)) continue;
      this.#advance(link);
      this.#plan(link);
    }
  }

  #rate({ transfers }: Link): number {
    const { nodeBytesPerSec, registryBytesPerSec } = this.#model;
    return Math.min(nodeBytesPerSec / transfers.length, registryBytesPerSec / Math.max(1, this.#nTransfers));
  }

  /** What was downloaded since the last look. */
  #advance(link: Link): void {
    const { nowUs } = this.#simulation;
    const bytes = ((nowUs - link.sinceUs) / 1e6) * link.bytesPerSec;
    link.sinceUs = nowUs;
    for (const transfer of link.transfers) transfer.leftBytes = Math.max(0, transfer.leftBytes - bytes);
  }

  #plan(link: Link): void {
    link.attempt++;
    if (link.transfers.length === 0) return;
    link.bytesPerSec = this.#rate(link);
    const leftBytes = Math.min(...link.transfers.map((transfer) => transfer.leftBytes));
    const us = Math.ceil((leftBytes / link.bytesPerSec) * 1e6);
    this.#simulation.after(us, this.#kind, link.attempt, 0, link);
  }
}
