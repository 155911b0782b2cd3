// CronJob: creates Jobs on a schedule.
// Source: pkg/controller/cronjob/{cronjob_controllerv2,utils}.go, 1.37.

import { deepEqual } from '../../base/deep-equal.ts';
import type { ApiClient, Informer } from '../../kube/api.ts';
import { controllerOf } from '../../kube/controller-of.ts';
import { type CronSchedule, nextAfterUs, parseCron, UTC, type UtcOffset } from '../../kube/cron.ts';
import { timeZoneOffset } from '../../kube/time-zone.ts';
import type { CronJob, Job, ObjectReference } from '../../kube/types.ts';
import { call, type Steps, type Sync } from '../sync.ts';
import type { WorkQueue } from '../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from './controller.ts';
import { isFinished } from './job/job-controller.ts';
import { conditionOf } from './job/job-status.ts';

const NAME = 'cronjob-controller';
const N_WORKERS = 5;
/** The sync comes a little after the scheduled time, so that clocks have passed it. */
const DELTA_US = 100_000;
const US_PER_S = 1_000_000;
const US_PER_MINUTE = 60 * US_PER_S;

interface Timetable {
  readonly schedule: CronSchedule;
  readonly offset: UtcOffset;
}

type Active = readonly ObjectReference[];

export class CronJobController {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #cronJobs: Informer<CronJob>;
  readonly #jobs: Informer<Job>;
  readonly #queue: WorkQueue;
  readonly #timetables = new Map<string, Timetable | undefined>();

  constructor(host: ControllerHost) {
    this.#host = host;
    this.#client = host.client(NAME);
    this.#queue = host.queue({ name: NAME, nWorkers: N_WORKERS }, (key) => this.#sync(key));
    this.#cronJobs = host.informer<CronJob>('CronJob');
    this.#jobs = host.informer<Job>('Job');
    const enqueue = (cronJob: CronJob) => this.#queue.add(keyOfObject(cronJob));
    this.#cronJobs.handle({
      added: enqueue,
      modified: (cronJob, old) => (isRescheduled(cronJob, old) ? this.#awaitNext(cronJob) : enqueue(cronJob)),
      deleted: enqueue,
    });
    const enqueueOwner = (job: Job) => this.#enqueueOwner(job);
    this.#jobs.handle({ added: enqueueOwner, modified: enqueueOwner, deleted: enqueueOwner });
  }

  #enqueueOwner(job: Job): void {
    const owner = controllerOf(job);
    const cronJob = owner && this.#cronJobs.byUid(owner.uid);
    if (cronJob) this.#queue.add(keyOfObject(cronJob));
  }

  *#sync(key: string): Sync {
    const cronJob = this.#cronJobs.get(...splitKey(key));
    if (!cronJob || cronJob.metadata.deletionTimestamp) return true;
    const jobs = [...this.#jobs.ownedBy(cronJob.metadata.uid ?? '')];
    yield* this.#cleanUp(cronJob, jobs);
    const before = (cronJob.status?.active ?? []) as Active;
    const run: Run = {
      active: yield* this.#stillActive(before, jobs),
      lastScheduleTime: cronJob.status?.lastScheduleTime,
    };
    const isOk = yield* this.#schedule(cronJob, run);
    return (yield* this.#writeStatus(cronJob, run, jobs)) && isOk;
  }

  /** Jobs that the informer does not show are looked up: it may be late. */
  *#stillActive(active: Active, jobs: readonly Job[]): Steps<Active> {
    const still: ObjectReference[] = [];
    for (const reference of active) {
      const job = jobs.find(({ metadata }) => metadata.uid === reference.uid);
      const isThere = job ? !isFinished(job) : (yield* this.#find(reference)) !== undefined;
      if (isThere) still.push(reference);
    }
    return still;
  }

  *#find({ namespace = '', name = '' }: ObjectReference): Steps<Job | undefined> {
    return (yield* call<Job>((reply) => this.#client.get({ kind: 'Job', namespace, name }, reply))).object;
  }

  #timetable(cronJob: CronJob): Timetable | undefined {
    const { schedule, timeZone } = cronJob.spec;
    const text = `${schedule}\n${timeZone ?? ''}`;
    if (!this.#timetables.has(text)) this.#timetables.set(text, this.#parse(schedule, timeZone));
    return this.#timetables.get(text);
  }

  #parse(schedule: string, timeZone: string | undefined): Timetable | undefined {
    try {
      return { schedule: parseCron(schedule), offset: timeZone ? timeZoneOffset(timeZone) : UTC };
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** Starts the run that is due, if any; asks to be woken for the next. */
  *#schedule(cronJob: CronJob, run: Run): Steps<boolean> {
    const timetable = this.#timetable(cronJob);
    if (cronJob.spec.suspend || !timetable) return true;
    this.#awaitNext(cronJob);
    const nowEpochUs = this.#nowEpochUs;
    const due = this.#dueEpochUs(cronJob, timetable, nowEpochUs);
    if (due === undefined) return true;
    return yield* this.#start(cronJob, run, due, nowEpochUs);
  }

  /** A new timetable alone starts nothing, even if by it a run was missed: the sync comes with the next run. */
  #awaitNext(cronJob: CronJob): void {
    const timetable = this.#timetable(cronJob);
    if (!timetable) return;
    const nowEpochUs = this.#nowEpochUs;
    const next = nextAfterUs(timetable.schedule, nowEpochUs, timetable.offset);
    if (next !== undefined) this.#queue.addAfter(keyOfObject(cronJob), next - nowEpochUs + DELTA_US, true);
  }

  get #nowEpochUs(): number {
    return this.#host.clock.epochUs + this.#host.nowUs;
  }

  /** The most recent scheduled time that has not been run. */
  #dueEpochUs(cronJob: CronJob, { schedule, offset }: Timetable, nowEpochUs: number): number | undefined {
    const { clock } = this.#host;
    const last = cronJob.status?.lastScheduleTime ?? cronJob.metadata.creationTimestamp ?? clock.timestamp(0);
    const { startingDeadlineSeconds } = cronJob.spec;
    let earliest = clock.epochUs + clock.parse(last);
    if (startingDeadlineSeconds !== undefined)
      earliest = Math.max(earliest, nowEpochUs - startingDeadlineSeconds * US_PER_S);
    let due: number | undefined;
    for (
      let at = nextAfterUs(schedule, earliest, offset);
      at !== undefined && at <= nowEpochUs;
      at = nextAfterUs(schedule, at, offset)
    )
      due = at;
    return due;
  }

  *#start(cronJob: CronJob, run: Run, dueEpochUs: number, nowEpochUs: number): Steps<boolean> {
    const { spec } = cronJob;
    const deadlineUs = (spec.startingDeadlineSeconds ?? Number.POSITIVE_INFINITY) * US_PER_S;
    if (dueEpochUs + deadlineUs < nowEpochUs) {
      this.#client.recordEvent(cronJob, 'Warning', 'MissSchedule', 'Missed scheduled time to start a job');
      return true;
    }
    const job = this.#build(cronJob, dueEpochUs);
    const dueTime = this.#host.clock.timestamp(dueEpochUs - this.#host.clock.epochUs);
    if (run.active.some(({ name }) => name === job.metadata.name) || run.lastScheduleTime === dueTime)
      return true;
    if (spec.concurrencyPolicy === 'Forbid' && run.active.length > 0) {
      this.#client.recordEvent(
        cronJob,
        'Normal',
        'JobAlreadyActive',
        'Not starting job because prior execution is running',
      );
      return true;
    }
    if (spec.concurrencyPolicy === 'Replace' && !(yield* this.#replaceActive(run))) return false;
    const { error, object } = yield* call<Job>((reply) => this.#client.create(job, reply));
    if (error && error.code !== 409) return error.message.includes('being terminated');
    const started = object ?? (yield* this.#find(referenceTo(job)));
    if (!started) return false;
    if (object)
      this.#client.recordEvent(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`);
    run.active = [...run.active, referenceTo(started)];
    run.lastScheduleTime = dueTime;
    return true;
  }

  *#replaceActive(run: Run): Steps<boolean> {
    for (const { namespace = '', name = '' } of run.active) {
      if (!(yield* this.#delete(namespace, name))) return false;
    }
    run.active = [];
    return true;
  }

  *#delete(namespace: string, name: string): Steps<boolean> {
    const { error } = yield* call((reply) =>
      this.#client.delete({ kind: 'Job', namespace, name }, { propagation: 'Background' }, reply),
    );
    return !error || error.code === 404;
  }

  /** Named after its scheduled minute, so that it is created once only. */
  #build(cronJob: CronJob, dueEpochUs: number): Job {
    const { name = '', namespace = '', uid = '' } = cronJob.metadata;
    const { apiVersion, kind } = cronJob;
    const { metadata, spec } = cronJob.spec.jobTemplate;
    return {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        ...metadata,
        name: `${name}-${Math.floor(dueEpochUs / US_PER_MINUTE)}`,
        namespace,
        ownerReferences: [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }],
      },
      spec,
    };
  }

  /** Finished Jobs beyond the history limits go, oldest start first. */
  *#cleanUp(cronJob: CronJob, jobs: readonly Job[]): Steps<void> {
    const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cronJob.spec;
    const limits = { Complete: successfulJobsHistoryLimit, Failed: failedJobsHistoryLimit };
    for (const [type, limit] of Object.entries(limits)) {
      const finished = jobs.filter((job) => conditionOf(job.status, type));
      const startOf = (job: Job) =>
        this.#host.clock.parse(job.status?.startTime ?? this.#host.clock.timestamp(0));
      finished.sort((a, b) => startOf(a) - startOf(b) || (a.metadata.name! < b.metadata.name! ? -1 : 1));
      for (const { metadata } of finished.slice(0, Math.max(0, finished.length - limit))) {
        yield* this.#delete(metadata.namespace ?? '', metadata.name ?? '');
      }
    }
  }

  *#writeStatus(cronJob: CronJob, run: Run, jobs: readonly Job[]): Steps<boolean> {
    const done = jobs.flatMap(
      (job) => (conditionOf(job.status, 'Complete') && job.status?.completionTime) || [],
    );
    const lastSuccessfulTime = done.sort().at(-1) ?? cronJob.status?.lastSuccessfulTime;
    const status = {
      ...cronJob.status,
      active: run.active,
      ...(run.lastScheduleTime && { lastScheduleTime: run.lastScheduleTime }),
      ...(lastSuccessfulTime && { lastSuccessfulTime }),
    };
    if (deepEqual({ active: [], ...cronJob.status }, status)) return true;
    const { error } = yield* call((reply) => this.#client.updateStatus({ ...cronJob, status }, reply));
    return !error || error.code === 404;
  }
}

/** What a sync changes of the status. */
interface Run {
  active: Active;
  lastScheduleTime: string | undefined;
}

function isRescheduled({ spec }: CronJob, old: CronJob): boolean {
  return spec.schedule !== old.spec.schedule || spec.timeZone !== old.spec.timeZone;
}

function referenceTo(job: Job): ObjectReference {
  const { apiVersion, kind, metadata } = job;
  return {
    apiVersion,
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
  };
}
