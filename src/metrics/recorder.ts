/**
 * Watches a run and reports what happened. It only looks: it schedules no events and answers nothing, so that a run is
 * the same with and without it. It is told of every committed change at the instant of the commit.
 */
import type { PodObject } from '../kube/pod-object.ts';
import type { KubeObject, Node } from '../kube/types.ts';
import { LatencyBook } from './latency-book.ts';
import { nodeEvents } from './node-events.ts';
import { NodeLedger } from './node-ledger.ts';
import type { NodeObserver } from './node-observer.ts';
import { nodeColumns, poolSummaries, resourceNames } from './node-summary.ts';
import { PodFactsTable } from './pod-facts.ts';
import { PodLedger } from './pod-ledger.ts';
import { PodRecorder } from './pod-recorder.ts';
import { PullWatch } from './pull-watch.ts';
import type { RecordSinks, RefusalRecord } from './records.ts';
import type { ApiLoad, QueueLoad, RunMetrics, StartupObjective } from './run-metrics.ts';
import type { SchedulerObserver } from './scheduler-observer.ts';
import { UtilizationSampler } from './utilization-sampler.ts';
import { WorkloadLedger } from './workload-ledger.ts';

/**
 * Stateless pods start within 5 s at the 99th percentile.
 * Source: kubernetes/community sig-scalability/slos/pod_startup_latency.md.
 */
const STARTUP_BOUND_US = 5_000_000;

export interface RecorderOptions {
  readonly sinks?: RecordSinks;
  /** Distance of the samples of utilization; absent: 200 to 1,000 samples, however long the run. */
  readonly sampleEveryUs?: number;
}

export class Recorder {
  readonly #sinks: RecordSinks;
  readonly #latency = new LatencyBook();
  readonly #nodes = new NodeLedger();
  readonly #workloads: WorkloadLedger;
  readonly #pods: PodRecorder;
  readonly #pulls: PullWatch;
  readonly #sampler: UtilizationSampler;
  #nowUs = 0;

  constructor(options: RecorderOptions = {}) {
    this.#sinks = options.sinks ?? {};
    this.#workloads = new WorkloadLedger(this.#latency, this.#sinks);
    const table = new PodLedger();
    this.#pulls = new PullWatch(table);
    this.#pods = new PodRecorder({
      table,
      latency: this.#latency,
      nodes: this.#nodes,
      workloads: this.#workloads,
      facts: new PodFactsTable(this.#latency, this.#nodes, this.#workloads),
      sinks: this.#sinks,
      passTo: (nowUs) => this.#passTo(nowUs),
    });
    this.#sampler = new UtilizationSampler(this.#nodes, this.#pods.counts, options.sampleEveryUs);
  }

  /** To be told of scheduling attempts. */
  get scheduler(): SchedulerObserver {
    return this.#pods;
  }

  /** To be told of image pulls and of what the nodes use. */
  get node(): NodeObserver {
    return {
      pullBegan: (pod, nowUs) => this.#pulls.began(pod, nowUs),
      pullEnded: (pod, nowUs) => this.#pulls.ended(pod, nowUs),
      nodeUses: (nodeName, cpuMilli, memoryBytes, nowUs) => {
        this.#passTo(nowUs);
        this.#nodes.uses(nodeName, cpuMilli, memoryBytes, nowUs);
      },
    };
  }

  /** A pod's version was committed: `old` is absent for a new pod, `next` for one that is gone. */
  podChanged(old: PodObject | undefined, next: PodObject | undefined, nowUs: number): void {
    this.#pods.changed(old, next, nowUs);
  }

  /** A version of an object of another kind was committed. Owners must be told before their pods. */
  objectChanged(old: KubeObject | undefined, next: KubeObject | undefined, nowUs: number): void {
    this.#passTo(nowUs);
    if ((next ?? old)!.kind === 'Node')
      this.#nodeChanged(old as Node | undefined, next as Node | undefined, nowUs);
    else this.#workloads.changed(old, next, nowUs);
  }

  /** The workload that it was told of last was there before: it is not being rolled out. */
  objectFound(object: KubeObject): void {
    this.#workloads.found(object);
  }

  refused({ atUs, place, action, reason }: RefusalRecord): void {
    const detail = `${place}: ${reason}`;
    const row = { atUs, kind: 'Action', namespace: '', name: action, nodeName: '', detail } as const;
    this.#sinks.event?.({ ...row, event: 'Refused' });
  }

  /** Ends the watch: hands out the records of all that is still there and sums up. */
  finish(nowUs: number, api?: ApiLoad, queues: readonly QueueLoad[] = []): RunMetrics {
    this.#passTo(nowUs);
    const utilization = this.#sampler.finish(nowUs);
    const { pods, scheduling, pending } = this.#pods.finish();
    const workloads = this.#workloads.finish(nowUs);
    this.#nodes.settle(nowUs);
    const latency = this.#latency.summaries();
    return {
      endUs: nowUs,
      pods,
      scheduling,
      pending,
      evictions: Object.fromEntries(this.#pods.evictions),
      latency,
      startupObjective: startupObjective(latency),
      resources: resourceNames(this.#nodes),
      pools: poolSummaries(this.#nodes, nowUs),
      nodes: nodeColumns(this.#nodes, nowUs),
      utilization: { everyUs: this.#sampler.everyUs, samples: utilization },
      workloads,
      api,
      queues: [...this.#pods.queues.loads(nowUs), ...queues],
    };
  }

  #nodeChanged(old: Node | undefined, next: Node | undefined, nowUs: number): void {
    const { name = '' } = (next ?? old)!.metadata;
    if (!next) this.#nodes.remove(name, nowUs);
    else if (!old) this.#nodes.add(next, nowUs);
    else if (old.status !== next.status) this.#nodes.update(next, nowUs);
    if (!this.#sinks.event) return;
    for (const { event, detail } of nodeEvents(old, next))
      this.#sinks.event({ atUs: nowUs, kind: 'Node', namespace: '', name, event, nodeName: name, detail });
  }

  /** Time goes on: what hangs on the instants in between is written down before anything changes. */
  #passTo(nowUs: number): void {
    if (nowUs === this.#nowUs) return;
    if (this.#sampler.nextUs < nowUs) this.#sampler.passTo(nowUs);
    this.#workloads.flush(this.#nowUs);
    this.#nowUs = nowUs;
  }
}

function startupObjective(latency: RunMetrics['latency']): StartupObjective {
  const counted = latency.find(({ phase, className }) => phase === 'slo-startup' && className === '');
  return {
    nPods: counted?.n ?? 0,
    boundUs: STARTUP_BOUND_US,
    p99Us: counted?.p99Us ?? null,
    isMet: counted ? counted.p99Us <= STARTUP_BOUND_US : null,
  };
}
