// The API's defaults of pod fields, as far as anything here reads them: a request that is missing takes the limit, and
// the service account `default`.
// Source: pkg/apis/core/v1/defaults.go, 1.37. Other defaults (restartPolicy Always, grace 30 s, …) are the readers'.

import { isPodLevelResource } from '../../kube/resources.ts';
import type { Container, PodSpec, ResourceList } from '../../kube/types.ts';
import { type ShapePlugin, withSpec } from './shape-plugin.ts';

type HasResources = Pick<Container, 'resources'>;

/** The same list where every limit has its request. */
function requestsWithLimits(
  requests: ResourceList | undefined,
  limits: ResourceList | undefined,
  counts: (name: string) => boolean,
): ResourceList | undefined {
  const missing = Object.entries(limits ?? {}).filter(
    ([name]) => counts(name) && requests?.[name] === undefined,
  );
  return missing.length === 0 ? requests : { ...requests, ...Object.fromEntries(missing) };
}

function withRequests<T extends HasResources>(container: T): T {
  const { requests, limits } = container.resources ?? {};
  const all = requestsWithLimits(requests, limits, () => true);
  return all === requests || !all
    ? container
    : { ...container, resources: { ...container.resources, requests: all } };
}

function mapIfChanged<T>(list: readonly T[] | undefined, change: (item: T) => T): readonly T[] | undefined {
  const changed = list?.map(change);
  return changed?.some((item, itemIdx) => item !== list![itemIdx]) ? changed : list;
}

/**
 * Pod-level requests take pod-level limits for resources that no container asks for.
 * Deviation: where containers ask too, the real default is the sum of theirs, which is what counts anyway.
 */
function podLevel(spec: PodSpec): PodSpec['resources'] {
  const { resources } = spec;
  if (!resources?.limits) return resources;
  const asked = new Set(
    [...spec.containers, ...(spec.initContainers ?? [])].flatMap((c) =>
      Object.keys(c.resources?.requests ?? {}),
    ),
  );
  const requests = requestsWithLimits(
    resources.requests,
    resources.limits,
    (name) => isPodLevelResource(name) && !asked.has(name),
  );
  return requests === resources.requests || !requests ? resources : { ...resources, requests };
}

export const podDefaults: ShapePlugin = (shape) => {
  const { spec } = shape;
  const containers = mapIfChanged(spec.containers, withRequests) ?? [];
  const initContainers = mapIfChanged(spec.initContainers, withRequests);
  const resources = podLevel(spec);
  return withSpec(shape, {
    containers,
    ...(initContainers && { initContainers }),
    ...(resources && { resources }),
    serviceAccountName: spec.serviceAccountName ?? spec.serviceAccount ?? 'default',
  });
};
