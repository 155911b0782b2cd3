/**
 * Runs one random story through the slow reference scheduler and through a fast one side by side, and tells the first
 * decision on which they differ. A story is a cluster, some pod templates and steps: pods to schedule, and changes.
 */
import fc from 'fast-check';
import { stringify } from 'yaml';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { KubeObject } from '../../../src/kube/types.ts';
import { fitErrorText } from '../../../src/scheduler/framework/fit-error.ts';
import type { PodInfo } from '../../../src/scheduler/framework/plugin.ts';
import type { ScheduleResult } from '../../../src/scheduler/framework/schedule-pod.ts';
import { SlowWorld } from '../../../src/scheduler/testing/slow/world.ts';
import { type SlowResult, scheduleSlowly } from '../../../src/scheduler/testing/slow-scheduler.ts';
import {
  type NodeBody,
  nodeBodies,
  nodeFrom,
  otherObjects,
  type PodBody,
  podBodies,
  podFrom,
} from './random-objects.ts';

/** A fast scheduler over a cluster. */
export type Contender = (
  cluster: Cluster,
  percentageOfNodesToScore: number,
) => { schedule(pod: PodInfo): ScheduleResult };

/** Numbers that choose a node, a pod or a template are taken modulo how many there are. */
export type Step =
  | { readonly schedule: number }
  | { readonly deletePod: number }
  | { readonly terminatePod: number }
  | { readonly addNode: NodeBody }
  | { readonly updateNode: number; readonly to: NodeBody }
  | { readonly removeNode: number }
  | { readonly apply: KubeObject }
  | { readonly remove: number };

export interface Story {
  readonly nodes: readonly NodeBody[];
  /** How often the list of nodes is repeated. */
  readonly nCopies: number;
  readonly percentageOfNodesToScore: number;
  readonly objects: readonly KubeObject[];
  readonly templates: readonly PodBody[];
  readonly steps: readonly Step[];
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 14, arbitrary: fc.record({ schedule: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ deletePod: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ terminatePod: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ addNode: nodeBodies }) },
  { weight: 1, arbitrary: fc.record({ updateNode: fc.nat(99), to: nodeBodies }) },
  { weight: 1, arbitrary: fc.record({ removeNode: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ apply: otherObjects }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.nat(9) }) },
);

export interface StorySize {
  readonly nNodesMax: number;
  readonly nCopies: number;
  readonly nStepsMax: number;
}

export function stories({ nNodesMax, nCopies, nStepsMax }: StorySize): fc.Arbitrary<Story> {
  return fc.record({
    nodes: fc.array(nodeBodies, { minLength: 1, maxLength: nNodesMax, size: 'max' }),
    nCopies: fc.constant(nCopies),
    percentageOfNodesToScore: fc.constantFrom(0, 30, 80),
    objects: fc.array(otherObjects, { maxLength: 6, size: 'max' }),
    templates: fc.array(podBodies, { minLength: 1, maxLength: 4, size: 'max' }),
    steps: fc.array(step, { minLength: 1, maxLength: nStepsMax, size: 'max' }),
  });
}

interface Decision {
  readonly node?: string | undefined;
  readonly nFeasible?: number;
  readonly nEvaluated?: number;
  readonly fitError?: string;
}

export interface Difference {
  readonly step: number;
  readonly pod: unknown;
  readonly expected: Decision;
  readonly got: Decision;
  /** What the slow scheduler thought. */
  readonly because: Partial<SlowResult>;
}

/** Undefined = they agree on every step. */
export function race(story: Story, contender: Contender): Difference | undefined {
  const pair = new Pair(story, contender);
  for (const [i, each] of story.steps.entries()) {
    const difference = pair.take(each, i);
    if (difference) return difference;
  }
  return undefined;
}

class Pair {
  readonly #story: Story;
  readonly #world = new SlowWorld();
  readonly #cluster = new Cluster();
  readonly #fast: ReturnType<Contender>;
  /** Rows in the fast cluster of `world.pods`, by pod name. */
  readonly #rows = new Map<string, number>();
  #nNodesAdded = 0;

  constructor(story: Story, contender: Contender) {
    this.#story = story;
    this.#fast = contender(this.#cluster, story.percentageOfNodesToScore);
    for (let copy = 0; copy < story.nCopies; copy++) for (const node of story.nodes) this.#addNode(node);
    for (const object of story.objects) this.#apply(object);
  }

  take(step: Step, i: number): Difference | undefined {
    if ('schedule' in step) return this.#schedule(step.schedule, i);
    if ('deletePod' in step) this.#deletePod(step.deletePod);
    else if ('terminatePod' in step) this.#terminatePod(step.terminatePod);
    else if ('addNode' in step) this.#addNode(step.addNode);
    else if ('updateNode' in step) this.#updateNode(step.updateNode, step.to);
    else if ('removeNode' in step) this.#removeNode(step.removeNode);
    else if ('apply' in step) this.#apply(step.apply);
    else this.#remove(step.remove);
    return undefined;
  }

  #schedule(template: number, i: number): Difference | undefined {
    const { templates, percentageOfNodesToScore } = this.#story;
    const pod = podFrom(`p${i}`, templates[template % templates.length]!);
    const slow = scheduleSlowly(this.#world, pod, percentageOfNodesToScore);
    const cls = this.#cluster.classes.ofPod(pod);
    const row = this.#cluster.addPod(cls, `p${i}`, `p${i}`);
    const got = this.#decide({ row, cls, name: `p${i}`, uid: `p${i}` });
    const expected = decisionOf(slow);
    if (JSON.stringify(expected) !== JSON.stringify(got)) {
      const { feasible, scores, totals } = slow;
      return { step: i, pod, expected, got, because: { feasible, scores, totals } };
    }
    if (slow.node === undefined) this.#cluster.removePod(row);
    else {
      this.#cluster.bind(row, this.#cluster.nodes.find(slow.node));
      this.#rows.set(`p${i}`, row);
      this.#world.pods.push({ pod, nodeName: slow.node, isTerminating: false });
    }
    return undefined;
  }

  #decide(pod: PodInfo): Decision {
    let result: ScheduleResult;
    try {
      result = this.#fast.schedule(pod);
    } catch (error) {
      return { fitError: `threw ${error}` };
    }
    if (result.outcome === 'error') return { fitError: `error: ${result.error.reasons.join(', ')}` };
    if (result.outcome === 'unschedulable') {
      return { fitError: fitErrorText(result.diagnosis), nEvaluated: result.nEvaluated };
    }
    const { node, nFeasible, nEvaluated } = result;
    return { node: this.#cluster.nodes.names[node], nFeasible, nEvaluated };
  }

  #deletePod(k: number): void {
    const { pods } = this.#world;
    if (pods.length === 0) return;
    const [{ pod }] = pods.splice(k % pods.length, 1) as [(typeof pods)[0]];
    this.#cluster.removePod(this.#rows.get(pod.metadata.name!)!);
  }

  #terminatePod(k: number): void {
    const { pods } = this.#world;
    if (pods.length === 0) return;
    const bound = pods[k % pods.length]!;
    bound.isTerminating = true;
    this.#cluster.setTerminating(this.#rows.get(bound.pod.metadata.name!)!);
  }

  #addNode(body: NodeBody): void {
    const node = nodeFrom(`n${this.#nNodesAdded++}`, body);
    this.#world.addNode(node);
    this.#cluster.addNode(node);
  }

  #nodeName(k: number): string {
    return [...this.#world.nodes.keys()][k % this.#world.nodes.size]!;
  }

  #updateNode(k: number, body: NodeBody): void {
    const node = nodeFrom(this.#nodeName(k), body);
    this.#world.updateNode(node);
    this.#cluster.updateNode(this.#cluster.nodes.find(node.metadata.name!), node);
  }

  /** The last node stays. The node's pods are deleted with it. */
  #removeNode(k: number): void {
    if (this.#world.nodes.size === 1) return;
    const name = this.#nodeName(k);
    for (const { pod, nodeName } of this.#world.pods) {
      if (nodeName === name) this.#cluster.removePod(this.#rows.get(pod.metadata.name!)!);
    }
    this.#world.removeNode(name);
    this.#cluster.removeNode(this.#cluster.nodes.find(name));
  }

  #apply(object: KubeObject): void {
    this.#world.objects = [...this.#world.objects.filter((other) => keyOf(other) !== keyOf(object)), object];
    this.#cluster.upsertObject(object);
  }

  #remove(k: number): void {
    const { objects } = this.#world;
    if (objects.length === 0) return;
    const { kind, metadata } = objects[k % objects.length]!;
    objects.splice(k % objects.length, 1);
    this.#cluster.removeObject(kind, metadata.namespace, metadata.name!);
  }
}

function keyOf({ kind, metadata }: KubeObject): string {
  return JSON.stringify([kind, metadata.namespace, metadata.name]);
}

function decisionOf({ node, feasible, refused, fitError }: SlowResult): Decision {
  const nEvaluated = feasible.length + refused.size;
  return node === undefined ? { fitError, nEvaluated } : { node, nFeasible: feasible.length, nEvaluated };
}

/** The failing case as a document: Kubernetes objects, then what happens, then where the two part. */
export function report(story: Story, difference: Difference): string {
  const { percentageOfNodesToScore, nCopies, objects, templates } = story;
  const steps = story.steps.slice(0, difference.step + 1).map((each, i) => {
    if ('schedule' in each) return { schedule: `p${i}`, template: each.schedule % templates.length };
    if ('addNode' in each) return { addNode: nodeFrom('next', each.addNode) };
    return 'updateNode' in each ? { updateNode: each.updateNode, to: nodeFrom('same', each.to) } : each;
  });
  const document = {
    percentageOfNodesToScore,
    nCopiesOfNodes: nCopies,
    nodes: story.nodes.map((body, i) => nodeFrom(`n${i}`, body)),
    objects,
    templates: templates.map((body, i) => podFrom(`template-${i}`, body)),
    steps,
    difference,
  };
  return stringify(document, { aliasDuplicateObjects: false });
}
