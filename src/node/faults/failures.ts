// Nodes, racks and zones that fail and are repaired by chance. Each domain has a random stream of its own, so that the
// failures of one do not depend on which others exist. A machine that is down in two ways is back when both are repaired.

import { type DistributionSpec, quantileFunction } from '../../sim/distributions.ts';
import type { RandomStream, RandomStreams } from '../../sim/random-streams.ts';
import type { EventKind, Simulation } from '../../sim/simulation.ts';

export interface FailureModel {
  /** 'node', or the label whose values are the domains that fail as a whole. */
  readonly domain: string;
  /** Only nodes with these labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** From a repair (or the start) to the next failure, in microseconds. */
  readonly up: DistributionSpec;
  readonly down: DistributionSpec;
  readonly fails: 'machine' | 'kubelet';
}

export interface FaultListener {
  fail(nodeName: string, what: 'machine' | 'kubelet'): void;
  repair(nodeName: string, what: 'machine' | 'kubelet'): void;
}

interface Domain {
  readonly process: Process;
  readonly members: Set<string>;
  readonly stream: RandomStream;
  isDown: boolean;
  /** Invalidates the failure foreseen when the domain runs empty. */
  attempt: number;
}

interface Process {
  readonly model: FailureModel;
  readonly upUs: (u: number) => number;
  readonly downUs: (u: number) => number;
  readonly domains: Map<string, Domain>;
}

export class Failures {
  readonly #simulation: Simulation;
  readonly #streams: RandomStreams;
  readonly #listener: FaultListener;
  readonly #processes: readonly Process[];
  readonly #failKind: EventKind;
  readonly #repairKind: EventKind;
  /** By node and way of failing: how many domains it is in are down. */
  readonly #nDown = new Map<string, number>();

  constructor(
    simulation: Simulation,
    streams: RandomStreams,
    models: readonly FailureModel[],
    listener: FaultListener,
  ) {
    this.#simulation = simulation;
    this.#streams = streams;
    this.#listener = listener;
    this.#processes = models.map((model) => ({
      model,
      upUs: quantileFunction(model.up),
      downUs: quantileFunction(model.down),
      domains: new Map(),
    }));
    this.#failKind = simulation.defineKind(
      'node/fail',
      (attempt, _, domain) => this.#fail(domain as Domain, attempt),
      { background: true },
    );
    this.#repairKind = simulation.defineKind('node/repair', (_a, _b, domain) =>
      this.#repair(domain as Domain),
    );
  }

  nodeJoined(name: string, labels: Readonly<Record<string, string>>): void {
    this.#processes.forEach((process, processIdx) => {
      const { model } = process;
      const key = model.domain === 'node' ? name : labels[model.domain];
      const isMeant = Object.entries(model.labels).every(([label, value]) => labels[label] === value);
      if (key === undefined || !isMeant) return;
      let domain = process.domains.get(key);
      if (!domain) {
        const stream = this.#streams.open(`node/failures/${processIdx}/${model.domain}/${key}`);
        domain = { process, members: new Set(), stream, isDown: false, attempt: 0 };
        process.domains.set(key, domain);
      }
      domain.members.add(name);
      if (domain.isDown) this.#takeDown(domain, name);
      else if (domain.members.size === 1) this.#planFailure(domain);
    });
  }

  nodeLeft(name: string): void {
    for (const process of this.#processes) {
      this.#nDown.delete(`${process.model.fails} ${name}`);
      for (const domain of process.domains.values()) {
        if (domain.members.delete(name) && domain.members.size === 0) domain.attempt++;
      }
    }
  }

  #planFailure(domain: Domain): void {
    const us = Math.max(1, Math.round(domain.process.upUs(domain.stream.next())));
    this.#simulation.after(us, this.#failKind, ++domain.attempt, 0, domain);
  }

  #fail(domain: Domain, attempt: number): void {
    if (attempt !== domain.attempt) return;
    domain.isDown = true;
    for (const name of domain.members) this.#takeDown(domain, name);
    const us = Math.max(1, Math.round(domain.process.downUs(domain.stream.next())));
    this.#simulation.after(us, this.#repairKind, 0, 0, domain);
  }

  #repair(domain: Domain): void {
    domain.isDown = false;
    const { fails } = domain.process.model;
    for (const name of domain.members) {
      const key = `${fails} ${name}`;
      const n = (this.#nDown.get(key) ?? 1) - 1;
      this.#nDown.set(key, n);
      if (n === 0) this.#listener.repair(name, fails);
    }
    if (domain.members.size > 0) this.#planFailure(domain);
  }

  #takeDown(domain: Domain, name: string): void {
    const { fails } = domain.process.model;
    const key = `${fails} ${name}`;
    const n = (this.#nDown.get(key) ?? 0) + 1;
    this.#nDown.set(key, n);
    if (n === 1) this.#listener.fail(name, fails);
  }
}
