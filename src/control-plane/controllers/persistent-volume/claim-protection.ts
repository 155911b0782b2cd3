// Claim protection: a deleted claim stays until no pod uses it.
// Source: pkg/controller/volume/pvcprotection/pvc_protection_controller.go, 1.37.

import type { ApiClient, Informer } from '../../../kube/api.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import type { PersistentVolumeClaim } from '../../../kube/types.ts';
import { call, type Sync } from '../../sync.ts';
import type { WorkQueue } from '../../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from '../controller.ts';

export const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection';
const NAME = 'pvc-protection-controller';

function uses(pod: PodObject, claim: string): boolean {
  const { volumes = [] } = pod.shape.spec;
  return volumes.some(({ name, persistentVolumeClaim, ephemeral }) =>
    ephemeral ? `${pod.name}-${name}` === claim : persistentVolumeClaim?.claimName === claim,
  );
}

export class ClaimProtection {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #queue: WorkQueue;
  /** Deleted claims that pods still use. */
  readonly #waiting = new Set<string>();

  constructor(host: ControllerHost) {
    this.#host = host;
    this.#client = host.client(NAME);
    this.#claims = host.informer<PersistentVolumeClaim>('PersistentVolumeClaim');
    this.#queue = host.queue({ name: NAME, nWorkers: 1 }, (key) => this.#sync(key));
    host.onStop(() => this.#waiting.clear());
    const onClaim = (claim: PersistentVolumeClaim) => {
      if (claim.metadata.deletionTimestamp && claim.metadata.finalizers?.includes(CLAIM_PROTECTION))
        this.#queue.add(keyOfObject(claim));
    };
    this.#claims.handle({
      added: onClaim,
      modified: onClaim,
      deleted: (claim) => this.#waiting.delete(keyOfObject(claim)),
    });
    host.pods.handle({
      added: () => {},
      modified: (pod, old) => {
        if (pod.terminal && !old.terminal) this.#retry();
      },
      deleted: () => this.#retry(),
    });
  }

  #retry(): void {
    for (const key of this.#waiting) this.#queue.add(key);
  }

  #isUsed(namespace: string, name: string): boolean {
    let isUsed = false;
    this.#host.pods.forEach((pod) => {
      if (pod.namespace === namespace && pod.nodeName !== '' && !pod.terminal && uses(pod, name))
        isUsed = true;
    });
    return isUsed;
  }

  *#sync(key: string): Sync {
    const [namespace, name] = splitKey(key);
    if (!this.#claims.get(namespace, name)) return true;
    if (this.#isUsed(namespace, name)) {
      this.#waiting.add(key);
      return true;
    }
    const release = (claim: PersistentVolumeClaim): PersistentVolumeClaim => {
      const finalizers = (claim.metadata.finalizers ?? []).filter(
        (finalizer) => finalizer !== CLAIM_PROTECTION,
      );
      return { ...claim, metadata: { ...claim.metadata, finalizers } };
    };
    const target = { kind: 'PersistentVolumeClaim', namespace, name };
    const { error } = yield* call<PersistentVolumeClaim>((reply) =>
      this.#client.patch(target, release, undefined, reply),
    );
    return !error || error.code === 404;
  }
}
