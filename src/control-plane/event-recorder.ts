// Event objects: each client's recorder filters spam, then sends one event after the other through the client's limiter.
// Events are counted and shown, not stored.
// Source: client-go tools/record/{event,events_cache}.go, 1.37: a bucket of 25 per source and object, one token back in
// 300 s; a queue of 1000, further events are dropped.
// Deviation: similar events are not merged into one (that saves no request).

import type { Reply } from '../kube/api.ts';
import { isPod, type PodObject } from '../kube/pod-object.ts';
import type { KubeObject } from '../kube/types.ts';
import type { Client } from './api-client.ts';

const BURST = 25;
const REFILL_US = 300_000_000;
const N_QUEUED_MAX = 1000;

/** Shown to observers: what happened to which object, says whom. */
export interface RecordedEvent {
  readonly atUs: number;
  readonly source: string;
  readonly about: PodObject | KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

interface Bucket {
  tokens: number;
  atUs: number;
}

export class EventRecorder {
  readonly observers: ((event: RecordedEvent) => void)[] = [];
  readonly #now: () => number;
  /** Events that each client has still to send, the one under way included. */
  readonly #nQueued = new Map<Client, number>();
  /** By source and uid of objects other than pods, whose events are few each. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(now: () => number) {
    this.#now = now;
  }

  record(
    client: Client,
    about: PodObject | KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    const { observers } = this;
    if (observers.length > 0) {
      const event = { atUs: this.#now(), source: client.name, about, type, reason, message };
      for (const observer of observers) observer(event);
    }
    const isFew = isPod(about);
    if (!isFew && !this.#passes(`${client.name}/${about.metadata.uid}`)) return;
    const nQueued = this.#nQueued.get(client) ?? 0;
    if (nQueued >= N_QUEUED_MAX) return;
    this.#nQueued.set(client, nQueued + 1);
    if (nQueued === 0) client.sendEvent(this.#sent);
  }

  readonly #sent: Reply<KubeObject, Client> = (_error, _object, client) => {
    const nQueued = this.#nQueued.get(client)! - 1;
    this.#nQueued.set(client, nQueued);
    if (nQueued > 0) client.sendEvent(this.#sent);
  };

  #passes(key: string): boolean {
    const nowUs = this.#now();
    let bucket = this.#buckets.get(key);
    if (!bucket) this.#buckets.set(key, (bucket = { tokens: BURST, atUs: nowUs }));
    bucket.tokens = Math.min(BURST, bucket.tokens + (nowUs - bucket.atUs) / REFILL_US);
    bucket.atUs = nowUs;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}
