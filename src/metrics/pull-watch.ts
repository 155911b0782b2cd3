/** How long each pod waits for images: the time during which at least one of its containers does. */
import type { PodIdentity } from '../kube/pod-object.ts';
import { FIELD, type PodLedger } from './pod-ledger.ts';

export class PullWatch {
  readonly #table: PodLedger;

  constructor(table: PodLedger) {
    this.#table = table;
  }

  began({ slot, uid }: PodIdentity, nowUs: number): void {
    const table = this.#table;
    if (!table.is(slot, uid)) return;
    const at = table.at(slot);
    if (table.numbers[at + FIELD.nPulling]!++ === 0) table.numbers[at + FIELD.pullSinceUs] = nowUs;
  }

  ended({ slot, uid }: PodIdentity, nowUs: number): void {
    const { numbers } = this.#table;
    const at = this.#table.at(slot);
    if (!this.#table.is(slot, uid) || numbers[at + FIELD.nPulling] === 0) return;
    if (--numbers[at + FIELD.nPulling]! > 0) return;
    numbers[at + FIELD.pulledUs]! += nowUs - numbers[at + FIELD.pullSinceUs]!;
  }
}
