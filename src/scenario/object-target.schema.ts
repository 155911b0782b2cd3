/** Which object an action of the timeline is about, named as kubectl names it. */
import { z } from 'zod';
import { KINDS, kindByName } from '../kube/kinds.ts';
import { hint } from './wording.ts';

/** Any of kubectl's names of a kind: Deployment, deployment, deployments, deploy. */
export function kindText(kinds?: readonly string[]) {
  return z.string().superRefine((text, context) => {
    const kind = kindByName(text)?.kind;
    if (kind !== undefined && (kinds === undefined || kinds.includes(kind))) return;
    const allowed = kinds ?? KINDS.map((one) => one.kind);
    const expected = kinds === undefined ? 'a kind of Kubernetes object' : `one of ${kinds.join(', ')}`;
    context.addIssue({
      code: 'custom',
      message: `found ${JSON.stringify(text)}, expected ${expected}${hint(text, allowed)}`,
    });
  });
}

/** The fields that name one object. */
export function objectFields(kinds?: readonly string[]) {
  return {
    kind: kindText(kinds).describe(`Kind of the object${kinds ? `: ${kinds.join(', ')}` : ''}.`),
    name: z.string().min(1).describe('Name of the object.'),
    namespace: z.string().min(1).optional().describe('Namespace of the object; default "default".'),
  };
}

export const SCALABLE = ['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController', 'Job'];
export const ROLLED_OUT = ['Deployment', 'StatefulSet', 'DaemonSet'];
export const WITH_TEMPLATE = [
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'ReplicationController',
  'Job',
  'CronJob',
  'Pod',
];
export const EXPOSABLE = ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'Pod'];
