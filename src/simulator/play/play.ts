/**
 * Plays the script of a timeline: the whole control plane with its calibrated delays, and kubelets of fixed delays as the
 * recording program has them; writes down what a watcher sees.
 */
import { parseDurationUs } from '../../base/duration.ts';
import { EVENT_PRIORITIES } from '../../cluster/event-priorities.ts';
import { ApiServer } from '../../control-plane/api-server.ts';
import { ControllerManager } from '../../control-plane/controller-manager.ts';
import { calibratedLatency, type LatencySpec } from '../../control-plane/latency.ts';
import { TimelineRecorder } from '../../control-plane/timeline-recorder.ts';
import type { ApiClient } from '../../kube/api.ts';
import type { Row } from '../../kube/timeline-rows.ts';
import { parseEpochUs, WallClock } from '../../kube/wall-clock.ts';
import { Kubelets } from '../../node/kubelets.ts';
import { standInModel } from '../../node/stand-in.ts';
import { createScheduler } from '../../scheduler/create-scheduler.ts';
import { RandomStreams } from '../../sim/random-streams.ts';
import { Simulation } from '../../sim/simulation.ts';
import { type ActionReport, TimedActions } from '../actions/timed-actions.ts';
import type { Script } from './script.schema.ts';
import { laterGroups, type PlayedStep, playedSteps, REGISTER_US, scriptNode } from './script-actions.ts';

const US_PER_S = 1_000_000;
/** How long the recording program lets the cluster settle before the start. */
const SETTLE_US = 3 * US_PER_S;
/** How long the control plane has been up when the first node registers. */
const UP_US = 4.5 * US_PER_S;
const REQUEST_US = 4000;
const REPLY_US = 1000;
/** Just enough that requests which race each other do not arrive at one instant. */
const spread = (meanUs: number) => ({ kind: 'uniform', min: 0.95 * meanUs, max: 1.05 * meanUs }) as const;
/** Delays of a control plane on one machine whose etcd does not wait for its disk, as the recorded ones. */
const LOOPBACK: LatencySpec = {
  request: spread(REQUEST_US),
  commit: { kind: 'constant', value: 0 },
  reply: spread(REPLY_US),
  watch: spread(2000),
};
/** Limits of its client. */
const LIMITS = { qps: 500, burst: 1000 };

export interface Played {
  readonly rows: readonly Row[];
  /** Actions that were refused. */
  readonly refused: readonly ActionReport[];
  readonly nEvents: number;
}

/** Plays a script that starts (after the cluster has settled) at `startedAt`, an RFC 3339 instant. */
export function play(script: Script, startedAt: string, seed: string | number = 1): Played {
  return new Play(script, startedAt, seed).run();
}

class Play {
  readonly #script: Script;
  readonly #startedAt: string;
  readonly #simulation = new Simulation({ priorities: EVENT_PRIORITIES });
  readonly #startUs: number;
  readonly #client: ApiClient;
  readonly #recorder: TimelineRecorder;
  readonly #actions: TimedActions;
  readonly #refused: ActionReport[] = [];

  constructor(script: Script, startedAt: string, seed: string | number) {
    const simulation = this.#simulation;
    this.#script = script;
    this.#startedAt = startedAt;
    const nNodes = script.nodes.reduce((sum, { count }) => sum + count, 0);
    this.#startUs = UP_US + nNodes * REGISTER_US + SETTLE_US;
    const streams = new RandomStreams(seed);
    const clock = new WallClock(parseEpochUs(startedAt) - this.#startUs);
    const server = new ApiServer({
      simulation,
      clock,
      latency: calibratedLatency(streams, LOOPBACK),
    });
    new ControllerManager(simulation, server);
    createScheduler({
      simulation,
      process: server.process('kube-scheduler'),
      isInstant: false,
      streams,
      recordsEvents: true,
    });
    const kubelets = new Kubelets({
      simulation,
      process: server.process('kubelet'),
      streams,
      model: {
        ...standInModel(
          script.kubelet as Parameters<typeof standInModel>[0],
          (REQUEST_US + REPLY_US) / US_PER_S,
        ),
        outlivesNode: true,
      },
    });
    const process = server.process('kubectl');
    this.#client = process.client({ name: 'kubectl', ...LIMITS });
    this.#recorder = new TimelineRecorder(process, () => simulation.nowUs - this.#startUs);
    this.#actions = new TimedActions({
      simulation,
      server,
      client: this.#client,
      kubelets,
      groups: laterGroups(script),
      onEnd: (report) => report.refusal !== undefined && this.#refused.push(report),
      onEviction: ({ name }, isAccepted) =>
        this.#recorder.add({ kind: 'Eviction', name, result: isAccepted ? 'accepted' : 'refused' }),
    });
  }

  run(): Played {
    const simulation = this.#simulation;
    this.#registerNodes();
    this.#advanceTo(0);
    const { name, tolerance = 0, duration } = this.#script;
    this.#say('start', { startedAt: this.#startedAt, tolerance });
    for (const step of playedSteps(this.#script)) this.#perform(step);
    this.#advanceTo(parseDurationUs(duration));
    this.#recorder.add({ kind: 'Script', name, step: 'end' });
    return { rows: this.#recorder.rows, refused: this.#refused, nEvents: simulation.nEvents };
  }

  #advanceTo(atUs: number): void {
    this.#simulation.advance(Number.POSITIVE_INFINITY, this.#startUs + atUs);
  }

  #say(step: unknown, more: object = {}): void {
    this.#recorder.add({ kind: 'Script', name: this.#script.name, step, ...more });
  }

  #perform({ atUs, step, actions }: PlayedStep): void {
    this.#advanceTo(atUs);
    this.#say(step);
    this.#actions.schedule(actions, this.#startUs);
  }

  /** One after the other. */
  #registerNodes(): void {
    const nodes = this.#script.nodes.flatMap((group) =>
      Array.from({ length: group.count }, (_, index) => scriptNode(group, index)),
    );
    for (const [nodeIdx, node] of nodes.entries()) {
      this.#simulation.advance(Number.POSITIVE_INFINITY, UP_US + nodeIdx * REGISTER_US);
      this.#client.create(node);
    }
  }
}
