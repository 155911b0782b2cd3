// Which ReplicaSets are a Deployment's: those that refer to it and match its selector. It lets go of others, and takes
// ReplicaSets without a controller that match.
// Source: pkg/controller/controller_ref_manager.go (ClaimReplicaSets), 1.37.

import type { ApiClient, Informer } from '../../../kube/api.ts';
import { controllerOf } from '../../../kube/controller-of.ts';
import { matchesLabelSelector } from '../../../kube/selector.ts';
import type { Deployment, OwnerReference, ReplicaSet } from '../../../kube/types.ts';
import { call, type Steps } from '../../sync.ts';
import { OwnerReferences } from '../pod-template.ts';

function isMatch({ metadata, spec }: Deployment, set: ReplicaSet): boolean {
  return (
    set.metadata.namespace === metadata.namespace &&
    matchesLabelSelector(spec.selector, set.metadata.labels ?? {})
  );
}

export class SetClaims {
  readonly #client: ApiClient;
  readonly #deployments: Informer<Deployment>;
  readonly #sets: Informer<ReplicaSet>;
  readonly #references = new OwnerReferences();
  /** ReplicaSets without a controller, by uid: few if any. */
  readonly #orphans = new Map<string, ReplicaSet>();

  constructor(client: ApiClient, deployments: Informer<Deployment>, sets: Informer<ReplicaSet>) {
    this.#client = client;
    this.#deployments = deployments;
    this.#sets = sets;
    deployments.handle({
      added: () => {},
      modified: () => {},
      deleted: (deployment) => this.#references.forget(deployment),
    });
  }

  /** A ReplicaSet has come or changed: the Deployments that it concerns. */
  heard(set: ReplicaSet): Deployment[] {
    const owner = controllerOf(set);
    if (owner) {
      this.#orphans.delete(set.metadata.uid ?? '');
      const deployment = this.#deployments.byUid(owner.uid);
      return deployment ? [deployment] : [];
    }
    this.#orphans.set(set.metadata.uid ?? '', set);
    const { namespace = '' } = set.metadata;
    return [...this.#deployments.inNamespace(namespace)].filter((deployment) => isMatch(deployment, set));
  }

  gone(set: ReplicaSet): void {
    this.#orphans.delete(set.metadata.uid ?? '');
  }

  clear(): void {
    this.#orphans.clear();
  }

  /** Undefined when a write failed. */
  *claim(deployment: Deployment): Steps<ReplicaSet[] | undefined> {
    const owned = [...this.#sets.ownedBy(deployment.metadata.uid ?? '')];
    const mine = owned.filter((set) => isMatch(deployment, set));
    if (deployment.metadata.deletionTimestamp) return mine;
    for (const set of owned) {
      if (!mine.includes(set) && !(yield* this.#refer(set, undefined))) return undefined;
    }
    const wanted = [...this.#orphans.values()].filter(
      (set) => !set.metadata.deletionTimestamp && isMatch(deployment, set),
    );
    if (wanted.length === 0) return mine;
    if (!(yield* this.#isAlive(deployment))) return undefined;
    for (const set of wanted) {
      const adopted = yield* this.#refer(set, this.#references.to(deployment));
      if (!adopted) return undefined;
      mine.push(adopted);
    }
    return mine;
  }

  /** Asks the API itself: the informer may not have heard of the Deployment's end. */
  *#isAlive({ kind, metadata }: Deployment): Steps<boolean> {
    const key = { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
    const { object } = yield* call<Deployment>((reply) => this.#client.get(key, reply));
    return object?.metadata.uid === metadata.uid && !object?.metadata.deletionTimestamp;
  }

  /** Gives a ReplicaSet its controller, or takes it away. */
  *#refer(set: ReplicaSet, owner: OwnerReference | undefined): Steps<ReplicaSet | undefined> {
    const { kind, metadata } = set;
    const key = { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
    const edit = (stored: ReplicaSet): ReplicaSet => {
      const others = (stored.metadata.ownerReferences ?? []).filter(({ controller }) => !controller);
      const ownerReferences = owner ? [...others, owner] : others;
      return { ...stored, metadata: { ...stored.metadata, ownerReferences } };
    };
    const { error, object } = yield* call<ReplicaSet>((reply) =>
      this.#client.patch<ReplicaSet, undefined, unknown>(key, edit, undefined, reply),
    );
    return error ? undefined : object;
  }
}
