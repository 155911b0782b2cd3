// The node's own status: conditions and images, written when they change, at the ticks of the node's heartbeat.
// Source: pkg/kubelet/kubelet_node_status.go, 1.37: computed every ten seconds, written if something changed.
// Deviation: not written every five minutes when nothing changed.

import type { ApiClient, ApiProcess, Reply } from '../kube/api.ts';
import type { ContainerImage, Node, ResourceList } from '../kube/types.ts';
import type { WallClock } from '../kube/wall-clock.ts';
import type { EventKind, Simulation } from '../sim/simulation.ts';
import { type NodeReport, type PostedCondition, withReport } from './node-edits.ts';
import type { NodeRows } from './node-rows.ts';
import { tickAtOrAfter } from './pods/probe-walk.ts';
import type { RuntimeHealth } from './runtime-health.ts';

/** What a node has to report beyond being there. */
export interface NodeFacts {
  /** Conditions other than Ready that are True. */
  pressures(row: number): readonly PostedCondition[];
  isShuttingDown(row: number): boolean;
  /** Undefined: nothing new. Asked once per report. */
  newImages(row: number): readonly ContainerImage[] | undefined;
  /** The images last reported did not arrive. */
  imagesLost(row: number): void;
}

/** A node without pods' details: always in order. */
export const PLAIN_NODE: NodeFacts = {
  pressures: () => [],
  isShuttingDown: () => false,
  newImages: () => undefined,
  imagesLost: () => {},
};

const PERIOD_US = 10_000_000;
const NOT_FOUND = 404;

interface Sent {
  readonly row: number;
  readonly report: NodeReport;
}

export class NodeStatusWriter {
  facts: NodeFacts = PLAIN_NODE;
  readonly #simulation: Simulation;
  readonly #nodes: NodeRows;
  readonly #client: ApiClient;
  readonly #clock: WallClock;
  readonly #runtimes: RuntimeHealth;
  readonly #kind: EventKind;
  /** Rows with a report at their next tick. */
  readonly #pending = new Set<number>();
  /** What nodes that came without it offer. */
  readonly #allocatable = new Map<number, ResourceList>();

  constructor(simulation: Simulation, process: ApiProcess, nodes: NodeRows, runtimes: RuntimeHealth) {
    this.#simulation = simulation;
    this.#runtimes = runtimes;
    this.#nodes = nodes;
    this.#client = process.client({ name: 'kubelet-heartbeat' });
    this.#clock = process.clock;
    this.#kind = simulation.defineKind('node/report', (row, life) => this.#report(row, life));
  }

  /** Something has changed: the node says so at its next tick. */
  changed(row: number): void {
    if (this.#pending.has(row)) return;
    this.#pending.add(row);
    this.changedAt(row, this.#simulation.nowUs);
  }

  /** The same for something that will have changed at an instant. */
  changedAt(row: number, atUs: number): void {
    this.reportAt(row, tickAtOrAfter(this.#nodes.tickUs.data[row]!, PERIOD_US, atUs));
  }

  /** The node says at once what it offers to pods. */
  offer(row: number, allocatable: ResourceList): void {
    this.#allocatable.set(row, allocatable);
    this.reportAt(row, this.#simulation.nowUs);
  }

  reportAt(row: number, atUs: number): void {
    this.#simulation.at(atUs, this.#kind, row, this.#nodes.lives.data[row]!);
  }

  #report(row: number, life: number): void {
    this.#pending.delete(row);
    if (life !== this.#nodes.lives.data[row] || !this.#nodes.acts(row)) return;
    const isUnhealthy = this.#runtimes.isUnhealthy(row, this.#simulation.nowUs);
    const notReadyReason = isUnhealthy || this.facts.isShuttingDown(row) ? 'KubeletNotReady' : '';
    const isTrue = new Set(this.facts.pressures(row));
    if (notReadyReason === '') isTrue.add('Ready');
    const report: NodeReport = {
      clock: this.#clock,
      isTrue,
      notReadyReason,
      images: this.facts.newImages(row),
      allocatable: this.#allocatable.get(row),
    };
    this.#allocatable.delete(row);
    const key = { kind: 'Node', name: this.#nodes.name(row) };
    this.#client.patchStatus<Node, NodeReport, Sent>(key, withReport, report, this.#onReply, { row, report });
  }

  /** What did not arrive is reported again, as it is then. */
  readonly #onReply: Reply<Node, Sent> = (error, _node, { row, report }) => {
    if (error === undefined || error.code === NOT_FOUND) return;
    if (report.images) this.facts.imagesLost(row);
    if (report.allocatable) this.#allocatable.set(row, report.allocatable);
    this.reportAt(row, this.#simulation.nowUs + PERIOD_US);
  };
}
