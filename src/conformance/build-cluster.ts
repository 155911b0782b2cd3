/** Turns a recorded cluster into the scheduler's columns. */
import { BugError } from '../base/assert.ts';
import { Cluster } from '../cluster/cluster.ts';
import { PodFlag } from '../cluster/pod-table.ts';
import type { PodResourceOptions } from '../kube/resources.ts';
import type { Pod } from '../kube/types.ts';
import { Nominator } from '../scheduler/framework/nominator.ts';
import type { PodInfo } from '../scheduler/framework/plugin.ts';
import type { RecordedCluster } from './recorded.ts';

const NOT_OBJECTS = new Set(['nodes', 'pods', 'nominatedPods']);

export interface BuiltCluster {
  readonly cluster: Cluster;
  readonly nominator: Nominator;
}

export function buildCluster(recorded: RecordedCluster, options: PodResourceOptions = {}): BuiltCluster {
  const cluster = new Cluster(options);
  const nominator = new Nominator();
  for (const [name, objects] of Object.entries(recorded)) {
    if (NOT_OBJECTS.has(name)) continue;
    for (const object of objects ?? []) cluster.upsertObject(object);
  }
  for (const node of recorded.nodes) cluster.addNode(node);
  for (const pod of recorded.pods) addBound(cluster, pod);
  for (const pod of recorded.nominatedPods ?? []) {
    const info = addPod(cluster, outsideTheQueue(pod));
    nominator.add(
      { row: info.row, uid: info.uid, priority: info.cls.priority },
      pod.status!.nominatedNodeName!,
    );
  }
  return { cluster, nominator };
}

/**
 * Of a nominated pod that stands in none of its queues the real scheduler knows the name alone: it counts with
 * priority 0 and asks for nothing. The recordings nominate pods without queueing them.
 * Source: kubernetes v1.37.2 pkg/scheduler/backend/queue/scheduling_queue.go nominatedPodToInfo.
 */
function outsideTheQueue({ apiVersion, kind, metadata, status }: Pod): Pod {
  const { name = '', namespace = 'default', uid = '' } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid },
    spec: { containers: [] },
    ...(status && { status }),
  };
}

function addBound(cluster: Cluster, pod: Pod): void {
  const node = cluster.nodes.find(pod.spec.nodeName!);
  if (node === -1)
    throw new BugError(`${pod.metadata.name} is bound to ${pod.spec.nodeName}, which does not exist`);
  cluster.bind(addPod(cluster, pod).row, node);
}

/** A pod that holds no node yet. */
export function addPod(cluster: Cluster, pod: Pod): PodInfo {
  const cls = cluster.classes.ofPod(pod);
  const { name = '', uid = '' } = pod.metadata;
  const row = cluster.addPod(cls, name, uid);
  if (pod.status?.startTime) cluster.pods.startUs[row] = Date.parse(pod.status.startTime) * 1000;
  if (pod.metadata.deletionTimestamp) cluster.pods.flags[row]! |= PodFlag.Terminating;
  if (pod.status?.conditions?.some(isPreempted)) cluster.pods.flags[row]! |= PodFlag.Preempted;
  return { row, cls, name, uid, nominatedNodeName: pod.status?.nominatedNodeName };
}

function isPreempted({ type, status, reason }: { type: string; status: string; reason?: string }): boolean {
  return type === 'DisruptionTarget' && status === 'True' && reason === 'PreemptionByScheduler';
}
