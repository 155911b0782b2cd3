// Rules of resource names and amounts in containers and pods. Source: pkg/apis/core/validation, 1.37.

import { parseQuantity } from '../../base/quantity.ts';
import { isPodLevelResource, isSidecar } from '../resources.ts';
import type { PodSpec, Quantity, ResourceList, ResourceRequirements } from '../types.ts';
import type { Field } from './field.ts';
import { qualifiedName } from './names.ts';

const STANDARD = new Set(['cpu', 'memory', 'ephemeral-storage']);
const NANO = 10n ** 9n;

const nanoOf = (quantity: Quantity) => parseQuantity(quantity).nano;

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

function isExtended(name: string): boolean {
  return name.includes('/') && !name.includes('kubernetes.io/') && !name.startsWith('requests.');
}

/** Amounts that are not negative and, for extended resources, whole. */
export function checkAmounts(list: ResourceList | null | undefined, at: Field): void {
  for (const [name, quantity] of Object.entries(list ?? {})) {
    const here = at.at(name);
    here.all(name, qualifiedName(name));
    const nano = nanoOf(quantity);
    if (nano < 0n) here.invalid(String(quantity), 'must be greater than or equal to 0');
    if ((isExtended(name) || name === 'pods') && nano % NANO !== 0n)
      here.invalid(String(quantity), 'must be an integer');
  }
}

function checkContainerNames(list: ResourceList | null | undefined, at: Field): void {
  for (const name of Object.keys(list ?? {})) {
    if (!name.includes('/') && !STANDARD.has(name) && !isHugePages(name)) {
      at.at(name).invalid(name, 'must be a standard resource for containers');
    }
  }
}

/** Requests within limits; resources that cannot be overcommitted need a limit equal to the request. */
function checkRequestsWithinLimits(resources: ResourceRequirements, at: Field): void {
  const limits = resources.limits ?? {};
  for (const [name, quantity] of Object.entries(resources.requests ?? {})) {
    const limit = limits[name];
    const mustBeEqual = isHugePages(name) || isExtended(name);
    if (limit === undefined) {
      if (mustBeEqual) at.at('limits', name).required('Limit must be set for non overcommitable resources');
    } else if (mustBeEqual && nanoOf(quantity) !== nanoOf(limit)) {
      at.at('requests', name).invalid(String(quantity), `must be equal to ${name} limit of ${limit}`);
    } else if (nanoOf(quantity) > nanoOf(limit)) {
      at.at('requests', name).invalid(
        String(quantity),
        `must be less than or equal to ${name} limit of ${limit}`,
      );
    }
  }
}

function checkHugePages(resources: ResourceRequirements, at: Field): void {
  const names = [...Object.keys(resources.limits ?? {}), ...Object.keys(resources.requests ?? {})];
  const hasPages = names.some(isHugePages);
  if (hasPages && !names.includes('cpu') && !names.includes('memory'))
    at.forbidden('HugePages require cpu or memory');
}

function checkRequirements(resources: ResourceRequirements, at: Field): void {
  checkAmounts(resources.limits, at.at('limits'));
  checkAmounts(resources.requests, at.at('requests'));
  checkRequestsWithinLimits(resources, at);
}

export function checkContainerResources(resources: ResourceRequirements | null | undefined, at: Field): void {
  if (!resources) return;
  checkContainerNames(resources.limits, at.at('limits'));
  checkContainerNames(resources.requests, at.at('requests'));
  checkRequirements(resources, at);
  checkHugePages(resources, at);
}

/** Sum of what the containers and sidecars ask for of one resource. */
function sumOfRequests(spec: PodSpec, name: string): bigint {
  const together = [...(spec.containers ?? []), ...(spec.initContainers ?? []).filter(isSidecar)];
  return together.reduce((sum, { resources }) => {
    const quantity = resources?.requests?.[name] ?? resources?.limits?.[name];
    return quantity === undefined ? sum : sum + nanoOf(quantity);
  }, 0n);
}

/** Pod-level resources: only some names, no less than the containers' sum, no container limit above the pod's. */
export function checkPodLevelResources(spec: PodSpec, at: Field): void {
  const { resources } = spec;
  if (!resources) return;
  if (resources.claims?.length) at.at('claims').forbidden('claims may not be set for Resources at pod-level');
  for (const kind of ['limits', 'requests'] as const) {
    for (const name of Object.keys(resources[kind] ?? {})) {
      if (!isPodLevelResource(name)) at.at(kind, name).unsupported(name, ['cpu', 'memory', 'hugepages-*']);
    }
  }
  checkRequirements(resources, at);
  for (const [name, quantity] of Object.entries(resources.requests ?? {})) {
    if (nanoOf(quantity) < sumOfRequests(spec, name)) {
      at.at('requests', name).invalid(
        String(quantity),
        'must be greater than or equal to aggregate container requests',
      );
    }
  }
  for (const [name, podLimit] of Object.entries(resources.limits ?? {})) {
    for (const { name: container, resources: own } of spec.containers ?? []) {
      const limit = own?.limits?.[name];
      if (limit !== undefined && nanoOf(limit) > nanoOf(podLimit)) {
        at.at('limits', name).invalid(
          String(podLimit),
          `must be no less than the limit of container ${container}, ${limit}`,
        );
      }
    }
  }
}
