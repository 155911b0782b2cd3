/**
 * States of plugins that judge by topology domains: kept current from the change log they say what states built anew
 * say, a node's answer is made of its domains' answers alone, and a move changes no answer beyond its reach.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Change } from '../src/cluster/change-log.ts';
import { Cluster } from '../src/cluster/cluster.ts';
import type { KubeObject } from '../src/kube/types.ts';
import type { Cycle, PodMove } from '../src/scheduler/framework/plugin.ts';
import {
  type DomainFilter,
  type DomainPlugin,
  type DomainScore,
  Reach,
} from '../src/scheduler/plugins/domain-state.ts';
import { interPodAffinity } from '../src/scheduler/plugins/inter-pod-affinity.ts';
import { SpreadScore } from '../src/scheduler/plugins/pod-topology-spread/score.ts';
import { podTopologySpread } from '../src/scheduler/plugins/pod-topology-spread.ts';
import {
  type NodeBody,
  nodeBodies,
  nodeFrom,
  otherObjects,
  type PodBody,
  podBodies,
  podFrom,
} from './support/differential/random-objects.ts';

type AnyDomainPlugin = DomainPlugin<DomainFilter, DomainScore>;

const PLUGINS = {
  PodTopologySpread: podTopologySpread({ defaultingType: 'System', defaultConstraints: [] }),
  InterPodAffinity: interPodAffinity({ hardPodAffinityWeight: 3, ignorePreferredTermsOfExistingPods: false }),
} as unknown as Record<string, AnyDomainPlugin>;

type Operation = {
  readonly kind: 'bind' | 'unbind' | 'terminate';
  readonly which: number;
  readonly node: number;
};

const operations = fc.array(
  fc.record({
    kind: fc.constantFrom('bind', 'bind', 'bind', 'unbind', 'terminate') as fc.Arbitrary<Operation['kind']>,
    which: fc.nat(99),
    node: fc.nat(99),
  }),
  { minLength: 1, maxLength: 30, size: 'max' },
);

/** One entry of the change log as moves. */
function movesAt(cluster: Cluster, i: number): PodMove[] {
  const { log } = cluster;
  const move = (terminating: boolean, sign: 1 | -1): PodMove => {
    return { cls: cluster.classes.get(log.classAt(i)), node: log.nodeAt(i), row: -1, terminating, sign };
  };
  switch (log.kindAt(i)) {
    case Change.PodAdded:
      return [move(false, 1)];
    case Change.PodRemoved:
      return [move(false, -1)];
    case Change.PodTerminating:
      return [move(false, -1), move(true, 1)];
    case Change.TerminatingPodRemoved:
      return [move(true, -1)];
    default:
      throw new Error('unexpected change');
  }
}

/** The states of one class, kept, and what they said last. */
class Kept {
  readonly #plugin: AnyDomainPlugin;
  readonly #cycle: Cycle;
  readonly #states: readonly (DomainFilter | DomainScore)[];
  #answers: unknown[][];

  constructor(plugin: AnyDomainPlugin, cycle: Cycle) {
    this.#plugin = plugin;
    this.#cycle = cycle;
    this.#states = this.#build();
    this.#answers = this.#states.map((state) => this.#ask(state));
  }

  hear(moves: readonly PodMove[]): void {
    const fresh = this.#build();
    for (const [i, state] of this.#states.entries()) {
      const reaches = moves.map((move) => state.move(move));
      const answers = this.#ask(state);
      expect(answers).toEqual(this.#ask(fresh[i]!));
      this.#expectWithinReach(state, this.#answers[i]!, answers, moves[0]!.node, Math.max(...reaches));
      this.#answers[i] = answers;
    }
  }

  #build(): (DomainFilter | DomainScore)[] {
    const score = this.#plugin.scoreState(this.#cycle);
    if (score instanceof SpreadScore) score.weigh(this.#cycle.cluster.order.walk());
    return [this.#plugin.filterState(this.#cycle), score].filter((state) => state !== undefined);
  }

  #ask(state: DomainFilter | DomainScore): unknown[] {
    const keys = Array.from({ length: state.nKeys }, (_, key) => key);
    return Array.from(this.#cycle.cluster.order.walk(), (node) => {
      if ('passes' in state) {
        const status = this.#plugin.filter!(state, node, this.#cycle);
        expect(keys.every((key) => state.passes(key, state.domainOf(key, node)))).toBe(status === undefined);
        return status?.reasons;
      }
      const raw = this.#plugin.score!(state, node, this.#cycle);
      const sum = keys.reduce((total, key) => total + state.part(key, state.domainOf(key, node)), 0);
      expect(raw).toBe(state.isIgnored(node) ? 0 : state.rawOf(sum));
      return raw;
    });
  }

  #expectWithinReach(
    state: DomainFilter | DomainScore,
    before: unknown[],
    after: unknown[],
    at: number,
    reach: number,
  ) {
    if (reach === Reach.All) return;
    for (const [i, node] of this.#cycle.cluster.order.walk().entries()) {
      if (JSON.stringify(before[i]) === JSON.stringify(after[i])) continue;
      expect(reach).toBe(Reach.Domains);
      const keys = Array.from({ length: state.nKeys }, (_, key) => key);
      expect(keys.some((key) => state.domainOf(key, node) === state.domainOf(key, at))).toBe(true);
    }
  }
}

function clusterFrom(nodes: readonly NodeBody[], objects: readonly KubeObject[]): Cluster {
  const cluster = new Cluster();
  for (const [i, body] of nodes.entries()) cluster.addNode(nodeFrom(`n${i}`, body));
  for (const object of objects) cluster.upsertObject(object);
  return cluster;
}

function live(
  plugin: AnyDomainPlugin,
  cluster: Cluster,
  templates: readonly PodBody[],
  story: readonly Operation[],
) {
  const kept: (Kept | undefined)[] = [];
  const pods: number[] = [];
  for (const [i, { kind, which, node }] of story.entries()) {
    const cursor = cluster.log.head;
    if (kind === 'bind') {
      const template = which % templates.length;
      const cls = cluster.classes.ofPod(podFrom('any', templates[template]!));
      kept[template] ??= new Kept(plugin, { cluster, cls, pod: { row: -1, cls, name: 'any', uid: 'any' } });
      pods.push(cluster.addPod(cls, `p${i}`, i));
      cluster.bind(pods.at(-1)!, node % cluster.nodes.nNodes);
    } else if (pods.length > 0 && kind === 'unbind') {
      cluster.removePod(pods.splice(which % pods.length, 1)[0]!);
    } else if (pods.length > 0) cluster.setTerminating(pods[which % pods.length]!);
    for (let entry = cursor; entry < cluster.log.head; entry++) {
      for (const states of kept) states?.hear(movesAt(cluster, entry));
    }
  }
}

test.each(Object.entries(PLUGINS))('%s: kept states stay what new ones are', (_, plugin) => {
  const holds = fc.property(
    fc.array(nodeBodies, { minLength: 1, maxLength: 6, size: 'max' }),
    fc.array(otherObjects, { maxLength: 4, size: 'max' }),
    fc.array(podBodies, { minLength: 1, maxLength: 4, size: 'max' }),
    operations,
    (nodes, objects, templates, story) => live(plugin, clusterFrom(nodes, objects), templates, story),
  );
  fc.assert(holds, { seed: 1, numRuns: 500 });
});
