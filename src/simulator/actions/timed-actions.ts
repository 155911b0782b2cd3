/**
 * Carries out the actions of a timeline at their times, in the words of kubectl, by an ordinary client of the API. What
 * the API refuses is reported, and the run goes on.
 */
import type { ApiServer } from '../../control-plane/api-server.ts';
import { runSteps, type Steps } from '../../control-plane/sync.ts';
import type { ApiClient } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { KubeObject } from '../../kube/types.ts';
import type { Kubelets } from '../../node/kubelets.ts';
import type { TimedAction } from '../../scenario/timeline.ts';
import type { EventKind, Simulation } from '../../sim/simulation.ts';
import { type ActionContext, type NodeMaker, Refusal, textOfKey } from './action-context.ts';
import { perform } from './handlers.ts';

/** What became of an action. */
export interface ActionReport {
  readonly action: TimedAction;
  /** When it was over. */
  readonly doneUs: number;
  /** Why it was refused; undefined when it was not. */
  readonly refusal: string | undefined;
}

export interface TimedActionsOptions {
  readonly simulation: Simulation;
  readonly server: ApiServer;
  readonly client: ApiClient;
  readonly kubelets: Kubelets;
  readonly groups: ReadonlyMap<string, NodeMaker>;
  /** Objects that were applied before the first action. */
  readonly applied?: Iterable<KubeObject>;
  readonly killLeader?: ActionContext['killLeader'];
  readonly onStart?: (action: TimedAction) => void;
  readonly onEnd?: (report: ActionReport) => void;
  readonly onEviction?: (pod: PodObject, isAccepted: boolean) => void;
}

export class TimedActions {
  readonly #options: TimedActionsOptions;
  readonly #context: ActionContext;
  readonly #kind: EventKind;

  constructor(options: TimedActionsOptions) {
    const { simulation } = options;
    this.#options = options;
    this.#kind = simulation.defineKind('action/due', (_a, _b, action) => this.#begin(action as TimedAction));
    const waitKind = simulation.defineKind('action/wait', (_a, _b, resume) => (resume as () => void)());
    const applied = new Map([...(options.applied ?? [])].map((object) => [textOfKey(object), object]));
    this.#context = { ...options, applied, waitKind, groupSizes: new Map() };
  }

  /** Has them carried out `originUs` later than they say; those of one time begin in their order. */
  schedule(actions: readonly TimedAction[], originUs = 0): void {
    for (const action of actions)
      this.#options.simulation.at(originUs + action.atUs, this.#kind, 0, 0, action);
  }

  #begin(action: TimedAction): void {
    const { simulation, onStart, onEnd } = this.#options;
    onStart?.(action);
    runSteps(judged(perform(this.#context, action)), (refusal) =>
      onEnd?.({ action, doneUs: simulation.nowUs, refusal }),
    );
  }
}

/** The reason why the steps were refused, or undefined. */
function* judged(steps: Steps<void>): Steps<string | undefined> {
  try {
    yield* steps;
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
