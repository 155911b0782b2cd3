// The quality-of-service class of a pod, which decides who is killed first when a node runs short.
// Source: pkg/apis/core/v1/helper/qos/qos.go, 1.37. Reads objects after the API's defaults.

import { parseQuantity } from '../base/quantity.ts';
import { isPodLevelResource, type PodLike } from './resources.ts';
import type { QosClass, ResourceList, ResourceRequirements } from './types.ts';

type Sums = Map<string, bigint>;

/** Adds the positive cpu and memory amounts and tells whether both were there. */
function addTo(sums: Sums, list: ResourceList | undefined): boolean {
  let nFound = 0;
  for (const name of ['cpu', 'memory']) {
    const quantity = list?.[name];
    const nano = quantity === undefined ? 0n : parseQuantity(quantity).nano;
    if (nano <= 0n) continue;
    sums.set(name, (sums.get(name) ?? 0n) + nano);
    nFound++;
  }
  return nFound === 2;
}

/** Guaranteed: cpu and memory limits everywhere, equal to the requests. BestEffort: neither. Else Burstable. */
export function qosClass(pod: Pick<PodLike, 'spec'>): QosClass {
  const { spec } = pod;
  const named = [
    ...Object.keys(spec.resources?.requests ?? {}),
    ...Object.keys(spec.resources?.limits ?? {}),
  ];
  const parts: (ResourceRequirements | undefined)[] = named.some(isPodLevelResource)
    ? [spec.resources]
    : [...spec.containers, ...(spec.initContainers ?? [])].map(({ resources }) => resources);
  const requests: Sums = new Map();
  const limits: Sums = new Map();
  let isLimitedEverywhere = true;
  for (const part of parts) {
    addTo(requests, part?.requests);
    if (!addTo(limits, part?.limits)) isLimitedEverywhere = false;
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  const isEqual =
    requests.size === limits.size && [...requests].every(([name, sum]) => limits.get(name) === sum);
  return isLimitedEverywhere && isEqual ? 'Guaranteed' : 'Burstable';
}
