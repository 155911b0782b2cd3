/** How long each pod waits for images: the time during which at least one of its containers does. */
import type { PodIdentity } from '../kube/pod-object.ts';
import type { PodLedger } from './pod-ledger.ts';

export class PullWatch {
  readonly #table: PodLedger;

  constructor(table: PodLedger) {
    this.#table = table;
  }

  began({ slot, uid }: PodIdentity, nowUs: number): void {
    const { nPulling, pullSinceUs } = this.#table;
    if (!this.#table.is(slot, uid)) return;
    if (nPulling[slot]!++ === 0) pullSinceUs[slot] = nowUs;
  }

  ended({ slot, uid }: PodIdentity, nowUs: number): void {
    const { nPulling, pullSinceUs, pulledUs } = this.#table;
    if (!this.#table.is(slot, uid) || nPulling[slot] === 0) return;
    if (--nPulling[slot]! === 0) pulledUs[slot]! += nowUs - pullSinceUs[slot]!;
  }
}
