// Refusals of the API server, with the codes, reasons and texts of the real one.
// Source: apimachinery/pkg/api/errors/errors.go, 1.37.

import { assert } from '../base/assert.ts';
import type { ApiError } from '../kube/api.ts';

export class Failure implements ApiError {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly retryAfterUs?: number;

  constructor(code: number, reason: string, message: string, retryAfterUs?: number) {
    this.code = code;
    this.reason = reason;
    this.message = message;
    if (retryAfterUs !== undefined) this.retryAfterUs = retryAfterUs;
  }
}

/** `plural.group`, as error texts name a resource. Kinds that nobody lists here are written in lower case. */
const RESOURCES: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  DaemonSet: 'daemonsets.apps',
  Job: 'jobs.batch',
  CronJob: 'cronjobs.batch',
  PodDisruptionBudget: 'poddisruptionbudgets.policy',
  PriorityClass: 'priorityclasses.scheduling.k8s.io',
};

export function resourceName(kind: string): string {
  return RESOURCES[kind] ?? `${kind.toLowerCase()}s`;
}

export const notFound = (kind: string, name: string): Failure =>
  new Failure(404, 'NotFound', `${resourceName(kind)} "${name}" not found`);

export const alreadyExists = (kind: string, name: string): Failure =>
  new Failure(409, 'AlreadyExists', `${resourceName(kind)} "${name}" already exists`);

export const conflict = (kind: string, name: string, why: string): Failure =>
  new Failure(409, 'Conflict', `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${why}`);

export const MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again';

export const forbidden = (kind: string, name: string, why: string): Failure =>
  new Failure(403, 'Forbidden', `${resourceName(kind)} "${name}" is forbidden: ${why}`);

export const invalid = (kind: string, name: string, problems: readonly string[]): Failure => {
  assert(problems.length > 0, 'an invalid object needs a problem');
  const list = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`;
  return new Failure(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`);
};
