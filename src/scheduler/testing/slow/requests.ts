/** What pods ask for, read naively from their specs (statuses are left out). */
import type { Container, Pod, ResourceList } from '../../../kube/types.ts';
import { amount } from './matching.ts';

export type Requests = Map<string, number>;

const DEFAULTS: Requests = new Map([
  ['cpu', 100],
  ['memory', 200 * 1024 * 1024],
]);

export function amountsOf(list: ResourceList | undefined): Requests {
  const scaleOf = (name: string) => (name === 'cpu' ? 1000 : 1);
  return new Map(
    Object.entries(list ?? {}).map(([name, quantity]) => [name, amount(quantity, scaleOf(name))]),
  );
}

function isPodLevel(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');
}

/** Whether the scheduler looks at a resource at all. */
export function isTracked(name: string): boolean {
  if (['cpu', 'memory', 'ephemeral-storage'].includes(name)) return true;
  if (name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')) return true;
  return name.includes('/') && !name.startsWith('requests.');
}

/** All that runs at once, or a phase of the initialization if that is more, and the overhead. */
function total(pod: Pod, requestsOf: (container: Container) => Requests, podLevel: Requests): Requests {
  const sum: Requests = new Map();
  const peak: Requests = new Map();
  const sidecars: Requests = new Map();
  const add = (to: Requests, from: Requests) => {
    for (const [name, n] of from) to.set(name, (to.get(name) ?? 0) + n);
  };
  const raise = (to: Requests, from: Requests) => {
    for (const [name, n] of from) to.set(name, Math.max(to.get(name) ?? 0, n));
  };
  for (const container of pod.spec.containers) add(sum, requestsOf(container));
  for (const container of pod.spec.initContainers ?? []) {
    const phase = new Map(sidecars);
    add(phase, requestsOf(container));
    raise(peak, phase);
    if (container.restartPolicy !== 'Always') continue;
    add(sidecars, requestsOf(container));
    add(sum, requestsOf(container));
  }
  raise(sum, peak);
  for (const [name, n] of podLevel) sum.set(name, n);
  add(sum, amountsOf(pod.spec.overhead));
  return sum;
}

function podLevelOf(pod: Pod): Requests {
  return new Map([...amountsOf(pod.spec.resources?.requests)].filter(([name]) => isPodLevel(name)));
}

export function requestsOf(pod: Pod): Requests {
  const all = total(pod, ({ resources }) => amountsOf(resources?.requests), podLevelOf(pod));
  return new Map([...all].filter(([name]) => isTracked(name)));
}

/** With the scheduler's defaults for containers that ask for no cpu or memory. `podLevel` false looks past the pod level. */
export function nonZeroRequestsOf(pod: Pod, podLevel: boolean): Requests {
  const level: Requests = podLevel ? podLevelOf(pod) : new Map();
  const named = level.size > 0 ? total(pod, ({ resources }) => amountsOf(resources?.requests), level) : level;
  const defaults = [...DEFAULTS].filter(([name]) => !named.has(name));
  return total(pod, ({ resources }) => new Map([...defaults, ...amountsOf(resources?.requests)]), level);
}
