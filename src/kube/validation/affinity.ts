// Rules of node selectors and of affinity between pods. Source: pkg/apis/core/validation, 1.37.

import { parseInt64 } from '../selector.ts';
import type {
  Affinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
} from '../types.ts';
import type { Field } from './field.ts';
import { checkLabelSelector } from './metadata.ts';
import { dnsLabel, labelValue, qualifiedName } from './names.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

function checkExpression({ key, operator, values }: NodeSelectorRequirement, at: Field): void {
  const atValues = at.at('values');
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (!values?.length) atValues.required("must be specified when `operator` is 'In' or 'NotIn'");
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values?.length)
        atValues.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      break;
    case 'Gt':
    case 'Lt':
      if (values?.length !== 1)
        atValues.required("must be specified single value when `operator` is 'Lt' or 'Gt'");
      else if (parseInt64(values[0]!) === undefined) {
        atValues.at(0).invalid(values[0], "for 'Gt', 'Lt' operators, the value must be an integer");
      }
      break;
    default:
      at.at('operator').invalid(operator ?? '', 'not a valid selector operator');
  }
  at.at('key').all(key ?? '', qualifiedName(key ?? ''));
  if (operator !== 'Gt' && operator !== 'Lt') {
    for (const [i, value] of (values ?? []).entries()) atValues.at(i).all(value, labelValue(value));
  }
}

function checkFieldExpression({ key, operator, values }: NodeSelectorRequirement, at: Field): void {
  if (operator !== 'In' && operator !== 'NotIn') {
    at.at('operator').invalid(operator ?? '', 'not a valid selector operator');
  } else if (values?.length !== 1) {
    at.at('values').required(
      "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
    );
  }
  if (key !== 'metadata.name') at.at('key').invalid(key ?? '', 'not a valid field selector key');
}

function checkTerm(term: NodeSelectorTerm | null | undefined, at: Field): void {
  for (const [i, requirement] of (term?.matchExpressions ?? []).entries()) {
    checkExpression(requirement, at.at('matchExpressions', i));
  }
  for (const [i, requirement] of (term?.matchFields ?? []).entries()) {
    checkFieldExpression(requirement, at.at('matchFields', i));
  }
}

export function checkNodeSelector(selector: NodeSelector, at: Field): void {
  const terms = selector.nodeSelectorTerms ?? [];
  if (terms.length === 0) at.at('nodeSelectorTerms').required('must have at least one node selector term');
  for (const [i, term] of terms.entries()) checkTerm(term, at.at('nodeSelectorTerms', i));
}

function checkWeight(weight: number | undefined, at: Field): void {
  if (weight === undefined || weight < 1 || weight > 100)
    at.invalid(weight ?? 0, 'must be in the range 1-100');
}

/** Keys taken from the pod's labels need a selector to add to, and none may be in two places. */
export function checkLabelKeys(
  keys: readonly string[] | null | undefined,
  selector: PodAffinityTerm['labelSelector'] | null,
  at: Field,
): void {
  if (keys?.length && !selector) at.forbidden('must not be specified when labelSelector is not set');
  for (const [i, key] of (keys ?? []).entries()) {
    at.at(i).all(key, qualifiedName(key));
    if (selector?.matchLabels && key in selector.matchLabels) {
      at.at(i).invalid(key, 'exists in both matchLabelKeys and labelSelector');
    }
  }
}

function checkPodTerm(term: PodAffinityTerm | null | undefined, at: Field): void {
  checkLabelSelector(term?.labelSelector, at.at('labelSelector'));
  checkLabelSelector(term?.namespaceSelector, at.at('namespaceSelector'));
  for (const [i, name] of (term?.namespaces ?? []).entries())
    at.at('namespaces', i).all(name, dnsLabel(name));
  checkLabelKeys(term?.matchLabelKeys, term?.labelSelector, at.at('matchLabelKeys'));
  checkLabelKeys(term?.mismatchLabelKeys, term?.labelSelector, at.at('mismatchLabelKeys'));
  if (!term?.topologyKey) at.at('topologyKey').required('can not be empty');
  else at.at('topologyKey').all(term.topologyKey, qualifiedName(term.topologyKey));
}

function checkPodAffinity(affinity: PodAffinity | null | undefined, at: Field): void {
  for (const [i, term] of (affinity?.[REQUIRED] ?? []).entries()) checkPodTerm(term, at.at(REQUIRED, i));
  for (const [i, { weight, podAffinityTerm }] of (affinity?.[PREFERRED] ?? []).entries()) {
    checkWeight(weight, at.at(PREFERRED, i, 'weight'));
    checkPodTerm(podAffinityTerm, at.at(PREFERRED, i, 'podAffinityTerm'));
  }
}

export function checkAffinity(affinity: Affinity | null | undefined, at: Field): void {
  if (!affinity) return;
  const node = affinity.nodeAffinity;
  if (node?.[REQUIRED]) checkNodeSelector(node[REQUIRED], at.at('nodeAffinity', REQUIRED));
  for (const [i, { weight, preference }] of (node?.[PREFERRED] ?? []).entries()) {
    checkWeight(weight, at.at('nodeAffinity', PREFERRED, i, 'weight'));
    checkTerm(preference, at.at('nodeAffinity', PREFERRED, i, 'preference'));
  }
  checkPodAffinity(affinity.podAffinity, at.at('podAffinity'));
  checkPodAffinity(affinity.podAntiAffinity, at.at('podAntiAffinity'));
}
