/**
 * One run of a scenario, in slices: the driver calls `advance` until it is done, and between slices reads input,
 * writes output, shows progress and hears Ctrl-C. Slicing never changes what happens.
 */
import type { ApiServer } from '../control-plane/api-server.ts';
import { controllerOf } from '../kube/controller-of.ts';
import type { PodInit } from '../kube/pod-object.ts';
import type { KubeObject } from '../kube/types.ts';
import type { Files } from '../scenario/files.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { openGenerator } from '../workload/generator.ts';
import { mergeSources } from '../workload/merge.ts';
import { ObjectsSource } from '../workload/objects.ts';
import type { WorkloadSource } from '../workload/source.ts';
import { openTrace } from '../workload/trace-of.ts';
import { TimedActions } from './actions/timed-actions.ts';
import { Arrivals } from './arrivals.ts';
import { Invariants } from './check/invariants.ts';
import { type Elected, Leadership } from './leadership.ts';
import { Refusals } from './refusals.ts';
import { observeTruth } from './truth.ts';
import { type RunOptions, type World, wire } from './wire.ts';

/** Events dispatched in one slice: some tens of milliseconds, so that Ctrl-C is heard soon. */
const N_EVENTS_PER_SLICE = 10_000;

export class Run {
  readonly scenario: Scenario;
  readonly world: World;
  readonly refusals: Refusals;
  readonly #workload: WorkloadSource;
  readonly #arrivals: Arrivals;
  #isStopped = false;
  #invariants: Invariants | undefined;

  /** Opens the workload's files and wires the components; nothing has happened yet. */
  static async open(scenario: Scenario, files: Files, options: RunOptions = {}): Promise<Run> {
    const { observer } = options;
    const refusals: Refusals = new Refusals(scenario, (refusal, isAsked) => {
      observer?.refused?.(refusal);
      if (isAsked && scenario.spec.onActionError === 'stop') run.#stop();
    });
    const world: World = wire(scenario, options, {
      refused: (target, error, nowUs) => refusals.arrival(target as KubeObject | PodInit, error, nowUs),
      podRefused: (pod, error, nowUs) => {
        const maker = makerOf(pod, world.server);
        if (maker === undefined) refusals.arrival(pod, error, nowUs);
        else refusals.podOf(maker, error, nowUs);
      },
    });
    const run: Run = new Run(scenario, world, openWorkload(scenario, files, world), refusals);
    const podEnded = run.#arrivals.podEnded.bind(run.#arrivals);
    run.#schedule();
    if (options.checks) run.#invariants = new Invariants(world.server);
    observeTruth({ ...world, observer: options.observer, podEnded });
    await run.#arrivals.refill();
    return run;
  }

  private constructor(scenario: Scenario, world: World, workload: WorkloadSource, refusals: Refusals) {
    this.scenario = scenario;
    this.refusals = refusals;
    this.world = world;
    this.#workload = workload;
    this.#arrivals = new Arrivals(world.simulation, workload, world.user);
  }

  get nowUs(): number {
    return this.world.simulation.nowUs;
  }

  /** Rows of traces that were wrong and left out so far. */
  get nSkippedRows(): number {
    return this.#workload.skippedRows;
  }

  /** An action was refused in a scenario that is to stop then. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** One slice. 'done': nothing more will happen, `until` is reached, or an action that must not fail did. */
  async advance(maxEvents = N_EVENTS_PER_SLICE): Promise<'more' | 'done'> {
    const { simulation, untilUs } = this.world;
    if (this.#isStopped) return 'done';
    const outcome = simulation.advance(maxEvents, untilUs);
    if (this.#isStopped || !this.#arrivals.needsInput) return outcome;
    await this.#arrivals.refill();
    return 'more';
  }

  /** To be called when nothing is under way any more: with `checks`, everything must have come to rest. */
  checkAtRest(): void {
    this.#invariants?.atRest();
  }

  #stop(): void {
    this.#isStopped = true;
    this.world.simulation.pause();
  }

  #schedule(): void {
    const { simulation, server, user, kubelets } = this.world;
    const { groups, objects, timeline } = this.scenario;
    const leadership = Leadership.of(this.scenario, this.world);
    const killLeader = (program: Elected) => leadership?.kill(program) ?? false;
    const actions = new TimedActions({
      simulation,
      server,
      client: user,
      kubelets,
      groups,
      applied: objects,
      killLeader,
      onEnd: (report) => this.refusals.action(report),
    });
    actions.schedule(timeline);
  }
}

function openWorkload(scenario: Scenario, files: Files, world: World): WorkloadSource {
  const sources: WorkloadSource[] = [new ObjectsSource('objects', scenario.objects)];
  for (const entry of scenario.spec.workload) {
    if ('trace' in entry) {
      const file = scenario.traceFiles.get(entry)!;
      sources.push(openTrace(entry, file, files.lines(file)));
    } else if ('generator' in entry) sources.push(openGenerator(entry, world.streams));
  }
  return mergeSources(sources);
}

/** The workload that wants the pod: of a ReplicaSet or Job its own controller, where it has one. A closed loop is none. */
function makerOf({ owner, shape: { namespace } }: PodInit, server: ApiServer): string | undefined {
  if (!owner) return undefined;
  const object = server.state.kind(owner.kind).get(`${namespace}/${owner.name}`);
  const { kind, name } = (object && controllerOf(object)) ?? owner;
  return `${kind} ${namespace}/${name}`;
}
