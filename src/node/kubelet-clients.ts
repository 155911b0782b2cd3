// Through whom the kubelets speak: one client with a limiter of its own per node, or one for all.

import type { ApiClient, ApiProcess } from '../kube/api.ts';

export interface KubeletClientModel {
  /** Requests per second and burst; undefined: no limit, and then one client serves all. */
  readonly qps: number | undefined;
  readonly burst: number;
  /** False: all kubelets share one limiter, as stand-ins in one program do. */
  readonly isPerNode: boolean;
}

/** The status manager looks at everything so often (kubelet 1.37), and then sends again what did not arrive. */
export const RETRY_US = 10_000_000;

export class KubeletClients {
  readonly #process: ApiProcess;
  readonly #model: KubeletClientModel;
  readonly #retryUs: number | undefined;
  readonly #shared: ApiClient | undefined;
  /** Made with a node's first request. */
  readonly #byRow: (ApiClient | undefined)[] = [];
  /** The recorders of events have limiters of their own. */
  readonly #recorders: (ApiClient | undefined)[] = [];

  /** `retryUs`: requests that reach nobody are sent again after this; undefined: the caller hears of it. */
  constructor(process: ApiProcess, model: KubeletClientModel, retryUs: number | undefined) {
    this.#process = process;
    this.#model = model;
    this.#retryUs = retryUs;
    if (model.qps === undefined || !model.isPerNode) this.#shared = this.#open();
  }

  of(row: number): ApiClient {
    if (this.#shared) return this.#shared;
    while (this.#byRow.length <= row) this.#byRow.push(undefined);
    return (this.#byRow[row] ??= this.#open());
  }

  /** Who writes the node's events. */
  recorder(row: number): ApiClient {
    while (this.#recorders.length <= row) this.#recorders.push(undefined);
    return (this.#recorders[row] ??= this.#open());
  }

  #open(): ApiClient {
    const { qps, burst } = this.#model;
    return this.#process.client({
      name: 'kubelet',
      ...(qps !== undefined && { qps, burst }),
      ...(this.#retryUs !== undefined && { retryUs: this.#retryUs }),
    });
  }
}
