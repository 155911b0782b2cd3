// The kubelets' sign of life: a node that appears becomes Ready, renews its lease, and says so again when it comes back.
// Source: pkg/kubelet/kubelet_node_status.go and component-helpers/apimachinery/lease/controller.go, 1.37.
// Deviations: a lease is renewed at a constant period of its own, drawn once per node (the real one draws a jitter of up
// to 4 % each time); nodes that are there from the start began to renew at a random phase.

import type { ApiClient, ApiProcess } from '../kube/api.ts';
import type { RandomStream, RandomStreams } from '../sim/random-streams.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { NodeRows } from './node-rows.ts';
import type { NodeStatusWriter } from './node-status.ts';
import { tickAtOrAfter } from './pods/probe-walk.ts';

export interface HeartbeatModel {
  readonly periodUs: number;
  /** Each node's period is longer by up to this share. */
  readonly jitterRatio: number;
  /** Do nodes tick at instants of their own, or all from the instant at which they appear? */
  readonly hasRandomPhase: boolean;
  /** How long a kubelet that is started again takes to write; undefined: it goes on at its next tick as if it had slept. */
  readonly restartUs: number | undefined;
}

interface HeartbeatsOptions {
  readonly simulation: Simulation;
  readonly process: ApiProcess;
  readonly streams: RandomStreams;
  readonly model: { readonly heartbeat: HeartbeatModel };
}

export class Heartbeats {
  readonly #simulation: Simulation;
  readonly #nodes: NodeRows;
  readonly #client: ApiClient;
  readonly model: HeartbeatModel;
  readonly #stream: RandomStream;
  readonly #status: NodeStatusWriter;
  /** By node row. */
  readonly #periodsUs: number[] = [];

  constructor(options: HeartbeatsOptions, nodes: NodeRows, status: NodeStatusWriter) {
    const { simulation, process, streams, model } = options;
    this.#simulation = simulation;
    this.#nodes = nodes;
    this.#client = process.client({ name: 'kubelet-heartbeat' });
    this.model = model.heartbeat;
    this.#stream = streams.open('node/heartbeat');
    this.#status = status;
  }

  /** A node's kubelet begins; if the node is not known to be Ready yet, it says so. */
  begin(row: number, isNew: boolean): void {
    const { nowUs } = this.#simulation;
    const { periodUs, jitterRatio, hasRandomPhase } = this.model;
    const period = Math.round(periodUs * (1 + (jitterRatio > 0 ? jitterRatio * this.#stream.next() : 0)));
    const isOld = !isNew && nowUs === 0;
    const firstUs = nowUs + (hasRandomPhase && isOld ? this.#stream.int(period) : 0);
    this.#periodsUs[row] = period;
    this.#nodes.tickUs.data[row] = firstUs;
    this.#renewFrom(row, firstUs);
    if (isNew) this.#status.reportAt(row, nowUs);
  }

  stop(row: number): void {
    this.#client.endLease(this.#nodes.name(row));
  }

  /** The kubelet is back: it renews its lease and posts that the node is Ready, now or at its next tick. */
  resume(row: number): void {
    const { nowUs } = this.#simulation;
    const hasSlept = this.model.restartUs === undefined;
    const period = this.#periodsUs[row]!;
    const atUs = hasSlept ? tickAtOrAfter(this.#nodes.tickUs.data[row]!, period, nowUs) : nowUs;
    this.#nodes.tickUs.data[row] = atUs;
    this.#renewFrom(row, atUs);
    this.#status.reportAt(row, atUs);
  }

  #renewFrom(row: number, firstUs: number): void {
    this.#client.renewLease(this.#nodes.name(row), firstUs, this.#periodsUs[row]!);
  }
}
