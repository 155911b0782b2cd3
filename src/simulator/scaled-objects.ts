/**
 * The same workloads with more replicas, as growth brings them. DaemonSets follow the nodes; CronJobs and autoscalers are
 * left as they are.
 */
import type { KubeObject } from '../kube/types.ts';

type Spec = Readonly<Record<string, unknown>>;

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['replicas'],
  StatefulSet: ['replicas'],
  ReplicaSet: ['replicas'],
  ReplicationController: ['replicas'],
  Job: ['parallelism', 'completions'],
};

/** `n` times the factor, in whole pods, rounded up; the product is rounded to 1e-9 first: 1.1 × 100 is 110. */
export function scaledCount(n: number, factor: number): number {
  return Math.ceil(Number((n * factor).toFixed(9)));
}

function scaledSpec(spec: Spec, fields: readonly string[], factor: number): Spec {
  const changes = fields.map((field) => [field, scaledCount(Number(spec[field] ?? 1), factor)]);
  return { ...spec, ...Object.fromEntries(changes) };
}

/** Bare pods are multiplied under new names; copies of pods that are bound already wait for a node. */
function copiesOf(pod: KubeObject, factor: number): KubeObject[] {
  const { spec, ...rest } = pod as KubeObject & { readonly spec: Spec };
  const { nodeName: _, ...unbound } = spec;
  const more = Array.from({ length: scaledCount(1, factor) - 1 }, (_, i) => {
    const { uid: __, ownerReferences: ___, ...metadata } = pod.metadata;
    return { ...rest, metadata: { ...metadata, name: `${metadata.name}-copy-${i + 1}` }, spec: unbound };
  });
  return [pod, ...(more as KubeObject[])];
}

export function scaledObjects(objects: readonly KubeObject[], factor: number): KubeObject[] {
  return objects.flatMap((object) => {
    if (object.kind === 'Pod' && !object.metadata.ownerReferences?.length) return copiesOf(object, factor);
    const fields = FIELDS[object.kind];
    if (fields === undefined || object.metadata.ownerReferences?.length) return [object];
    const { spec = {} } = object as { readonly spec?: Spec };
    return [{ ...object, spec: scaledSpec(spec, fields, factor) } as KubeObject];
  });
}
