// Pulls images for containers that are about to start: pull policies, one pull at a time per node or several at once, the
// kubelet's own limit on pulls, and the back-off after a failure.
// Source: pkg/kubelet/images/{image_manager,puller,helpers}.go, 1.37. The limit does not wait: a pull beyond it fails.
// Deviations: credentials play no part; two pulls of one image at once on one node share one download, but two images
// that share a layer do not.

import type { NodeObserver } from '../../metrics/node-observer.ts';
import { TokenBucket } from '../../sim/token-bucket.ts';
import { DRAW, type LifeContext } from '../pods/life-context.ts';
import type { ContainerRun } from '../pods/pod-worker.ts';
import type { ImageSource, PullListener } from '../pods/starter.ts';
import type { Image } from './image-catalog.ts';
import type { NodeImages } from './node-images.ts';
import type { TransferListener, Transfers } from './transfers.ts';

export interface PullModel {
  /** Pulls at once on one node; 1: one after the other. */
  readonly nParallelMax: number;
  /** The kubelet's own limit; undefined: none. */
  readonly qps: number | undefined;
  readonly burst: number;
  /** The registry's answer, before any layer is downloaded, and of a pull that fails. */
  readonly latencyUs: number;
  readonly backoffUs: number;
  readonly backoffUsMax: number;
}

interface Waiter {
  readonly run: ContainerRun;
  readonly attempt: number;
  readonly listener: PullListener;
}

interface Pull {
  readonly row: number;
  readonly image: Image;
  readonly waiters: Waiter[];
}

/** The pulls of one node. */
interface PullQueue {
  readonly underWay: Set<Pull>;
  /** Oldest first. */
  readonly waiting: Pull[];
}

/** Back-off entries are forgotten so long after their last use, counted in their longest wait. */
const N_WAITS_REMEMBERED = 2;

export class Puller implements ImageSource, TransferListener {
  readonly #context: LifeContext;
  readonly #images: NodeImages;
  readonly #transfers: Transfers;
  readonly #model: PullModel;
  readonly #observer: NodeObserver;
  /** By node row. */
  readonly #queues = new Map<number, PullQueue>();
  readonly #buckets = new Map<number, TokenBucket>();

  constructor(
    context: LifeContext,
    images: NodeImages,
    transfers: Transfers,
    model: PullModel,
    observer: NodeObserver,
  ) {
    this.#context = context;
    this.#images = images;
    this.#transfers = transfers;
    this.#model = model;
    this.#observer = observer;
    images.onLatency = (pull) => this.#answered(pull as Pull);
  }

  request(run: ContainerRun, attempt: number, listener: PullListener): 'present' | 'failed' | 'pulling' {
    const { image: name, pullPolicy } = run.plan;
    const { worker } = run;
    const { nodeRow } = worker;
    const isHere = name === '' || this.#images.has(nodeRow, name);
    if (isHere && (pullPolicy !== 'Always' || name === '')) {
      if (name !== '') this.#context.event(worker, 'Normal', 'Pulled');
      return 'present';
    }
    if (pullPolicy === 'Never') return this.#refuse(run, 'ErrImageNeverPull');
    if (this.#isBackingOff(run)) return this.#refuse(run, 'ImagePullBackOff');
    this.#enqueue(nodeRow, this.#images.catalog.of(name), { run, attempt, listener });
    return 'pulling';
  }

  transferred(tag: object): void {
    this.#finish(tag as Pull, undefined);
  }

  /** The machine is dead. */
  drop(row: number): void {
    const queue = this.#queues.get(row);
    for (const { waiters } of queue ? [...queue.underWay, ...queue.waiting] : []) {
      for (const waiter of waiters) this.#over(waiter);
    }
    this.#queues.delete(row);
    this.#transfers.drop(row);
  }

  #over({ run }: Waiter): void {
    this.#observer.pullEnded(run.worker.pod.identity, this.#context.nowUs);
  }

  #enqueue(row: number, image: Image, waiter: Waiter): void {
    this.#observer.pullBegan(waiter.run.worker.pod.identity, this.#context.nowUs);
    let queue = this.#queues.get(row);
    if (!queue) this.#queues.set(row, (queue = { underWay: new Set(), waiting: [] }));
    const same = this.#model.nParallelMax > 1 ? find(queue, image) : undefined;
    if (same) {
      same.waiters.push(waiter);
      return;
    }
    queue.waiting.push({ row, image, waiters: [waiter] });
    this.#startNext(row, queue);
  }

  #startNext(row: number, { underWay, waiting }: PullQueue): void {
    if (underWay.size >= this.#model.nParallelMax) return;
    const next = waiting.shift();
    if (!next) return;
    underWay.add(next);
    for (const { run } of next.waiters) this.#context.event(run.worker, 'Normal', 'Pulling');
    if (this.#isOverLimit(row)) this.#finish(next, 'pull QPS exceeded');
    else this.#images.afterLatency(this.#model.latencyUs, next);
  }

  /** The registry has answered: what is missing is downloaded. */
  #answered(pull: Pull): void {
    const { row, image, waiters } = pull;
    if (!this.#queues.get(row)?.underWay.has(pull)) return;
    const bytes = this.#images.missingBytes(row, image);
    const { run, attempt } = waiters[0]!;
    const hasFailed =
      image.failureRatio > 0 &&
      this.#context.draw(run.worker, DRAW.pull, run.plan.index, attempt) < image.failureRatio;
    if (image.isMissing) this.#finish(pull, 'not found');
    else if (hasFailed) this.#finish(pull, 'registry error');
    else if (bytes > this.#images.freeBytes(row)) this.#finish(pull, 'no space left on device');
    else if (bytes === 0) this.#finish(pull, undefined);
    else this.#transfers.begin(row, bytes, this, pull);
  }

  #finish(pull: Pull, error: string | undefined): void {
    const { row, image, waiters } = pull;
    const queue = this.#queues.get(row);
    if (!queue?.underWay.delete(pull)) return;
    if (queue.underWay.size + queue.waiting.length === 0) this.#queues.delete(row);
    if (error === undefined) this.#images.add(row, image);
    for (const waiter of waiters) {
      const { run, attempt, listener } = waiter;
      this.#over(waiter);
      this.#context.event(
        run.worker,
        error === undefined ? 'Normal' : 'Warning',
        error === undefined ? 'Pulled' : 'Failed',
      );
      if (error === undefined) listener.pulled(run, attempt);
      else this.#fail(run, attempt, listener);
    }
    this.#startNext(row, queue);
  }

  #fail(run: ContainerRun, attempt: number, listener: PullListener): void {
    const { nowUs } = this.#context;
    const { worker, plan } = run;
    const { backoffUs, backoffUsMax } = this.#model;
    const known = worker.pullBackoffs.get(plan.image);
    const isFresh = known !== undefined && nowUs - known.updatedUs <= N_WAITS_REMEMBERED * backoffUsMax;
    const nextUs = isFresh ? Math.min(known.backoffUs * 2, backoffUsMax) : backoffUs;
    worker.pullBackoffs.set(plan.image, { backoffUs: nextUs, updatedUs: nowUs });
    this.#refuse(run, 'ErrImagePull');
    listener.pullFailed(run, attempt);
  }

  #refuse(run: ContainerRun, reason: string): 'failed' {
    if (reason !== 'ErrImagePull' && run.waitingReason !== reason)
      this.#context.event(run.worker, 'Warning', 'BackOff');
    run.waitingReason = reason;
    run.worker.retryUs = Math.min(run.worker.retryUs, this.#context.model.retryUs);
    return 'failed';
  }

  #isBackingOff({ worker, plan }: ContainerRun): boolean {
    const entry = worker.pullBackoffs.get(plan.image);
    return entry !== undefined && this.#context.nowUs - entry.updatedUs < entry.backoffUs;
  }

  #isOverLimit(row: number): boolean {
    const { qps, burst } = this.#model;
    if (qps === undefined) return false;
    let bucket = this.#buckets.get(row);
    if (!bucket) this.#buckets.set(row, (bucket = new TokenBucket(qps, burst)));
    return !bucket.tryTake(this.#context.nowUs);
  }
}

function find({ underWay, waiting }: PullQueue, image: Image): Pull | undefined {
  for (const pull of underWay) if (pull.image === image) return pull;
  return waiting.find((pull) => pull.image === image);
}
