// Fields that an update may not change. Source: the Validate*Update functions of pkg/apis/*/validation, 1.37.
// Deviation: a value given in another notation ("1" for "1000m") counts as a change.

import type { ConfigMap, Job, KubeObject, PersistentVolumeClaim, Pod } from '../types.ts';
import { Field, type FieldProblem, type Path } from './field.ts';

const IMMUTABLE = 'field is immutable';

/** Fields that never change, by kind. */
const FIXED: Readonly<Record<string, readonly Path[]>> = {
  Deployment: [['spec', 'selector']],
  ReplicaSet: [['spec', 'selector']],
  DaemonSet: [['spec', 'selector']],
  StatefulSet: [
    ['spec', 'selector'],
    ['spec', 'volumeClaimTemplates'],
    ['spec', 'serviceName'],
    ['spec', 'podManagementPolicy'],
  ],
  Job: [
    ['spec', 'selector'],
    ['spec', 'completionMode'],
    ['spec', 'podFailurePolicy'],
    ['spec', 'backoffLimitPerIndex'],
  ],
  PriorityClass: [['value'], ['preemptionPolicy']],
  StorageClass: [['provisioner'], ['parameters'], ['reclaimPolicy'], ['volumeBindingMode']],
  RuntimeClass: [['handler']],
  CSIStorageCapacity: [['storageClassName'], ['nodeTopology']],
  VolumeAttachment: [['spec']],
};

/** Equality of JSON values where null, absent and undefined are the same; the order of keys does not matter. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b || (a == null && b == null)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) =>
    isEqual(left[key], right[key]),
  );
}

function valueAt(object: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Record<string | number, unknown> | undefined)?.[part],
    object,
  );
}

function without(value: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** A pod's spec as far as it is fixed: images, the deadline and added tolerations may change, gates may go. */
function fixedPodSpec({ spec }: Pod): object {
  const image = (container: object) => without(container, ['image']);
  return {
    ...without(spec, [
      'activeDeadlineSeconds',
      'tolerations',
      'terminationGracePeriodSeconds',
      'schedulingGates',
    ]),
    containers: spec.containers.map(image),
    initContainers: spec.initContainers?.map(image),
  };
}

function checkPodUpdate(old: Pod, pod: Pod, at: Field): void {
  const isGated = !!old.spec.schedulingGates?.length;
  if (!isGated && !isEqual(fixedPodSpec(old), fixedPodSpec(pod))) {
    at.forbidden(
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    );
  }
  for (const toleration of old.spec.tolerations ?? []) {
    if (
      !pod.spec.tolerations?.some((one) =>
        isEqual(without(one, ['tolerationSeconds']), without(toleration, ['tolerationSeconds'])),
      )
    ) {
      at.at('tolerations').forbidden('existing toleration can not be modified except its tolerationSeconds');
    }
  }
  const gates = new Set(old.spec.schedulingGates?.map(({ name }) => name));
  for (const [i, { name }] of (pod.spec.schedulingGates ?? []).entries()) {
    if (!gates.has(name))
      at.at('schedulingGates', i).forbidden('only deletion is allowed, but found new scheduling gate');
  }
}

/** A Job's template may change only while it is suspended and has never started. */
function checkJobUpdate(old: Job, job: Job, at: Field): void {
  if (old.spec.suspend && !old.status?.startTime) return;
  if (!isEqual(old.spec.template, job.spec.template)) at.at('template').invalid('…', IMMUTABLE);
  if (job.spec.completionMode !== 'Indexed' && !isEqual(old.spec.completions, job.spec.completions)) {
    at.at('completions').invalid(job.spec.completions ?? null, IMMUTABLE);
  }
}

function checkClaimUpdate(old: PersistentVolumeClaim, claim: PersistentVolumeClaim, at: Field): void {
  const mutable = ['resources', 'volumeAttributesClassName', ...(old.spec?.volumeName ? [] : ['volumeName'])];
  if (!isEqual(without(old.spec ?? {}, mutable), without(claim.spec ?? {}, mutable))) {
    at.forbidden(
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    );
  }
}

function checkImmutableData(old: ConfigMap, object: ConfigMap, root: Field): void {
  if (!old.immutable) return;
  for (const name of ['immutable', 'data', 'binaryData'] as const) {
    if (!isEqual(old[name], object[name]))
      root.at(name).forbidden('field is immutable when `immutable` is set');
  }
}

/** What `object` changes of `old` that cannot be changed. Both are of one kind, as read and valid in form. */
export function immutableProblems(old: KubeObject, object: KubeObject): FieldProblem[] {
  const root = new Field();
  for (const path of FIXED[object.kind] ?? []) {
    const value = valueAt(object, path);
    if (!isEqual(valueAt(old, path), value)) root.at(...path).invalid(value ?? null, IMMUTABLE);
  }
  const at = root.at('spec');
  if (object.kind === 'Pod') checkPodUpdate(old as Pod, object as Pod, at);
  if (object.kind === 'Job') checkJobUpdate(old as Job, object as Job, at);
  if (object.kind === 'PersistentVolumeClaim') checkClaimUpdate(old, object, at);
  if (object.kind === 'ConfigMap' || object.kind === 'Secret')
    checkImmutableData(old as ConfigMap, object, root);
  return root.problems;
}
