/**
 * Queueing hints of NodeResourcesFit.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/noderesources/fit.go. Left out: device classes, and pods
 * whose resize is deferred.
 */
import { parseMilli, parseValue } from '../../../base/quantity.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { CPU, PODS } from '../../../cluster/resources.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import type { Node } from '../../../kube/types.ts';
import { always, type Hint, type HintPod, type HintTable } from '../queueing-hints.ts';
import { classOf, isOnNode } from './subjects.ts';

function allocatable(node: Node, resource: number, { resources }: Cluster): number {
  const quantity = node.status?.allocatable?.[resources.name(resource)];
  if (quantity === undefined) return 0;
  return resource === CPU ? parseMilli(quantity) : parseValue(quantity);
}

/** Whether the pod would fit on the node if the node were empty. */
function fitsEmpty({ cls }: HintPod, node: Node, cluster: Cluster): boolean {
  const { ids, amounts } = cls.requests;
  if (allocatable(node, PODS, cluster) < 1) return false;
  return ids.every((resource, i) => amounts[i] === 0 || amounts[i]! <= allocatable(node, resource, cluster));
}

function hasGrownFor({ cls }: HintPod, node: Node, before: Node, cluster: Cluster): boolean {
  const grew = (resource: number) =>
    allocatable(node, resource, cluster) > allocatable(before, resource, cluster);
  const { ids, amounts } = cls.requests;
  return grew(PODS) || ids.some((resource, i) => amounts[i] !== 0 && grew(resource));
}

const nodeChanged: Hint = (pod, node: Node, before: Node | undefined, cluster) =>
  fitsEmpty(pod, node, cluster) && (before === undefined || hasGrownFor(pod, node, before, cluster));

/** Whether another pod now asks for less of something that the pod asks for. */
const anotherScaledDown: Hint = ({ cls }, now: PodObject, before: PodObject, cluster) => {
  const asked = new Map<number, number>();
  const { ids, amounts } = classOf(now, cluster).requests;
  for (let i = 0; i < ids.length; i++) asked.set(ids[i]!, amounts[i]!);
  const old = classOf(before, cluster).requests;
  return old.ids.some(
    (resource, i) => cls.requests.ids.includes(resource) && (asked.get(resource) ?? 0) < old.amounts[i]!,
  );
};

export const nodeResourcesFit: HintTable = {
  AssignedPodDelete: (_, __, gone: PodObject) => isOnNode(gone),
  NodeAdd: nodeChanged,
  NodeAllocatable: nodeChanged,
  AssignedPodScaleDown: anotherScaledDown,
  TargetPodScaleDown: always,
};
