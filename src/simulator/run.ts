/**
 * One run of a scenario, in slices: the driver calls `advance` until it is done, and between slices reads input,
 * writes output, shows progress and hears Ctrl-C. Slicing never changes what happens.
 */
import type { PodObject } from '../kube/pod-object.ts';
import type { Files } from '../scenario/files.ts';
import type { Scenario } from '../scenario/load-scenario.ts';
import { openGenerator } from '../workload/generator.ts';
import { mergeSources } from '../workload/merge.ts';
import { ObjectsSource } from '../workload/objects.ts';
import type { WorkloadSource } from '../workload/source.ts';
import { openTrace, traceFileOf } from '../workload/trace-of.ts';
import { Arrivals } from './arrivals.ts';
import { type RunObserver, type RunOptions, type World, wire } from './wire.ts';

/** Events dispatched in one slice: some tens of milliseconds. */
const N_EVENTS_PER_SLICE = 50_000;

export class Run {
  readonly world: World;
  readonly scenario: Scenario;
  readonly workload: WorkloadSource;
  readonly #arrivals: Arrivals;

  /** Opens the workload's files and wires the components; nothing has happened yet. */
  static async open(scenario: Scenario, files: Files, options: RunOptions = {}): Promise<Run> {
    const world = wire(scenario, options);
    const run = new Run(scenario, world, await openWorkload(scenario, files, world));
    run.#observe(options.observer);
    await run.#arrivals.refill();
    return run;
  }

  private constructor(scenario: Scenario, world: World, workload: WorkloadSource) {
    this.scenario = scenario;
    this.world = world;
    this.workload = workload;
    this.#arrivals = new Arrivals(world.simulation, workload, world.user);
  }

  /** One slice. 'done': nothing more will happen, or `until` is reached. */
  async advance(maxEvents = N_EVENTS_PER_SLICE): Promise<'more' | 'done'> {
    const { simulation, untilUs } = this.world;
    const outcome = simulation.advance(maxEvents, untilUs);
    if (!this.#arrivals.needsInput) return outcome;
    await this.#arrivals.refill();
    return 'more';
  }

  #observe(observer: RunObserver | undefined): void {
    const { simulation, server } = this.world;
    const log = server.state.podLog;
    const reader = {
      cursor: log.end,
      notify: () => {
        for (; reader.cursor < log.end; reader.cursor++) {
          const old = log.old(reader.cursor);
          const next = log.next(reader.cursor);
          if (hasEnded(next) && !hasEnded(old)) this.#arrivals.podEnded((next ?? old)!);
          observer?.podChanged?.(old, next, simulation.nowUs);
        }
      },
    };
    log.readers.push(reader);
  }
}

function hasEnded(pod: PodObject | undefined): boolean {
  return pod === undefined || pod.terminal;
}

async function openWorkload(scenario: Scenario, files: Files, world: World): Promise<WorkloadSource> {
  const sources: WorkloadSource[] = [new ObjectsSource('objects', [...scenario.nodes, ...scenario.objects])];
  for (const entry of scenario.spec.workload) {
    if ('trace' in entry) {
      const [file] = await files.expand(traceFileOf(entry), scenario.file);
      sources.push(openTrace(entry, file!, files.lines(file!)));
    } else if ('generator' in entry) sources.push(openGenerator(entry, world.streams));
  }
  return mergeSources(sources);
}
