// Through whom the kubelets speak: one client with a limiter of its own per node, or one for all.

import type { ApiClient, ApiProcess } from '../kube/api.ts';

export interface KubeletClientModel {
  /** Requests per second and burst; undefined: no limit, and then one client serves all. */
  readonly qps: number | undefined;
  readonly burst: number;
  /** False: all kubelets share one limiter, as stand-ins in one program do. */
  readonly isPerNode: boolean;
}

export class KubeletClients {
  readonly #process: ApiProcess;
  readonly #model: KubeletClientModel;
  readonly #shared: ApiClient | undefined;
  /** Made with a node's first request. */
  readonly #byRow: (ApiClient | undefined)[] = [];
  /** The recorders of events have limiters of their own. */
  readonly #recorders: (ApiClient | undefined)[] = [];

  constructor(process: ApiProcess, model: KubeletClientModel) {
    this.#process = process;
    this.#model = model;
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
    return this.#process.client({ name: 'kubelet', ...(qps !== undefined && { qps, burst }) });
  }
}
