/**
 * Workloads over time: ready replicas against desired, what was missed, disruptions and recovery, rollouts, Jobs. Pods of
 * a Deployment's ReplicaSets count for the Deployment.
 * A disruption begins when a workload that was complete loses a ready replica and ends when all are ready again; being
 * scaled up is none. A pod that is being deleted is not ready.
 */
import { controllerOf } from '../kube/controller-of.ts';
import type { KubeObject, OwnerReference } from '../kube/types.ts';
import { type ClassSketches, type LatencyBook, PHASE } from './latency-book.ts';
import type { RecordSinks, WorkloadRecord } from './records.ts';
import {
  desiredOf,
  hasNewTemplate,
  isRolledOut,
  isWorkload,
  jobOutcome,
  type WorkloadObject,
} from './workload-facts.ts';

const N_WORST = 10;

export interface Workload {
  readonly record: WorkloadRecord;
  /** A Job of a CronJob is of the CronJob's class. */
  readonly className: string;
  readonly sketches: ClassSketches;
  /** `record`'s sums are right up to here. */
  sinceUs: number;
  /** Fewer ready than desired since then. */
  shortSinceUs: number | undefined;
  isDisrupted: boolean;
  rolloutSinceUs: number | undefined;
  /** In the list of those whose replicas changed at this instant. */
  isTouched: boolean;
  /** Replicas as they were told of last. */
  nDesiredTold: number;
  nReadyTold: number;
}

/** All workloads of a run that ever were (Jobs apart). */
export interface WorkloadTotals {
  readonly nWorkloads: number;
  readonly missedReplicaUs: number;
  readonly desiredReplicaUs: number;
  readonly nDisruptions: number;
  readonly nRollouts: number;
  /** Those that missed most, worst first. */
  readonly worst: readonly Readonly<WorkloadRecord>[];
  readonly jobs: { readonly nCreated: number; readonly nComplete: number; readonly nFailed: number };
}

export class WorkloadLedger {
  readonly #latency: LatencyBook;
  readonly #sinks: RecordSinks;
  readonly #byUid = new Map<string, Workload>();
  #touched: Workload[] = [];
  #worst: WorkloadRecord[] = [];
  readonly #totals = {
    nWorkloads: 0,
    missedReplicaUs: 0,
    desiredReplicaUs: 0,
    nDisruptions: 0,
    nRollouts: 0,
    jobs: { nCreated: 0, nComplete: 0, nFailed: 0 },
  };

  constructor(latency: LatencyBook, sinks: RecordSinks) {
    this.#latency = latency;
    this.#sinks = sinks;
  }

  /** The workload whose pod has this owner. */
  ofOwner(owner: OwnerReference | undefined): Workload | undefined {
    return owner && this.#byUid.get(owner.uid);
  }

  changed(old: KubeObject | undefined, next: KubeObject | undefined, nowUs: number): void {
    const object = (next ?? old)!;
    if (!isWorkload(object)) return;
    if (!next) this.#removed(object, nowUs);
    else if (!old) this.#added(next, nowUs);
    else this.#modified(old, next, nowUs);
  }

  /** It was there before the run: when its rollout began is not known, nor whether there is one. */
  found({ metadata, kind }: KubeObject): void {
    const workload = this.#byUid.get(metadata.uid ?? '');
    if (workload?.record.kind === kind) workload.rolloutSinceUs = undefined;
  }

  /** A pod of the workload became ready (`sign` 1) or ceased to be (-1). */
  readyChanged(workload: Workload, sign: 1 | -1, nowUs: number): void {
    this.#settle(workload, nowUs);
    workload.record.nReady += sign;
    this.#judge(workload, sign < 0, nowUs);
    this.#touch(workload);
  }

  /** Tells of all changes of the instant that has passed. */
  flush(atUs: number): void {
    if (this.#touched.length === 0) return;
    for (const workload of this.#touched) {
      workload.isTouched = false;
      const { kind, namespace, name, nDesired, nReady } = workload.record;
      if (nDesired === workload.nDesiredTold && nReady === workload.nReadyTold) continue;
      workload.nDesiredTold = nDesired;
      workload.nReadyTold = nReady;
      this.#sinks.replicas!({ atUs, kind, namespace, name, nDesired, nReady });
    }
    this.#touched.length = 0;
  }

  /** Ends all rows. */
  finish(nowUs: number): WorkloadTotals {
    this.flush(nowUs);
    for (const workload of new Set(this.#byUid.values())) this.#end(workload, nowUs);
    return { ...this.#totals, worst: this.#worst };
  }

  #added(next: KubeObject, nowUs: number): void {
    const owner = controllerOf(next);
    const parent = this.ofOwner(owner);
    if (parent && next.kind === 'ReplicaSet') {
      this.#byUid.set(next.metadata.uid!, parent);
      return;
    }
    const { namespace = '', name = '', uid = '' } = next.metadata;
    const className = `${namespace}/${owner?.kind ?? next.kind}/${owner?.name ?? name}`;
    const workload: Workload = {
      record: newRecord(next.kind, namespace, name, nowUs),
      className,
      sketches: this.#latency.classOf(className),
      sinceUs: nowUs,
      shortSinceUs: undefined,
      isDisrupted: false,
      rolloutSinceUs: nowUs,
      isTouched: false,
      nDesiredTold: -1,
      nReadyTold: -1,
    };
    this.#byUid.set(uid, workload);
    if (next.kind === 'Job') this.#totals.jobs.nCreated++;
    else this.#totals.nWorkloads++;
    this.#follow(workload, next, nowUs);
    this.#touch(workload);
  }

  #modified(old: KubeObject, next: KubeObject, nowUs: number): void {
    const workload = this.#byUid.get(next.metadata.uid!);
    if (!workload || workload.record.kind !== next.kind) return;
    if (next.kind !== 'Job' && hasNewTemplate(old, next)) workload.rolloutSinceUs = nowUs;
    this.#follow(workload, next, nowUs);
  }

  #removed(object: KubeObject, nowUs: number): void {
    const uid = object.metadata.uid!;
    const workload = this.#byUid.get(uid);
    this.#byUid.delete(uid);
    if (!workload || workload.record.kind !== object.kind) return;
    workload.record.deletedUs = nowUs;
    this.#end(workload, nowUs);
  }

  /** Takes over what the object says of itself. */
  #follow(workload: Workload, object: WorkloadObject, nowUs: number): void {
    const { record } = workload;
    const nDesired = desiredOf(object);
    if (nDesired !== record.nDesired) {
      this.#settle(workload, nowUs);
      record.nDesired = nDesired;
      this.#judge(workload, false, nowUs);
      this.#touch(workload);
    }
    const outcome = jobOutcome(object);
    if (outcome !== '' && record.outcome === '') this.#jobEnded(workload, outcome, nowUs);
    if (workload.rolloutSinceUs === undefined || record.kind === 'Job' || !isRolledOut(object)) return;
    const us = nowUs - workload.rolloutSinceUs;
    workload.rolloutSinceUs = undefined;
    record.nRollouts++;
    record.rolloutUsLast = us;
    if (us > record.rolloutUsMax) record.rolloutUsMax = us;
    this.#latency.add(workload.sketches, PHASE.rollout, us);
  }

  #jobEnded({ record, sketches }: Workload, outcome: 'Complete' | 'Failed', nowUs: number): void {
    record.outcome = outcome;
    record.makespanUs = nowUs - record.createdUs;
    this.#latency.add(sketches, PHASE.makespan, record.makespanUs);
    if (outcome === 'Complete') this.#totals.jobs.nComplete++;
    else this.#totals.jobs.nFailed++;
  }

  #settle(workload: Workload, nowUs: number): void {
    const { record, sinceUs } = workload;
    const spanUs = nowUs - sinceUs;
    workload.sinceUs = nowUs;
    record.desiredReplicaUs += record.nDesired * spanUs;
    if (record.nReady < record.nDesired) record.missedReplicaUs += (record.nDesired - record.nReady) * spanUs;
  }

  /** Notes the beginning or the end of a time with too few ready replicas. */
  #judge(workload: Workload, isLoss: boolean, nowUs: number): void {
    const { record } = workload;
    if (record.kind === 'Job') return;
    const isShort = record.nReady < record.nDesired;
    if (isShort === (workload.shortSinceUs !== undefined)) return;
    if (isShort) {
      workload.shortSinceUs = nowUs;
      workload.isDisrupted = isLoss;
      if (isLoss) record.nDisruptions++;
      return;
    }
    record.firstFullUs ??= nowUs;
    if (workload.isDisrupted) {
      const us = nowUs - workload.shortSinceUs!;
      record.recoveryUsTotal += us;
      if (us > record.recoveryUsMax) record.recoveryUsMax = us;
      this.#latency.add(workload.sketches, PHASE.recovery, us);
    }
    workload.shortSinceUs = undefined;
    workload.isDisrupted = false;
  }

  #touch(workload: Workload): void {
    if (workload.isTouched || !this.#sinks.replicas || workload.record.kind === 'Job') return;
    workload.isTouched = true;
    this.#touched.push(workload);
  }

  #end(workload: Workload, nowUs: number): void {
    this.#settle(workload, nowUs);
    const { record } = workload;
    this.#sinks.workload?.(record);
    if (record.kind === 'Job') return;
    this.#totals.missedReplicaUs += record.missedReplicaUs;
    this.#totals.desiredReplicaUs += record.desiredReplicaUs;
    this.#totals.nDisruptions += record.nDisruptions;
    this.#totals.nRollouts += record.nRollouts;
    if (record.missedReplicaUs === 0) return;
    this.#worst.push(record);
    // Equal ones stay in the order in which they ended.
    this.#worst.sort((a, b) => b.missedReplicaUs - a.missedReplicaUs);
    if (this.#worst.length > N_WORST) this.#worst.pop();
  }
}

function newRecord(kind: string, namespace: string, name: string, createdUs: number): WorkloadRecord {
  return {
    kind,
    namespace,
    name,
    createdUs,
    deletedUs: undefined,
    nDesired: 0,
    nReady: 0,
    firstFullUs: undefined,
    missedReplicaUs: 0,
    desiredReplicaUs: 0,
    nDisruptions: 0,
    recoveryUsMax: 0,
    recoveryUsTotal: 0,
    nRollouts: 0,
    rolloutUsLast: 0,
    rolloutUsMax: 0,
    nRestarts: 0,
    nEvictions: 0,
    makespanUs: undefined,
    outcome: '',
  };
}
