/**
 * Queueing hints of the plugins that look at a node alone.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/{nodename,nodeunschedulable,tainttoleration,
 * nodeaffinity,nodeports,schedulinggates,defaultpreemption}. Deviation: the affinity that a profile adds to its pods
 * is not looked at (such a pod may be tried once too often).
 */
import { portsConflict } from '../../../cluster/host-ports.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import { matchesNodeAffinity } from '../../../kube/selector.ts';
import { findUntoleratedTaint, isTolerated } from '../../../kube/tolerations.ts';
import type { Node } from '../../../kube/types.ts';
import { always, type Hint, type HintPod, type HintTable, never } from '../queueing-hints.ts';
import { classOf, isOnNode } from './subjects.ts';

export const schedulingGates: HintTable = { TargetPodGatesEliminated: always };

export const nodeName: HintTable = { NodeAdd: always };

/** The plugin gates a preemptor; what removes the victims brings it back by the hints of other plugins. */
export const defaultPreemption: HintTable = { AssignedPodDelete: never };

const becameSchedulable: Hint = (_, node: Node, before: Node | undefined) =>
  !node.spec?.unschedulable && (before === undefined || before.spec?.unschedulable === true);

export const nodeUnschedulable: HintTable = {
  NodeAdd: becameSchedulable,
  NodeTaint: becameSchedulable,
  TargetPodToleration: (_, pod: PodObject) =>
    isTolerated(
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
      pod.shape.spec.tolerations,
    ),
};

const isUntolerated = ({ cls }: HintPod, node: Node): boolean =>
  findUntoleratedTaint(node.spec?.taints ?? [], cls.spec.tolerations) !== undefined;

const becameTolerated: Hint = (pod, node: Node, before: Node | undefined) =>
  !isUntolerated(pod, node) && (before === undefined || isUntolerated(pod, before));

export const taintToleration: HintTable = {
  NodeAdd: becameTolerated,
  NodeTaint: becameTolerated,
  TargetPodToleration: always,
};

const isAffine = ({ cls, pinnedNode }: HintPod, node: Node): boolean =>
  (pinnedNode === '' || pinnedNode === node.metadata.name) && matchesNodeAffinity(cls.spec, node);

const becameAffine: Hint = (pod, node: Node, before: Node | undefined) =>
  isAffine(pod, node) && (before === undefined || !isAffine(pod, before));

export const nodeAffinity: HintTable = { NodeAdd: becameAffine, NodeLabel: becameAffine };

export const nodePorts: HintTable = {
  NodeAdd: always,
  AssignedPodDelete: ({ cls }, _, gone: PodObject, cluster) =>
    isOnNode(gone) && portsConflict(cls.hostPorts, classOf(gone, cluster).hostPorts),
};
