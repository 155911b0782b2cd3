/**
 * What must hold at every commit of a run (`--check`), recomputed from the API's truth by code of its own: it looks, it
 * never changes anything. A broken rule is a bug of the simulator.
 */
import { BugError } from '../../base/assert.ts';
import type { ApiServer } from '../../control-plane/api-server.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { Node } from '../../kube/types.ts';
import { readAll } from '../truth.ts';
import { countsAtRest } from './counts-at-rest.ts';
import { chargedBudgets } from './evictions.ts';
import { NodeLoads } from './node-loads.ts';

export class Invariants {
  readonly #server: ApiServer;
  readonly #loads = new NodeLoads();
  /** Names of live pods, so that no two have the same. */
  readonly #names = new Map<string, number>();
  /** Newest revision by log. */
  readonly #revisions = new Map<string, number>();
  #nCommits = 0;

  constructor(server: ApiServer) {
    this.#server = server;
    const { state } = server;
    readAll<Node>(state.kind('Node').log as never, (old, next) => {
      this.#inOrder('Node', Number(next?.metadata.resourceVersion ?? 0));
      this.#loads.nodeChanged(old, next);
    });
    readAll(state.podLog, (old, next) => this.#podChanged(old, next));
  }

  /** Commits looked at so far. */
  get nCommits(): number {
    return this.#nCommits;
  }

  /** When nothing is under way any more: every watcher knows the truth, and the counts are those wanted. */
  atRest(): void {
    for (const process of this.#server.processes()) {
      if (!process.isRunning) continue;
      for (const watch of process.watches())
        this.#must(watch.difference(), `${process.name} has lost an event`);
    }
    for (const problem of countsAtRest(this.#server.state)) this.#must(problem, 'the counts do not add up');
  }

  #podChanged(old: PodObject | undefined, next: PodObject | undefined): void {
    this.#nCommits++;
    if (next) this.#inOrder('Pod', next.resourceVersion);
    if (!old && next) this.#born(next);
    if (old && !next) this.#names.delete(nameOf(old));
    if (old?.nodeName && next && next.nodeName !== old.nodeName)
      this.#must(`from ${old.nodeName} to ${next.nodeName}`, `pod ${nameOf(next)} has moved`);
    this.#must(this.#loads.podChanged(old, next), 'a node is over-committed');
    if (old && next && !old.disruption && next.disruption === 'EvictionByEvictionAPI')
      this.#must(chargedBudgets(this.#server.state, old), 'an eviction violates a budget');
  }

  #born(pod: PodObject): void {
    const name = nameOf(pod);
    if (this.#names.has(name)) this.#must(name, 'two pods have one name');
    this.#names.set(name, pod.uid);
  }

  #inOrder(log: string, revision: number): void {
    if (revision === 0) return;
    if (revision <= (this.#revisions.get(log) ?? 0))
      this.#must(`${log} ${revision}`, 'revisions do not grow');
    this.#revisions.set(log, revision);
  }

  #must(problem: string | undefined, rule: string): void {
    if (problem === undefined) return;
    throw new BugError(`${rule} at ${this.#server.simulation.nowUs} us: ${problem}`);
  }
}

function nameOf(pod: PodObject): string {
  return `${pod.namespace}/${pod.name}`;
}
