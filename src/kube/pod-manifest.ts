// Pods to and from Kubernetes JSON: what a user reads with `get -o yaml` and writes in a manifest.
// Deviation: the addresses are made up, and times are cut to whole seconds as the API does.

import { controllerOf } from './controller-of.ts';
import type { PodInit, PodObject } from './pod-object.ts';
import type { Condition, ContainerStatus, NodeAffinity, Pod, PodSpec, PodStatus } from './types.ts';
import { podUid } from './uid.ts';
import type { WallClock } from './wall-clock.ts';

const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';

/** Required node affinity for one node by name, added to every term as the DaemonSet controller does. */
export function pinnedAffinity(affinity: NodeAffinity | undefined, nodeName: string): NodeAffinity {
  const field = { key: 'metadata.name', operator: 'In', values: [nodeName] } as const;
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [{}];
  const pinned = terms.map((term) => ({ ...term, matchFields: [field] }));
  return { ...affinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: pinned } };
}

/** The spec with what the pod adds to its shape: its node and the node it is pinned to. */
export function fullSpec(pod: PodObject): PodSpec {
  const { spec } = pod.shape;
  const { pinnedNode } = pod.identity;
  const affinity = pinnedNode && {
    ...spec.affinity,
    nodeAffinity: pinnedAffinity(spec.affinity?.nodeAffinity, pinnedNode),
  };
  return { ...spec, ...(affinity && { affinity }), ...(pod.nodeName && { nodeName: pod.nodeName }) };
}

function conditions(pod: PodObject, clock: WallClock): Condition[] {
  const time = (us: number | undefined) => clock.timestamp(us ?? pod.createdUs);
  const list: Condition[] = [];
  if (pod.nodeName) {
    list.push({ type: 'PodScheduled', status: 'True', lastTransitionTime: time(pod.scheduledUs) });
  } else if (pod.scheduledReason) {
    const { scheduledReason: reason, scheduledMessage: message } = pod;
    list.push({
      type: 'PodScheduled',
      status: 'False',
      reason,
      message,
      lastTransitionTime: time(undefined),
    });
  }
  if (pod.readyChangedUs !== undefined) {
    const status = pod.ready ? 'True' : 'False';
    list.push({ type: 'Ready', status, lastTransitionTime: time(pod.readyChangedUs) });
  }
  if (pod.disruption) list.push({ type: 'DisruptionTarget', status: 'True', reason: pod.disruption });
  return list;
}

function containerStatuses(pod: PodObject, clock: WallClock): readonly ContainerStatus[] | undefined {
  if (pod.containers || pod.startUs === undefined) return pod.containers;
  const startedAt = clock.timestamp(pod.startUs);
  const finishedAt = clock.timestamp(pod.finishedUs ?? pod.startUs);
  const state = pod.terminal
    ? { terminated: { exitCode: pod.exitCode, finishedAt } }
    : pod.waiting || pod.phase === 'Pending'
      ? { waiting: { reason: pod.waiting || 'ContainerCreating' } }
      : { running: { startedAt } };
  return pod.shape.spec.containers.map(({ name, image }, containerIdx) => ({
    name,
    ...(image && { image }),
    ready: pod.ready,
    restartCount: containerIdx === 0 ? pod.restarts : 0,
    state,
  }));
}

function status(pod: PodObject, clock: WallClock): PodStatus {
  const statuses = containerStatuses(pod, clock);
  return {
    phase: pod.phase,
    conditions: conditions(pod, clock),
    ...(pod.reason && { reason: pod.reason }),
    ...(pod.nominatedNodeName && { nominatedNodeName: pod.nominatedNodeName }),
    ...(pod.startUs !== undefined && { startTime: clock.timestamp(pod.startUs) }),
    ...(pod.hasIp && { podIP: `10.${(pod.uid >> 16) & 255}.${(pod.uid >> 8) & 255}.${pod.uid & 255}` }),
    ...(statuses && { containerStatuses: statuses }),
  };
}

/** The pod as the API would print it. */
export function podManifest(pod: PodObject, clock: WallClock): Pod {
  const { shape, owner, identity } = pod;
  const labels =
    identity.index >= 0 && owner?.kind === 'Job'
      ? { ...shape.labels, [COMPLETION_INDEX]: String(identity.index) }
      : shape.labels;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pod.name,
      namespace: shape.namespace,
      uid: podUid(pod.uid),
      resourceVersion: String(pod.resourceVersion),
      creationTimestamp: clock.timestamp(pod.createdUs),
      labels,
      ...(shape.annotations && { annotations: shape.annotations }),
      ...(owner && { ownerReferences: [owner] }),
      ...(pod.finalizers.length > 0 && { finalizers: pod.finalizers }),
      ...(pod.deletionUs !== undefined && {
        deletionTimestamp: clock.timestamp(pod.deletionUs + pod.graceSeconds * 1_000_000),
        deletionGracePeriodSeconds: pod.graceSeconds,
      }),
    },
    spec: fullSpec(pod),
    status: status(pod, clock),
  };
}

/** A new pod from a manifest; its status is not taken. */
export function podInit(manifest: Pod): PodInit {
  const {
    name,
    generateName,
    namespace = 'default',
    labels = {},
    annotations,
    finalizers,
  } = manifest.metadata;
  const { nodeName, ...spec } = manifest.spec;
  const owner = controllerOf(manifest);
  return {
    shape: { namespace, labels, ...(annotations && { annotations }), spec },
    ...(name ? { name } : { generateName: generateName ?? '' }),
    ...(owner && { owner }),
    ...(nodeName && { nodeName }),
    ...(finalizers && { finalizers }),
  };
}
