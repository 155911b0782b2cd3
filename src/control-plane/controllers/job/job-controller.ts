// Job: runs pods until enough of them have succeeded, or too many have failed.
// Source: pkg/controller/job/job_controller.go, 1.37. Deviation: pods without a controller are not adopted.

import type { ApiClient, Informer } from '../../../kube/api.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import { JOB_TRACKING, NO_FINALIZERS, type PodDraft } from '../../../kube/pod-object.ts';
import type { Job } from '../../../kube/types.ts';
import type { Sync } from '../../sync.ts';
import type { WorkQueue } from '../../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from '../controller.ts';
import { Expectations } from '../expectations.ts';
import { OwnWrites } from '../own-writes.ts';
import { OwnerReferences } from '../pod-template.ts';
import { conditionOf } from './job-status.ts';
import { JobSync } from './job-sync.ts';
import type { JobMemory } from './job-view.ts';

const NAME = 'job-controller';
/** What `managedBy` says for this controller. */
const OWN_NAME = 'kubernetes.io/job-controller';
const N_WORKERS = 5;
const BATCH_US = 1_000_000;
const BACKOFF_BASE_US = 1_000_000;
const BACKOFF_US_MAX = 60_000_000;

export function isFinished(job: Job): boolean {
  return !!(conditionOf(job.status, 'Complete') ?? conditionOf(job.status, 'Failed'));
}

function release(pod: PodObject): PodObject {
  const next: PodDraft = pod.draft();
  next.finalizers = NO_FINALIZERS;
  return next;
}

export class JobController {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #jobs: Informer<Job>;
  readonly #queue: WorkQueue;
  readonly #expectations: Expectations;
  readonly #writes: OwnWrites;
  readonly #owners = new OwnerReferences();
  readonly #memories = new Map<string, JobMemory>();

  constructor(host: ControllerHost) {
    this.#host = host;
    this.#client = host.client(NAME);
    this.#jobs = host.informer<Job>('Job');
    this.#expectations = new Expectations(() => host.nowUs);
    this.#writes = new OwnWrites(this.#jobs, host.pods);
    host.onStop(() => {
      this.#expectations.clear();
      this.#writes.clear();
      this.#memories.clear();
    });
    const options = {
      name: NAME,
      nWorkers: N_WORKERS,
      backoffBaseUs: BACKOFF_BASE_US,
      backoffUsMax: BACKOFF_US_MAX,
    };
    this.#queue = host.queue(options, (key) => this.#sync(key));
    this.#jobs.handle({
      added: (job) => this.#queue.add(keyOfObject(job)),
      modified: (job, old) => this.#onJob(job, old),
      deleted: (job) => this.#onDeleted(job),
    });
    host.pods.handle({
      added: (pod) => this.#onPod(pod, true, false),
      modified: (pod) => this.#onPod(pod, false, false),
      deleted: (pod) => this.#onPod(pod, false, true),
    });
  }

  /** Changes of the spec count at once, changes of the status are gathered. */
  #onJob(job: Job, old: Job): void {
    const key = keyOfObject(job);
    if (job.metadata.generation !== old.metadata.generation) this.#queue.add(key);
    else this.#queue.addAfter(key, BATCH_US);
  }

  #onDeleted(job: Job): void {
    const key = keyOfObject(job);
    this.#expectations.forget(key);
    this.#writes.forget(key);
    this.#owners.forget(job);
    this.#memories.delete(key);
    for (const pod of this.#host.podsByOwner.list(job.metadata.uid ?? '')) this.#releaseOrphan(pod);
  }

  #onPod(pod: PodObject, isNew: boolean, isGone: boolean): void {
    if (pod.owner?.kind !== 'Job') return;
    const job = this.#jobs.byUid(pod.owner.uid);
    if (!job || isFinished(job)) {
      if (!isGone) this.#releaseOrphan(pod);
      return;
    }
    const key = keyOfObject(job);
    const isReleased = isGone || !pod.finalizers.includes(JOB_TRACKING[0]!);
    if (isReleased) this.#memories.get(key)?.released.delete(pod.uid);
    if (isGone) this.#memories.get(key)?.indexFailures.delete(pod.uid);
    if (isGone || pod.terminating) this.#expectations.deletionObserved(key, pod.uid);
    else if (isNew) this.#expectations.creationObserved(key);
    this.#queue.addAfter(key, BATCH_US);
  }

  /** Nobody counts the pods of a Job that is over or gone. */
  #releaseOrphan(pod: PodObject): void {
    if (pod.finalizers.includes(JOB_TRACKING[0]!)) this.#client.patchPod(pod, release, undefined);
  }

  *#sync(key: string): Sync {
    const job = this.#jobs.get(...splitKey(key));
    if (!job || isFinished(job) || isForeign(job)) return true;
    if (!this.#writes.areVisible(key)) return false;
    let memory = this.#memories.get(key);
    if (!memory)
      this.#memories.set(
        key,
        (memory = { failures: undefined, released: new Set(), indexFailures: new Map() }),
      );
    const tools = {
      host: this.#host,
      client: this.#client,
      expectations: this.#expectations,
      owner: this.#owners.to(job),
      memory,
      wrote: (written: Job | PodObject | undefined) => this.#writes.wrote(key, written),
      requeue: (afterUs: number) => this.#queue.addAfter(key, afterUs),
    };
    const pods = this.#host.podsByOwner.list(job.metadata.uid ?? '');
    return yield* new JobSync(tools, key, job, pods).run();
  }
}

/** Another controller looks after it. */
function isForeign({ spec: { managedBy = OWN_NAME } }: Job): boolean {
  return managedBy !== OWN_NAME;
}
