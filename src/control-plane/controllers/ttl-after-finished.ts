// TTL after finished: deletes Jobs some time after they have ended.
// Source: pkg/controller/ttlafterfinished/ttlafterfinished_controller.go, 1.37.

import type { ApiClient, Informer } from '../../kube/api.ts';
import type { Job } from '../../kube/types.ts';
import { call, type Sync } from '../sync.ts';
import type { WorkQueue } from '../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from './controller.ts';
import { isFinished } from './job/job-controller.ts';
import { conditionOf } from './job/job-status.ts';

const NAME = 'ttl-after-finished-controller';
const N_WORKERS = 5;
const US_PER_S = 1_000_000;

export class TtlAfterFinishedController {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #jobs: Informer<Job>;
  readonly #queue: WorkQueue;

  constructor(host: ControllerHost) {
    this.#host = host;
    this.#client = host.client(NAME);
    this.#jobs = host.informer<Job>('Job');
    this.#queue = host.queue({ name: NAME, nWorkers: N_WORKERS }, (key) => this.#sync(key));
    const onJob = (job: Job) => {
      if (job.spec.ttlSecondsAfterFinished !== undefined && isFinished(job))
        this.#queue.add(keyOfObject(job));
    };
    this.#jobs.handle({ added: onJob, modified: onJob, deleted: () => {} });
  }

  #leftUs(job: Job): number {
    const { clock, nowUs } = this.#host;
    const ended = conditionOf(job.status, 'Complete') ?? conditionOf(job.status, 'Failed');
    const endedUs = clock.parse(ended?.lastTransitionTime ?? clock.timestamp(nowUs));
    return endedUs + (job.spec.ttlSecondsAfterFinished ?? 0) * US_PER_S - nowUs;
  }

  /** The Job is read once more before it is deleted: its time may have been changed. */
  *#sync(key: string): Sync {
    const [namespace, name] = splitKey(key);
    const job = this.#jobs.get(namespace, name);
    if (!job || job.spec.ttlSecondsAfterFinished === undefined || job.metadata.deletionTimestamp) return true;
    const leftUs = this.#leftUs(job);
    if (leftUs > 0) {
      this.#queue.addAfter(key, leftUs);
      return true;
    }
    const fresh = yield* call<Job>((reply) => this.#client.get({ kind: 'Job', namespace, name }, reply));
    if (fresh.error) return fresh.error.code === 404;
    const options = { propagation: 'Foreground', uid: fresh.object!.metadata.uid ?? '' } as const;
    const { error } = yield* call((reply) =>
      this.#client.delete({ kind: 'Job', namespace, name }, options, reply),
    );
    return !error || error.code === 404 || error.code === 409;
  }
}
