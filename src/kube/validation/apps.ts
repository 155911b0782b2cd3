// Rules of the apps kinds and ReplicationController. Source: pkg/apis/apps/validation, pkg/apis/core/validation, 1.37.
// Deviation: the API takes a StatefulSet with any pod spec and refuses its pods later; here all but the mounts is
// judged at once.

import { isEmptySelector, matchesLabelSelector, matchesMap } from '../selector.ts';
import type {
  DaemonSet,
  Deployment,
  IntOrString,
  LabelSelector,
  PodTemplateSpec,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '../types.ts';
import type { Field } from './field.ts';
import { checkLabelSelector } from './metadata.ts';
import { dnsLabel } from './names.ts';
import { checkTemplate } from './pod.ts';
import { checkClaimSpec } from './storage.ts';

const PROGRESS_DEADLINE_SECONDS = 600;

/** A count that is not negative, or a percentage. Returns its number, for comparisons with 0 and 100 %. */
export function checkIntOrPercent(value: IntOrString | null | undefined, at: Field): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') {
    at.nonNegative(value);
    return value;
  }
  if (!/^[0-9]+%$/.test(value)) {
    at.invalid(value, "a valid percent string must be a numeric string followed by an ending '%'");
    return undefined;
  }
  return Number(value.slice(0, -1));
}

function checkAtMostHundredPercent(value: IntOrString | null | undefined, at: Field): void {
  if (typeof value === 'string' && Number.parseInt(value, 10) > 100)
    at.invalid(value, 'must not be greater than 100%');
}

/** Replicas' templates run for ever, so they must restart and have no deadline. */
function checkEndlessTemplate(
  template: PodTemplateSpec | undefined,
  kind: string,
  at: Field,
  volumesKnown = true,
): void {
  checkTemplate(template, at, volumesKnown);
  at.at('spec', 'restartPolicy').oneOf(template?.spec?.restartPolicy, ['Always']);
  if (typeof template?.spec?.activeDeadlineSeconds === 'number') {
    at.at('spec', 'activeDeadlineSeconds').forbidden(`activeDeadlineSeconds in ${kind} is not Supported`);
  }
}

/** A selector that is there, is not empty and selects the template's own pods. */
function checkSelector(
  selector: LabelSelector | undefined,
  template: PodTemplateSpec | undefined,
  kind: string,
  at: Field,
): void {
  if (!selector) {
    at.at('selector').required();
    return;
  }
  checkLabelSelector(selector, at.at('selector'));
  const labels = template?.metadata?.labels ?? {};
  if (isEmptySelector(selector)) at.at('selector').invalid(selector, `empty selector is invalid for ${kind}`);
  else if (!matchesLabelSelector(selector, labels)) {
    at.at('template', 'metadata', 'labels').invalid(labels, '`selector` does not match template `labels`');
  }
}

function checkCounts(spec: object, at: Field): void {
  for (const name of ['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds']) {
    at.at(name).nonNegative((spec as Record<string, number | undefined>)[name]);
  }
}

function checkDeployment({ spec }: Deployment, at: Field): void {
  checkCounts(spec, at);
  checkSelector(spec.selector, spec.template, 'deployment', at);
  checkEndlessTemplate(spec.template, 'Deployment', at.at('template'));
  const deadline = spec.progressDeadlineSeconds ?? PROGRESS_DEADLINE_SECONDS;
  if (deadline <= (spec.minReadySeconds ?? 0)) {
    at.at('progressDeadlineSeconds').invalid(deadline, 'must be greater than minReadySeconds');
  }
  const { type, rollingUpdate } = spec.strategy ?? {};
  const here = at.at('strategy');
  here.at('type').oneOf(type, ['Recreate', 'RollingUpdate']);
  if (!rollingUpdate) return;
  if (type === 'Recreate') {
    here.at('rollingUpdate').forbidden("may not be specified when strategy `type` is 'Recreate'");
    return;
  }
  const surge = checkIntOrPercent(rollingUpdate.maxSurge, here.at('rollingUpdate', 'maxSurge'));
  const unavailable = checkIntOrPercent(
    rollingUpdate.maxUnavailable,
    here.at('rollingUpdate', 'maxUnavailable'),
  );
  if (surge === 0 && unavailable === 0) {
    here
      .at('rollingUpdate', 'maxUnavailable')
      .invalid(rollingUpdate.maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  }
  checkAtMostHundredPercent(rollingUpdate.maxUnavailable, here.at('rollingUpdate', 'maxUnavailable'));
}

function checkDaemonSet({ spec }: DaemonSet, at: Field): void {
  checkCounts(spec, at);
  checkSelector(spec.selector, spec.template, 'daemonset', at);
  checkEndlessTemplate(spec.template, 'DaemonSet', at.at('template'));
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  const here = at.at('updateStrategy');
  here.at('type').oneOf(type, ['RollingUpdate', 'OnDelete']);
  if (!rollingUpdate || type === 'OnDelete') return;
  const surge = checkIntOrPercent(rollingUpdate.maxSurge, here.at('rollingUpdate', 'maxSurge')) ?? 0;
  const unavailable =
    checkIntOrPercent(rollingUpdate.maxUnavailable, here.at('rollingUpdate', 'maxUnavailable')) ?? 1;
  checkAtMostHundredPercent(rollingUpdate.maxSurge, here.at('rollingUpdate', 'maxSurge'));
  checkAtMostHundredPercent(rollingUpdate.maxUnavailable, here.at('rollingUpdate', 'maxUnavailable'));
  if (surge === 0 && unavailable === 0) {
    here.at('rollingUpdate', 'maxUnavailable').required('cannot be 0 when maxSurge is 0');
  } else if (surge > 0 && unavailable > 0) {
    const given = rollingUpdate.maxSurge;
    here
      .at('rollingUpdate', 'maxSurge')
      .invalid(given, 'may not be set when maxUnavailable is non-zero (default 1)');
  }
}

function checkStatefulSetUpdate({ updateStrategy }: StatefulSet['spec'], at: Field): void {
  const { type, rollingUpdate } = updateStrategy ?? {};
  at.at('type').oneOf(type, ['RollingUpdate', 'OnDelete']);
  if (!rollingUpdate) return;
  if (type === 'OnDelete')
    at.at('rollingUpdate').invalid(rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'");
  at.at('rollingUpdate', 'partition').nonNegative(rollingUpdate.partition);
  const here = at.at('rollingUpdate', 'maxUnavailable');
  if (checkIntOrPercent(rollingUpdate.maxUnavailable, here) === 0)
    here.invalid(rollingUpdate.maxUnavailable, 'cannot be 0');
  checkAtMostHundredPercent(rollingUpdate.maxUnavailable, here);
}

function checkStatefulSet({ spec }: StatefulSet, at: Field): void {
  checkCounts(spec, at);
  checkSelector(spec.selector, spec.template, 'statefulset', at);
  const claims = spec.volumeClaimTemplates ?? [];
  checkEndlessTemplate(spec.template, 'StatefulSet', at.at('template'), false);
  for (const [i, claim] of claims.entries()) {
    const name = claim.metadata?.name ?? '';
    const here = at.at('volumeClaimTemplates', i);
    if (name === '') here.at('metadata', 'name').required();
    else here.at('metadata', 'name').all(name, dnsLabel(name));
    checkClaimSpec(claim.spec, here.at('spec'));
  }
  if (spec.serviceName) at.at('serviceName').all(spec.serviceName, dnsLabel(spec.serviceName));
  at.at('podManagementPolicy').oneOf(spec.podManagementPolicy, ['OrderedReady', 'Parallel']);
  checkStatefulSetUpdate(spec, at.at('updateStrategy'));
  at.at('ordinals', 'start').nonNegative(spec.ordinals?.start);
  for (const field of ['whenDeleted', 'whenScaled'] as const) {
    const policy = spec.persistentVolumeClaimRetentionPolicy?.[field];
    at.at('persistentVolumeClaimRetentionPolicy', field).oneOf(policy, ['Retain', 'Delete']);
  }
}

function checkReplicaSet({ spec }: ReplicaSet, at: Field): void {
  checkCounts(spec, at);
  checkSelector(spec.selector, spec.template, 'replicaset', at);
  checkEndlessTemplate(spec.template, 'ReplicaSet', at.at('template'));
}

/** The selector of a ReplicationController is its template's labels unless it is given. */
function checkReplicationController({ spec }: ReplicationController, at: Field): void {
  checkCounts(spec ?? {}, at);
  const labels = spec?.template?.metadata?.labels ?? {};
  if (Object.keys(spec?.selector ?? labels).length === 0) at.at('selector').required();
  else if (!matchesMap(spec?.selector, labels)) {
    at.at('template', 'metadata', 'labels').invalid(labels, '`selector` does not match template `labels`');
  }
  checkEndlessTemplate(spec?.template, 'ReplicationController', at.at('template'));
}

/** Runs a rule on spec, which these kinds cannot do without. */
function onSpec<T extends { readonly spec?: unknown }>(rule: (object: T, at: Field) => void) {
  return (object: T, root: Field): void => {
    if (object.spec) rule(object, root.at('spec'));
    else root.at('spec').required();
  };
}

export const appsRules = {
  Deployment: onSpec(checkDeployment),
  DaemonSet: onSpec(checkDaemonSet),
  StatefulSet: onSpec(checkStatefulSet),
  ReplicaSet: onSpec(checkReplicaSet),
  ReplicationController: onSpec(checkReplicationController),
};
