// Rules of pod specs. Source: pkg/apis/core/validation, 1.37.
// Deviation: security contexts, DNS settings and host aliases are not looked into.

import type {
  Pod,
  PodSpec,
  PodTemplate,
  PodTemplateSpec,
  Toleration,
  TopologySpreadConstraint,
} from '../types.ts';
import { checkAffinity, checkLabelKeys } from './affinity.ts';
import { checkContainer } from './container.ts';
import type { Field } from './field.ts';
import { checkLabelSelector, checkLabels, checkTemplateMetadata } from './metadata.ts';
import { dnsSubdomain, labelValue, qualifiedName } from './names.ts';
import { checkAmounts, checkPodLevelResources } from './resource-rules.ts';
import { checkVolumes } from './volume.ts';

const INT32_MAX = 2147483647;
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function checkTolerations(tolerations: readonly Toleration[], at: Field): void {
  for (const [i, { key, operator, value, effect, tolerationSeconds }] of tolerations.entries()) {
    const here = at.at(i);
    if (key) here.at('key').all(key, qualifiedName(key));
    else if (operator !== 'Exists') {
      here
        .at('operator')
        .invalid(
          operator ?? '',
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        );
    }
    if (tolerationSeconds !== undefined && tolerationSeconds !== null && effect !== 'NoExecute') {
      here.at('effect').invalid(effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    here.at('operator').oneOf(operator, ['Equal', 'Exists']);
    if (operator === 'Exists' && value) {
      here.at('operator').invalid(value, "value must be empty when `operator` is 'Exists'");
    }
    if (value) here.at('value').all(value, labelValue(value));
    here.at('effect').oneOf(effect, EFFECTS);
  }
}

function checkSpreadConstraint(constraint: TopologySpreadConstraint, at: Field): void {
  const { maxSkew, minDomains, topologyKey, whenUnsatisfiable } = constraint;
  if (!((maxSkew ?? 0) > 0)) at.at('maxSkew').invalid(maxSkew ?? 0, 'must be greater than zero');
  if (!topologyKey) at.at('topologyKey').required('can not be empty');
  else at.at('topologyKey').all(topologyKey, qualifiedName(topologyKey));
  if (!whenUnsatisfiable) at.at('whenUnsatisfiable').unsupported('', ['DoNotSchedule', 'ScheduleAnyway']);
  at.at('whenUnsatisfiable').oneOf(whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']);
  at.at('minDomains').positive(minDomains);
  if (minDomains && whenUnsatisfiable !== 'DoNotSchedule') {
    at.at('minDomains').invalid(
      minDomains,
      `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`,
    );
  }
  at.at('nodeAffinityPolicy').oneOf(constraint.nodeAffinityPolicy, ['Honor', 'Ignore']);
  at.at('nodeTaintsPolicy').oneOf(constraint.nodeTaintsPolicy, ['Honor', 'Ignore']);
  checkLabelSelector(constraint.labelSelector, at.at('labelSelector'));
  checkLabelKeys(constraint.matchLabelKeys, constraint.labelSelector, at.at('matchLabelKeys'));
}

function checkSpreadConstraints(constraints: readonly TopologySpreadConstraint[], at: Field): void {
  for (const [i, constraint] of constraints.entries()) checkSpreadConstraint(constraint, at.at(i));
  at.distinct(
    constraints.map(({ topologyKey, whenUnsatisfiable }) => `{${topologyKey}, ${whenUnsatisfiable}}`),
  );
}

/** Two containers of a pod cannot take the same port of the node. */
function checkHostPorts(spec: PodSpec, at: Field): void {
  const seen = new Set<string>();
  for (const [i, container] of (spec.containers ?? []).entries()) {
    for (const [j, { hostPort, containerPort, protocol, hostIP }] of (container.ports ?? []).entries()) {
      const port = hostPort || (spec.hostNetwork ? containerPort : 0);
      if (!port) continue;
      const key = `${protocol || 'TCP'}/${hostIP ?? ''}/${port}`;
      if (seen.has(key)) at.at('containers', i, 'ports', j, 'hostPort').duplicate(key);
      seen.add(key);
    }
  }
}

function checkContainers(spec: PodSpec, volumesKnown: boolean, at: Field): void {
  const containers = spec.containers ?? [];
  const inits = spec.initContainers ?? [];
  const volumes = volumesKnown ? new Set((spec.volumes ?? []).map(({ name }) => name)) : undefined;
  if (containers.length === 0) at.at('containers').required();
  const names = containers.map(({ name }) => name);
  at.at('containers').distinct(names, 'name');
  at.at('initContainers').distinct(
    inits.map(({ name }) => name),
    'name',
  );
  for (const [i, container] of containers.entries()) {
    checkContainer(container, spec, volumes, false, at.at('containers', i));
  }
  for (const [i, container] of inits.entries()) {
    if (names.includes(container.name)) at.at('initContainers', i, 'name').duplicate(container.name);
    checkContainer(container, spec, volumes, true, at.at('initContainers', i));
  }
  checkHostPorts(spec, at);
}

function checkScheduling(spec: PodSpec, at: Field): void {
  checkLabels(spec.nodeSelector, at.at('nodeSelector'));
  checkAffinity(spec.affinity, at.at('affinity'));
  checkTolerations(spec.tolerations ?? [], at.at('tolerations'));
  checkSpreadConstraints(spec.topologySpreadConstraints ?? [], at.at('topologySpreadConstraints'));
  const gates = spec.schedulingGates ?? [];
  at.at('schedulingGates').distinct(gates.map(({ name }) => name));
  for (const [i, { name }] of gates.entries())
    at.at('schedulingGates', i).all(name ?? '', qualifiedName(name ?? ''));
  if (gates.length > 0 && spec.nodeName) {
    at.at('nodeName').forbidden('cannot be set until all schedulingGates have been cleared');
  }
  for (const field of ['nodeName', 'priorityClassName', 'schedulerName', 'runtimeClassName'] as const) {
    if (spec[field]) at.at(field).all(spec[field], dnsSubdomain(spec[field]));
  }
}

/** `volumesKnown`: false if volumes come from elsewhere too (a StatefulSet's claims), so that mounts cannot be judged. */
export function checkPodSpec(spec: PodSpec | null | undefined, at: Field, volumesKnown = true): void {
  if (!spec) {
    at.at('containers').required();
    return;
  }
  checkVolumes(spec.volumes ?? [], at.at('volumes'));
  checkContainers(spec, volumesKnown, at);
  at.at('restartPolicy').oneOf(spec.restartPolicy, ['Always', 'OnFailure', 'Never']);
  at.at('preemptionPolicy').oneOf(spec.preemptionPolicy, ['PreemptLowerPriority', 'Never']);
  at.at('dnsPolicy').oneOf(spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']);
  if (typeof spec.activeDeadlineSeconds === 'number') {
    at.at('activeDeadlineSeconds').between(spec.activeDeadlineSeconds, 1, INT32_MAX);
  }
  at.at('terminationGracePeriodSeconds').nonNegative(spec.terminationGracePeriodSeconds);
  checkAmounts(spec.overhead, at.at('overhead'));
  checkPodLevelResources(spec, at.at('resources'));
  checkScheduling(spec, at);
}

export function checkTemplate(
  template: PodTemplateSpec | null | undefined,
  at: Field,
  volumesKnown = true,
): void {
  if (!template) {
    at.required();
    return;
  }
  checkTemplateMetadata(template.metadata, at.at('metadata'));
  checkPodSpec(template.spec, at.at('spec'), volumesKnown);
}

export const podRules = {
  Pod: (pod: Pod, at: Field) => checkPodSpec(pod.spec, at.at('spec')),
  PodTemplate: ({ template }: PodTemplate, at: Field) => checkTemplate(template, at.at('template')),
};
