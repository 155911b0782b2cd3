/** What hints ask of the pods that events are about. */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import type { PodObject } from '../../../kube/pod-object.ts';

export function classOf(pod: PodObject, { classes }: Cluster): PodClass {
  return classes.ofShape(pod.shape, pod.owner);
}

/** Bound, or promised a node: only such a pod's end can make room. */
export function isOnNode(pod: PodObject): boolean {
  return pod.nodeName !== '' || pod.nominatedNodeName !== '';
}
