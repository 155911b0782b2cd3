// Packs endpoints into slices with as few writes as possible, never moving what is already somewhere.
// Source: k8s.io/endpointslice reconciler.go (reconcileByPortMapping), 1.37.

import { deepEqual } from '../../../base/deep-equal.ts';
import type { Endpoint, EndpointSlice } from '../../../kube/types.ts';

export const N_ENDPOINTS_MAX = 100;

export interface Packing {
  /** Endpoints of new slices. */
  readonly create: Endpoint[][];
  readonly update: { readonly slice: EndpointSlice; readonly endpoints: readonly Endpoint[] }[];
  readonly remove: EndpointSlice[];
}

const uidOf = (endpoint: Endpoint): string => endpoint.targetRef?.uid ?? '';

interface Draft {
  readonly slice: EndpointSlice;
  readonly endpoints: Endpoint[];
  isChanged: boolean;
}

/** What stays of a slice; the endpoints found there are taken out of `left`. */
function draftOf(slice: EndpointSlice, left: Map<string, Endpoint>): Draft {
  const draft: Draft = { slice, endpoints: [], isChanged: false };
  for (const known of slice.endpoints) {
    const wanted = left.get(uidOf(known));
    if (!wanted) {
      draft.isChanged = true;
      continue;
    }
    left.delete(uidOf(known));
    const isSame = deepEqual(known, wanted);
    draft.endpoints.push(isSame ? known : wanted);
    if (!isSame) draft.isChanged = true;
  }
  return draft;
}

/** Slices and endpoints of one set of ports. */
export function pack(slices: readonly EndpointSlice[], wanted: readonly Endpoint[]): Packing {
  const left = new Map(wanted.map((endpoint) => [uidOf(endpoint), endpoint]));
  const drafts = slices.map((slice) => draftOf(slice, left));
  const rest = [...left.values()];
  const changed = drafts.filter(({ isChanged }) => isChanged);
  changed.sort((a, b) => b.endpoints.length - a.endpoints.length);
  for (const { endpoints } of changed) endpoints.push(...rest.splice(0, N_ENDPOINTS_MAX - endpoints.length));
  if (rest.length > 0) {
    const fitting = drafts.filter(
      ({ isChanged, endpoints }) => !isChanged && endpoints.length + rest.length <= N_ENDPOINTS_MAX,
    );
    fitting.sort((a, b) => b.endpoints.length - a.endpoints.length);
    const [fullest] = fitting;
    if (fullest) {
      fullest.endpoints.push(...rest.splice(0));
      fullest.isChanged = true;
    }
  }
  const packing: Packing = { create: [], update: [], remove: [] };
  while (rest.length > 0) packing.create.push(rest.splice(0, N_ENDPOINTS_MAX));
  for (const { slice, endpoints, isChanged } of drafts) {
    if (endpoints.length === 0) packing.remove.push(slice);
    else if (isChanged) packing.update.push({ slice, endpoints });
  }
  return packing;
}
