// Namespace: empties a deleted namespace, pods first, and then lets it go.
// Source: pkg/controller/namespace/{namespace_controller,deletion/namespaced_resources_deleter}.go, 1.37.

import type { ApiClient, Informer } from '../../kube/api.ts';
import { KINDS } from '../../kube/kinds.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { Condition, Namespace } from '../../kube/types.ts';
import { call, type Steps, type Sync } from '../sync.ts';
import type { WorkQueue } from '../work-queue.ts';
import type { ControllerHost } from './controller.ts';

const NAME = 'namespace-controller';
const N_WORKERS = 10;
/** It makes many requests, so its client gets 20 times the usual rate and 100 times the burst. */
const QPS = 400;
const BURST = 3000;
const GRACE_US = 5_000_000;
const BACKOFF_US_MAX = 60_000_000;
const US_PER_S = 1_000_000;
const FINALIZER_ESTIMATE_SECONDS = 15;
const FINALIZER = 'kubernetes';
const CONTENT_REMAINING = 'NamespaceContentRemaining';

/** Something is left of a namespace. */
interface Remaining {
  /** How long it will probably take to go; undefined when it should have gone at once. */
  readonly seconds: number | undefined;
  /** For the namespace's status, which says nothing of pods. */
  readonly what?: string;
}

export class NamespaceController {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #namespaces: Informer<Namespace>;
  readonly #queue: WorkQueue;

  constructor(host: ControllerHost) {
    this.#host = host;
    this.#client = host.client(NAME, QPS, BURST);
    this.#namespaces = host.informer<Namespace>('Namespace');
    const options = { name: NAME, nWorkers: N_WORKERS, backoffUsMax: BACKOFF_US_MAX };
    this.#queue = host.queue(options, (name) => this.#sync(name));
    const onNamespace = ({ metadata }: Namespace) => {
      if (metadata.deletionTimestamp) this.#queue.addAfter(metadata.name ?? '', GRACE_US);
    };
    this.#namespaces.handle({ added: onNamespace, modified: onNamespace, deleted: () => {} });
  }

  *#sync(name: string): Sync {
    const namespace = this.#namespaces.get('', name);
    if (!namespace?.metadata.deletionTimestamp) return true;
    const left = yield* this.#empty(namespace);
    if (!(yield* this.#report(namespace, left?.what))) return false;
    if (left) {
      if (left.seconds === undefined) return false;
      this.#queue.addAfter(name, (Math.floor(left.seconds / 2) + 1) * US_PER_S);
      return true;
    }
    const finish = (object: Namespace): Namespace => {
      const finalizers = (object.metadata.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
      return { ...object, metadata: { ...object.metadata, finalizers } };
    };
    const { error } = yield* call<Namespace>((reply) =>
      this.#client.patch({ kind: 'Namespace', name }, finish, undefined, reply),
    );
    return !error || error.code === 404;
  }

  /** Says in the namespace's status what is left. News of that brings the controller back after the grace period. */
  *#report({ metadata, status }: Namespace, left: string | undefined): Steps<boolean> {
    const known = status?.conditions?.find(({ type }) => type === CONTENT_REMAINING);
    const message = left ? `Some resources are remaining: ${left}` : 'All content successfully removed';
    if (known?.message === message) return true;
    const condition: Condition = { type: CONTENT_REMAINING, status: left ? 'True' : 'False', message };
    const edit = (object: Namespace): Namespace => ({
      ...object,
      status: { ...object.status, conditions: [condition] },
    });
    const { error } = yield* call<Namespace>((reply) =>
      this.#client.patchStatus({ kind: 'Namespace', name: metadata.name ?? '' }, edit, undefined, reply),
    );
    return !error || error.code === 404;
  }

  /** Deletes what is there, first the pods alone; undefined when nothing is left. */
  *#empty({ metadata }: Namespace): Steps<Remaining | undefined> {
    const { name: namespace = '', deletionTimestamp } = metadata;
    const pods = this.#podsIn(namespace);
    if (pods.length > 0) yield* this.#deleteAll('Pod', namespace);
    const left = pods.filter((pod) => pod.finalizers.length > 0 || (pod.nodeName !== '' && !pod.terminal));
    if (left.length > 0) return { seconds: this.#secondsLeft(left, deletionTimestamp) };
    const what: string[] = [];
    for (const { kind, isNamespaced, isModelled } of KINDS) {
      if (!isNamespaced || !isModelled || kind === 'Pod' || kind === 'Event') continue;
      const objects = [...this.#host.informer(kind).inNamespace(namespace)];
      if (objects.length === 0) continue;
      yield* this.#deleteAll(kind, namespace);
      const nHeld = objects.filter(({ metadata }) => metadata.finalizers?.length).length;
      if (nHeld > 0) what.push(`${kind} has ${nHeld} resource instances`);
    }
    return what.length > 0 ? { seconds: FINALIZER_ESTIMATE_SECONDS, what: what.join(', ') } : undefined;
  }

  /** The longest grace period until the namespace has been waiting for that long, then a guess. */
  #secondsLeft(pods: readonly PodObject[], since: string | undefined): number | undefined {
    const { clock, nowUs } = this.#host;
    const graces = pods
      .filter((pod) => !pod.terminal)
      .map((pod) => pod.shape.spec.terminationGracePeriodSeconds ?? 30);
    const seconds = Math.max(0, ...graces);
    const sinceUs = since === undefined ? nowUs : clock.parse(since);
    if (nowUs - sinceUs < seconds * US_PER_S) return seconds;
    return pods.some(({ finalizers }) => finalizers.length > 0) ? FINALIZER_ESTIMATE_SECONDS : undefined;
  }

  #podsIn(namespace: string) {
    return this.#host.pods.index('namespace', (pod) => pod.namespace).list(namespace);
  }

  *#deleteAll(kind: string, namespace: string): Steps<void> {
    yield* call((reply) =>
      this.#client.deleteCollection({ kind, namespace }, { propagation: 'Background' }, reply),
    );
  }
}
