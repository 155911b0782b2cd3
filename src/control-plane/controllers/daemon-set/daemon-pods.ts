// The pods of a DaemonSet: on which nodes they should be, and what the controller adds to their template.
// Source: pkg/controller/daemon/{daemon_controller.go,util/daemonset_util.go}, 1.37.

import type { PodObject } from '../../../kube/pod-object.ts';
import type { PodShape } from '../../../kube/pod-shape.ts';
import { matchesNodeAffinity } from '../../../kube/selector.ts';
import { findUntoleratedTaint } from '../../../kube/tolerations.ts';
import type { DaemonSet, Node, PodTemplateSpec, Toleration } from '../../../kube/types.ts';
import { type ControllerRevision, hashOf, REVISION_LABEL, revisionHashOf } from '../revisions.ts';

const tolerateAll = (key: string, effect: 'NoSchedule' | 'NoExecute'): Toleration => ({
  key,
  operator: 'Exists',
  effect,
});

const TOLERATIONS: readonly Toleration[] = [
  tolerateAll('node.kubernetes.io/not-ready', 'NoExecute'),
  tolerateAll('node.kubernetes.io/unreachable', 'NoExecute'),
  tolerateAll('node.kubernetes.io/disk-pressure', 'NoSchedule'),
  tolerateAll('node.kubernetes.io/memory-pressure', 'NoSchedule'),
  tolerateAll('node.kubernetes.io/pid-pressure', 'NoSchedule'),
  tolerateAll('node.kubernetes.io/unschedulable', 'NoSchedule'),
];
const HOST_NETWORK = tolerateAll('node.kubernetes.io/network-unavailable', 'NoSchedule');

/** What a node means to a DaemonSet: a pod belongs there, one that is there may stay, or neither. */
export type Verdict = 'run' | 'stay' | 'none';

interface Prepared {
  readonly shape: PodShape;
  readonly hash: string;
}

const prepared = new WeakMap<PodTemplateSpec, Prepared>();

/** One for the same taint takes the place of the template's own, which may have tolerated it for some seconds only. */
function withTolerations(template: PodTemplateSpec): readonly Toleration[] {
  const added = template.spec.hostNetwork ? [...TOLERATIONS, HOST_NETWORK] : TOLERATIONS;
  const own = template.spec.tolerations ?? [];
  return [...own.filter((toleration) => !added.some((one) => isForSame(one, toleration))), ...added];
}

function isForSame(a: Toleration, b: Toleration): boolean {
  const { value = '' } = b;
  return a.key === b.key && a.effect === b.effect && a.operator === b.operator && value === '';
}

/** The shape of all pods of a revision; the node each is pinned to is not part of it. */
export function daemonShape(set: DaemonSet, revision: ControllerRevision): PodShape {
  const known = prepared.get(revision.data);
  const namespace = set.metadata.namespace ?? '';
  if (known?.hash === hashOf(revision) && known.shape.namespace === namespace) return known.shape;
  const template = revision.data;
  const { labels, annotations } = template.metadata ?? {};
  const shape: PodShape = {
    namespace,
    labels: { ...labels, [REVISION_LABEL]: hashOf(revision) },
    ...(annotations && { annotations }),
    spec: { ...template.spec, tolerations: withTolerations(template) },
  };
  prepared.set(template, { shape, hash: hashOf(revision) });
  return shape;
}

export function judge(shape: PodShape, node: Node): Verdict {
  const { spec } = shape;
  if (spec.nodeName && spec.nodeName !== node.metadata.name) return 'none';
  if (!matchesNodeAffinity(spec, node)) return 'none';
  const taints = node.spec?.taints;
  if (!findUntoleratedTaint(taints, spec.tolerations)) return 'run';
  return findUntoleratedTaint(taints, spec.tolerations, ['NoExecute']) ? 'none' : 'stay';
}

/** The node that a pod is on or is meant for. */
export function targetNode(pod: PodObject): string {
  return pod.nodeName || pod.identity.pinnedNode;
}

export function isOfRevision(pod: PodObject, hash: string): boolean {
  return revisionHashOf(pod) === hash;
}
