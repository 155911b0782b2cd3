// LimitRanger: fills in default requests and limits, and refuses pods beyond a namespace's bounds.
// Source: plugin/pkg/admission/limitranger/admission.go, pkg/apis/core/v1/defaults.go (defaults of a LimitRange), 1.37.
// Deviations: limits of PersistentVolumeClaims are not checked; the figures in texts are as written in the objects; of a
// generated name the texts have the prefix only.

import { parseMilli } from '../../base/quantity.ts';
import { podLimits, podRequests } from '../../kube/resources.ts';
import type {
  Container,
  LimitRange,
  LimitRangeItem,
  PodSpec,
  Quantity,
  ResourceList,
} from '../../kube/types.ts';
import type { ApiState } from '../api-state.ts';
import { Refusal, type ShapePlugin, withSpec } from './shape-plugin.ts';

/** default := max, defaultRequest := default, else min, for each resource. */
function defaultsOf(item: LimitRangeItem): { limits: ResourceList; requests: ResourceList } {
  const limits = { ...item.max, ...item.default };
  return { limits, requests: { ...item.min, ...limits, ...item.defaultRequest } };
}

function filled(container: Container, items: readonly LimitRangeItem[]): Container {
  let { limits = {}, requests = {} } = container.resources ?? {};
  for (const item of items) {
    const defaults = defaultsOf(item);
    limits = { ...defaults.limits, ...limits };
    requests = { ...defaults.requests, ...requests };
  }
  return { ...container, resources: { ...container.resources, limits, requests } };
}

/** Problems of one list of requests and limits; `what` is Container or Pod, amounts in thousandths. */
function problemsOf(
  item: LimitRangeItem,
  amountOf: (
    name: string,
    which: 'requests' | 'limits',
  ) => { readonly milli: number; readonly text: Quantity } | undefined,
): string[] {
  const out: string[] = [];
  const { type, min = {}, max = {}, maxLimitRequestRatio = {} } = item;
  for (const [name, bound] of Object.entries(min)) {
    const request = amountOf(name, 'requests');
    const limit = amountOf(name, 'limits');
    if (!request) out.push(`minimum ${name} usage per ${type} is ${bound}. No request is specified`);
    else if (request.milli < parseMilli(bound))
      out.push(`minimum ${name} usage per ${type} is ${bound}, but request is ${request.text}`);
    if (limit && limit.milli < parseMilli(bound))
      out.push(`minimum ${name} usage per ${type} is ${bound}, but limit is ${limit.text}`);
  }
  for (const [name, bound] of Object.entries(max)) {
    const request = amountOf(name, 'requests');
    const limit = amountOf(name, 'limits');
    if (!limit) out.push(`maximum ${name} usage per ${type} is ${bound}. No limit is specified`);
    else if (limit.milli > parseMilli(bound))
      out.push(`maximum ${name} usage per ${type} is ${bound}, but limit is ${limit.text}`);
    if (request && request.milli > parseMilli(bound))
      out.push(`maximum ${name} usage per ${type} is ${bound}, but request is ${request.text}`);
  }
  for (const [name, bound] of Object.entries(maxLimitRequestRatio)) {
    const request = amountOf(name, 'requests');
    const limit = amountOf(name, 'limits');
    if (!request || !limit) continue;
    const ratio = limit.milli / request.milli;
    if (ratio > parseMilli(bound) / 1000)
      out.push(
        `${name} max limit to request ratio per ${type} is ${bound}, but provided ratio is ${ratio.toFixed(6)}`,
      );
  }
  return out;
}

function containerProblems(container: Container, item: LimitRangeItem): string[] {
  return problemsOf(item, (name, which) => {
    const text = container.resources?.[which]?.[name];
    return text === undefined ? undefined : { milli: parseMilli(text), text };
  });
}

function podProblems(spec: PodSpec, item: LimitRangeItem): string[] {
  const sums = { requests: podRequests({ spec }), limits: podLimits({ spec }) };
  return problemsOf(item, (name, which) => {
    const amount = sums[which].get(name);
    if (amount === undefined) return undefined;
    return name === 'cpu' ? { milli: amount, text: `${amount}m` } : { milli: amount * 1000, text: amount };
  });
}

export function limitRanger(state: ApiState): ShapePlugin {
  return (shape) => {
    const ranges = [...state.kind('LimitRange').values()].filter(
      (range) => range.metadata.namespace === shape.namespace,
    );
    const items = (ranges as LimitRange[]).flatMap((range) => range.spec?.limits ?? []);
    if (items.length === 0) return shape;
    const perContainer = items.filter(({ type }) => type === 'Container');
    const containers = shape.spec.containers.map((container) => filled(container, perContainer));
    const initContainers = shape.spec.initContainers?.map((container) => filled(container, perContainer));
    const changed = withSpec(shape, { containers, ...(initContainers && { initContainers }) });
    const problems = items.flatMap((item) => {
      if (item.type === 'Pod') return podProblems(changed.spec, item);
      if (item.type !== 'Container') return [];
      return [...containers, ...(initContainers ?? [])].flatMap((container) =>
        containerProblems(container, item),
      );
    });
    if (problems.length === 0) return changed;
    return new Refusal(problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`);
  };
}
