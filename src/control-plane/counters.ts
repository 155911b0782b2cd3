// The load of the control plane: requests by verb and kind, etcd writes, watch events.

export class Counters {
  /** Requests by `verb resource`, as in `create Pod` or `patch Pod/status`. */
  readonly requests = new Map<string, number>();
  /** Requests by `verb resource code` that were refused. */
  readonly failures = new Map<string, number>();
  etcdWrites = 0;
  /** Changes handed to watchers, all kinds. */
  watchEvents = 0;

  request(what: string, count = 1): void {
    if (count > 0) this.requests.set(what, (this.requests.get(what) ?? 0) + count);
  }

  failure(what: string, code: number): void {
    const key = `${what} ${code}`;
    this.failures.set(key, (this.failures.get(key) ?? 0) + 1);
  }
}
