/** Runs a scenario to one scheduling attempt of one pod, and tells how it was decided. The run is as without it. */
import { nearestName } from '../base/nearest.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { Files } from '../scenario/files.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Explanation, explain, type SeenAttempt } from '../scheduler/explain/explanation.ts';
import { Run } from './run.ts';
import type { RunProgress } from './simulate.ts';

export interface ExplainOptions {
  /** The pod's name, or `namespace/name`. */
  readonly pod: string;
  /** The first attempt at or after this time, where the run ends; absent: the last one of the whole run. */
  readonly atUs?: number;
  /** Called after each slice; answering false ends the run there. */
  readonly onSlice?: (progress: RunProgress) => boolean | Promise<boolean>;
}

export interface Explained {
  /** Undefined if there was no such attempt. */
  readonly explanation: Explanation | undefined;
  /** The pod as it was at the end, with its namespace; undefined if there never was one of that name. */
  readonly pod: PodObject | undefined;
  /** How many attempts were seen before the time asked for. */
  readonly nEarlier: number;
  /** Namespaces in which there were pods of that name. */
  readonly namespaces: readonly string[];
  /** If there was no such pod: names that were perhaps meant. */
  readonly nearNames: readonly string[];
  /** A few pods that there are, if none is of that name. */
  readonly someNames: readonly string[];
  readonly schedulerNames: readonly string[];
  readonly tieBreak: TieBreakRule;
  readonly traceHash: string;
}

export type TieBreakRule = 'heap' | 'random' | 'first';

/** @throws InputError for a wrong row of a trace, BugError when the explanation is not what was decided */
export async function explainAttempt(
  scenario: Scenario,
  files: Files,
  options: ExplainOptions,
): Promise<Explained> {
  const search = new PodSearch(options.pod);
  const observer = { podChanged: (old?: PodObject, next?: PodObject) => search.podChanged(old, next) };
  const run = await Run.open(scenario, files, { observer });
  const { simulation, scheduler, untilUs } = run.world;
  const atUs = options.atUs ?? Number.NEGATIVE_INFINITY;
  let explanation: Explanation | undefined;
  let nEarlier = 0;
  scheduler.witness = (seen) => {
    if (!search.isWanted(seen)) return;
    if (seen.nowUs < atUs) nEarlier++;
    else if (!explanation || options.atUs === undefined) explanation = explain(seen);
  };
  while ((await run.advance()) === 'more') {
    if (explanation && options.atUs !== undefined) break;
    const progress = { nowUs: run.nowUs, untilUs, nEvents: simulation.nEvents };
    if (options.onSlice && !(await options.onSlice(progress))) break;
  }
  const { pod, namespaces, nearNames, someNames } = search;
  return {
    explanation,
    pod,
    nEarlier,
    namespaces: [...namespaces],
    nearNames,
    someNames,
    schedulerNames: scheduler.speed.map(({ schedulerName }) => schedulerName),
    tieBreak: tieBreakOf(scenario),
    traceHash: simulation.trace.digest(),
  };
}

function tieBreakOf({ spec, scheduler }: Scenario): TieBreakRule {
  const isClassic = scheduler !== undefined && 'policy' in scheduler;
  return spec.model?.scheduler?.tieBreak ?? (isClassic ? 'random' : 'heap');
}

const N_NAMES_SHOWN = 3;

/** Knows the pod that is meant, and until there is one, which names it could have meant. */
class PodSearch {
  pod: PodObject | undefined;
  readonly namespaces = new Set<string>();
  readonly #name: string;
  readonly #namespace: string | undefined;
  /** `namespace/name` of the first pods, and of the first ones whose names contain the wanted one. */
  readonly #first: string[] = [];
  readonly #containing: string[] = [];
  #nearest: PodObject | undefined;

  constructor(pod: string) {
    const slash = pod.indexOf('/');
    this.#name = pod.slice(slash + 1);
    this.#namespace = slash === -1 ? undefined : pod.slice(0, slash);
  }

  isWanted({ pod }: SeenAttempt): boolean {
    return this.#matches(pod.cls.namespace, pod.name);
  }

  podChanged(old: PodObject | undefined, next: PodObject | undefined): void {
    if (!next) return;
    if (this.#matches(next.namespace, next.name)) {
      this.namespaces.add(next.namespace);
      this.pod = next;
    } else if (!old && !this.pod) this.#note(next);
  }

  get nearNames(): readonly string[] {
    if (this.#containing.length > 0) return this.#containing;
    return this.#nearest ? [fullName(this.#nearest)] : [];
  }

  /** Names of a few pods that there are. */
  get someNames(): readonly string[] {
    return this.#first;
  }

  #matches(namespace: string, name: string): boolean {
    return name === this.#name && (this.#namespace ?? namespace) === namespace;
  }

  #note(pod: PodObject): void {
    if (this.#first.length < N_NAMES_SHOWN) this.#first.push(fullName(pod));
    if (this.#containing.length === N_NAMES_SHOWN) return;
    if (pod.name.includes(this.#name)) this.#containing.push(fullName(pod));
    else {
      const names = this.#nearest ? [this.#nearest.name, pod.name] : [pod.name];
      if (nearestName(this.#name, names) === pod.name && this.#nearest?.name !== pod.name)
        this.#nearest = pod;
    }
  }
}

function fullName({ namespace, name }: PodObject): string {
  return `${namespace}/${name}`;
}
