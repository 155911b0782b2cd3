/** Where the specs of pods stand in objects of other kinds. */
import type { KubeObject } from '../kube/types.ts';
import { valueAt } from './json-schema.ts';
import type { Path } from './load-context.ts';

const TEMPLATE = ['spec', 'template', 'spec'];
const PATHS: Readonly<Record<string, Path>> = {
  Pod: ['spec'],
  Deployment: TEMPLATE,
  ReplicaSet: TEMPLATE,
  StatefulSet: TEMPLATE,
  DaemonSet: TEMPLATE,
  ReplicationController: TEMPLATE,
  Job: TEMPLATE,
  CronJob: ['spec', 'jobTemplate', ...TEMPLATE],
};

/** Undefined for a kind that makes no pods. */
export function podSpecPath(kind: string): Path | undefined {
  return PATHS[kind];
}

/** The spec of a pod, or of the pods that an object makes. */
export function podSpecOf<T>(object: KubeObject): T | undefined {
  const path = PATHS[object.kind];
  return path && (valueAt(object, path) as T | undefined);
}
