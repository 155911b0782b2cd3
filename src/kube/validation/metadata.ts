// Rules of metadata, labels and label selectors. Source: apimachinery api/validation/objectmeta.go,
// apis/meta/v1/validation, 1.37.

import { RUN_DURATION, runDurationComplaint } from '../run-duration.ts';
import type { LabelSelector, LabelSelectorRequirement, ObjectMeta, StringMap } from '../types.ts';
import type { Field } from './field.ts';
import { dnsLabel, dnsSubdomain, labelValue, qualifiedName } from './names.ts';

const ANNOTATIONS_BYTES_MAX = 256 * 1024;

/** Kinds whose name must be a single DNS label; all others take a subdomain. */
const LABEL_NAMED = new Set(['Namespace', 'Service', 'StatefulSet']);
/** A CronJob's Jobs get 11 characters appended. */
const CRON_JOB_NAME_MAX = 52;

export function checkLabels(labels: StringMap | null | undefined, at: Field): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    at.at(key).all(key, qualifiedName(key));
    at.at(key).all(value, labelValue(value));
  }
}

function checkAnnotations(annotations: StringMap | null | undefined, at: Field): void {
  let nBytes = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    at.at(key).all(key, qualifiedName(key.toLowerCase()));
    nBytes += key.length + value.length;
  }
  if (nBytes > ANNOTATIONS_BYTES_MAX) at.add(`Too long: may not be more than ${ANNOTATIONS_BYTES_MAX} bytes`);
}

function checkOwners(owners: ObjectMeta['ownerReferences'], at: Field): void {
  let controller: string | undefined;
  for (const [i, owner] of (owners ?? []).entries()) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (!owner[field]) at.at(i, field).required('must not be empty');
    }
    if (!owner.controller) continue;
    if (controller)
      at.add(
        `Invalid value: Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${owner.name}`,
      );
    controller = owner.name;
  }
}

function checkName(metadata: ObjectMeta, kind: string, at: Field): void {
  const check = LABEL_NAMED.has(kind) ? dnsLabel : dnsSubdomain;
  if (metadata.name) {
    at.at('name').all(metadata.name, check(metadata.name));
    if (kind === 'CronJob' && metadata.name.length > CRON_JOB_NAME_MAX) {
      at.at('name').invalid(metadata.name, `must be no more than ${CRON_JOB_NAME_MAX} characters`);
    }
  } else if (!metadata.generateName) at.at('name').required('name or generateName is required');
  if (metadata.generateName) {
    const stem = metadata.generateName.replace(/-$/, 'a');
    at.at('generateName').all(metadata.generateName, check(stem));
  }
}

/** Labels, annotations, owners and finalizers, as templates have them too. */
export function checkTemplateMetadata(metadata: ObjectMeta | null | undefined, at: Field): void {
  checkLabels(metadata?.labels, at.at('labels'));
  checkAnnotations(metadata?.annotations, at.at('annotations'));
  const runs = metadata?.annotations?.[RUN_DURATION];
  const complaint = runs === undefined ? undefined : runDurationComplaint(runs);
  if (complaint) at.at('annotations', RUN_DURATION).invalid(runs, complaint);
  checkOwners(metadata?.ownerReferences, at.at('ownerReferences'));
  for (const [i, finalizer] of (metadata?.finalizers ?? []).entries()) {
    at.at('finalizers', i).all(finalizer, qualifiedName(finalizer));
  }
}

export function checkMetadata(metadata: ObjectMeta, kind: string, at: Field): void {
  checkName(metadata, kind, at);
  if (metadata.namespace) at.at('namespace').all(metadata.namespace, dnsLabel(metadata.namespace));
  checkTemplateMetadata(metadata, at);
}

function checkRequirement(requirement: LabelSelectorRequirement, at: Field): void {
  const { key, operator, values } = requirement;
  if (operator === 'In' || operator === 'NotIn') {
    if (!values?.length) at.at('values').required("must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values?.length)
      at.at('values').forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else at.at('operator').invalid(operator ?? '', 'not a valid selector operator');
  at.at('key').all(key ?? '', qualifiedName(key ?? ''));
  for (const [i, value] of (values ?? []).entries()) at.at('values', i).all(value, labelValue(value));
}

export function checkLabelSelector(selector: LabelSelector | null | undefined, at: Field): void {
  checkLabels(selector?.matchLabels, at.at('matchLabels'));
  for (const [i, requirement] of (selector?.matchExpressions ?? []).entries()) {
    checkRequirement(requirement, at.at('matchExpressions', i));
  }
}
