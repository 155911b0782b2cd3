// Writes an object's status by a patch, where it differs.

import { deepEqual } from '../../base/deep-equal.ts';
import type { ApiClient } from '../../kube/api.ts';
import type { KubeObject } from '../../kube/types.ts';
import { call, type Steps } from '../sync.ts';

/** False when it failed; an object that is gone is nobody's concern. `wrote` hears of what was written. */
export function* patchStatus<T extends KubeObject & { readonly status?: object }>(
  client: ApiClient,
  object: T,
  status: NonNullable<T['status']>,
  wrote: (written: T | undefined) => void,
): Steps<boolean> {
  if (deepEqual(object.status, status)) return true;
  const { kind, metadata } = object;
  const target = { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
  const put = (stored: T): T => ({ ...stored, status });
  const { error, object: written } = yield* call<T>((reply) =>
    client.patchStatus(target, put, undefined, reply),
  );
  wrote(written);
  return !error || error.code === 404;
}
