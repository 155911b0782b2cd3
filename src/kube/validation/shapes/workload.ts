// Field tables of the controllers' kinds. Source: k8s.io/api apps/v1, batch/v1, core/v1, 1.37.

import { each, fields, list, map, type Shape } from '../shape.ts';
import { labelSelector, objectBase, objectMeta, stringMap } from './meta.ts';
import { podTemplate } from './pod.ts';
import { claimSpec } from './volume.ts';

const rolling = (extra: Record<string, Shape>) =>
  fields({ type: 'string', rollingUpdate: fields({ maxUnavailable: 'intOrString', ...extra }) });

const jobSpec = fields({
  ...each('int', 'parallelism completions activeDeadlineSeconds backoffLimit backoffLimitPerIndex'),
  ...each('int', 'maxFailedIndexes ttlSecondsAfterFinished'),
  ...each('boolean', 'manualSelector suspend'),
  ...each('string', 'completionMode podReplacementPolicy managedBy'),
  podFailurePolicy: fields({
    rules: list(
      fields({
        action: 'string',
        onExitCodes: fields({ ...each('string', 'containerName operator'), values: list('int') }),
        onPodConditions: list(fields(each('string', 'type status'))),
      }),
    ),
  }),
  successPolicy: fields({ rules: list(fields({ succeededIndexes: 'string', succeededCount: 'int' })) }),
  selector: labelSelector,
  template: podTemplate,
});

const cronJobSpec = fields({
  ...each('string', 'schedule timeZone concurrencyPolicy'),
  ...each('int', 'startingDeadlineSeconds successfulJobsHistoryLimit failedJobsHistoryLimit'),
  suspend: 'boolean',
  jobTemplate: fields({ metadata: objectMeta, spec: jobSpec }),
});

const object = (table: Record<string, Shape>) => fields({ spec: fields(table) }, objectBase);

export const workloadShapes = {
  ReplicationController: object({
    ...each('int', 'replicas minReadySeconds'),
    selector: stringMap,
    template: podTemplate,
  }),
  ReplicaSet: object({
    ...each('int', 'replicas minReadySeconds'),
    selector: labelSelector,
    template: podTemplate,
  }),
  Deployment: object({
    ...each('int', 'replicas minReadySeconds revisionHistoryLimit progressDeadlineSeconds'),
    paused: 'boolean',
    strategy: rolling({ maxSurge: 'intOrString' }),
    selector: labelSelector,
    template: podTemplate,
  }),
  StatefulSet: object({
    ...each('int', 'replicas minReadySeconds revisionHistoryLimit'),
    ...each('string', 'serviceName podManagementPolicy'),
    updateStrategy: rolling({ partition: 'int' }),
    persistentVolumeClaimRetentionPolicy: map('string'),
    ordinals: fields({ start: 'int' }),
    volumeClaimTemplates: list(fields({ spec: claimSpec }, objectBase)),
    selector: labelSelector,
    template: podTemplate,
  }),
  DaemonSet: object({
    ...each('int', 'minReadySeconds revisionHistoryLimit'),
    updateStrategy: rolling({ maxSurge: 'intOrString' }),
    selector: labelSelector,
    template: podTemplate,
  }),
  Job: fields({ spec: jobSpec }, objectBase),
  CronJob: fields({ spec: cronJobSpec }, objectBase),
};
