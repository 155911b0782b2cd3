// NamespaceLifecycle: nothing is created in a namespace that does not exist or is going away.
// Source: apiserver pkg/admission/plugin/namespace/lifecycle/admission.go, 1.37. Deviation: the server knows its
// namespaces at once (no stale cache, no 50 ms wait).

import type { PodName } from '../../kube/pod-name.ts';
import { objectUid } from '../../kube/uid.ts';
import type { ApiState } from '../api-state.ts';
import { type Failure, forbidden, notFound } from '../failure.ts';

const BUILT_IN = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);

export class NamespaceLifecycle {
  readonly #state: ApiState;
  readonly #createsMissing: boolean;
  /** Namespaces known to be fine; emptied when one changes. */
  readonly #fine = new Set<string>();

  constructor(state: ApiState, createsMissing: boolean) {
    this.#state = state;
    this.#createsMissing = createsMissing;
    for (const name of BUILT_IN) this.#create(name);
  }

  refusal(namespace: string, kind: string, name: PodName): Failure | undefined {
    if (this.#fine.has(namespace)) return undefined;
    const found = this.#state.kind('Namespace').get(namespace);
    if (!found && !this.#createsMissing) return notFound('Namespace', namespace);
    if (!found) this.#create(namespace);
    if (found?.metadata.deletionTimestamp) {
      const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
      return forbidden(kind, name.toString(), why);
    }
    this.#fine.add(namespace);
    return undefined;
  }

  deletionRefusal(name: string): Failure | undefined {
    return IMMORTAL.has(name) ? forbidden('Namespace', name, 'this namespace may not be deleted') : undefined;
  }

  /** A namespace changed. */
  forget(): void {
    this.#fine.clear();
  }

  #create(name: string): void {
    const metadata = {
      name,
      uid: objectUid(this.#state.nextUid()),
      resourceVersion: String(this.#state.nextRevision()),
      creationTimestamp: this.#state.clock.timestamp(this.#state.nowUs),
      generation: 1,
      labels: { 'kubernetes.io/metadata.name': name },
      finalizers: ['kubernetes'],
    };
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata, status: { phase: 'Active' } };
    this.#state.kind('Namespace').put(name, namespace);
  }
}
