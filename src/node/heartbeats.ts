// The kubelets' sign of life: a node that appears becomes Ready, renews its lease, and says so again when it comes back.
// Source: pkg/kubelet/kubelet_node_status.go and component-helpers/apimachinery/lease/controller.go, 1.37.
// Deviations: a lease is renewed at a constant period of its own, drawn once per node (the real one draws a jitter of up
// to 4 % each time); nodes that are there from the start began to renew at a random phase; the node status is written
// only when a condition changes, not every five minutes.

import type { ApiClient, ApiProcess } from '../kube/api.ts';
import type { Node } from '../kube/types.ts';
import type { RandomStream, RandomStreams } from '../sim/random-streams.ts';
import type { EventKind, Simulation } from '../sim/simulation.ts';
import { type ConditionUpdate, type PostedCondition, withConditions } from './node-edits.ts';
import { DOWN, type NodeRows } from './node-rows.ts';

export interface HeartbeatModel {
  readonly periodUs: number;
  /** Each node's period is longer by up to this share. */
  readonly jitterRatio: number;
  /** Do nodes tick at instants of their own, or all from the instant at which they appear? */
  readonly hasRandomPhase: boolean;
  /** How long a kubelet that is started again takes to write; undefined: it goes on at its next tick as if it had slept. */
  readonly restartUs: number | undefined;
}

const READY: ReadonlySet<PostedCondition> = new Set(['Ready']);

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
  readonly #model: HeartbeatModel;
  readonly #stream: RandomStream;
  readonly #ready: ConditionUpdate;
  readonly #postKind: EventKind;
  /** By node row. */
  readonly #periodsUs: number[] = [];

  constructor(options: HeartbeatsOptions, nodes: NodeRows) {
    const { simulation, process, streams, model } = options;
    this.#simulation = simulation;
    this.#nodes = nodes;
    this.#client = process.client({ name: 'kubelet-heartbeat' });
    this.#model = model.heartbeat;
    this.#stream = streams.open('node/heartbeat');
    this.#ready = { clock: process.clock, isTrue: READY, readyReason: 'KubeletReady' };
    this.#postKind = simulation.defineKind('node/post-ready', (row, life) => this.#post(row, life));
  }

  /** A node's kubelet begins; if the node is not known to be Ready yet, it says so. */
  begin(row: number, isNew: boolean): void {
    const { nowUs } = this.#simulation;
    const { periodUs, jitterRatio, hasRandomPhase } = this.#model;
    const period = Math.round(periodUs * (1 + (jitterRatio > 0 ? jitterRatio * this.#stream.next() : 0)));
    const isOld = !isNew && nowUs === 0;
    const firstUs = nowUs + (hasRandomPhase && isOld ? this.#stream.int(period) : 0);
    this.#periodsUs[row] = period;
    this.#nodes.tickUs.data[row] = firstUs;
    this.#renewFrom(row, firstUs);
    if (isNew) this.#postAt(row, nowUs);
  }

  stop(row: number): void {
    this.#client.endLease(this.#nodes.name(row));
  }

  /** The kubelet is back: it renews its lease and posts that the node is Ready. */
  resume(row: number): void {
    const atUs = this.#resumeUs(row);
    this.#nodes.tickUs.data[row] = atUs;
    this.#renewFrom(row, atUs);
    this.#postAt(row, atUs);
  }

  #resumeUs(row: number): number {
    const { nowUs } = this.#simulation;
    const { restartUs } = this.#model;
    if (restartUs !== undefined) return nowUs + restartUs;
    const period = this.#periodsUs[row]!;
    const tickUs = this.#nodes.tickUs.data[row]!;
    return tickUs + Math.max(0, Math.ceil((nowUs - tickUs) / period)) * period;
  }

  #renewFrom(row: number, firstUs: number): void {
    this.#client.renewLease(this.#nodes.name(row), firstUs, this.#periodsUs[row]!);
  }

  #postAt(row: number, atUs: number): void {
    this.#simulation.at(atUs, this.#postKind, row, this.#nodes.lives.data[row]!);
  }

  #post(row: number, life: number): void {
    if (life !== this.#nodes.lives.data[row] || !this.#nodes.acts(row)) return;
    if (this.#nodes.isDown(row, DOWN.runtime)) return;
    const key = { kind: 'Node', name: this.#nodes.name(row) };
    this.#client.patchStatus<Node, ConditionUpdate, void>(key, withConditions, this.#ready);
  }
}
