// A scheduler for tests of the control plane: first come, first served, on the node with most free CPU.

import { parseMilli } from '../../base/quantity.ts';
import type { ApiProcess, WatchHandler } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import { podRequests } from '../../kube/resources.ts';
import { matchesNodeAffinity } from '../../kube/selector.ts';
import { findUntoleratedTaint } from '../../kube/tolerations.ts';
import type { Node } from '../../kube/types.ts';

function unschedulable(pod: PodObject): PodObject {
  if (pod.scheduledReason) return pod;
  const next = pod.draft();
  next.scheduledReason = 'Unschedulable';
  return next;
}

export function startToyScheduler(process: ApiProcess): void {
  const client = process.client({ name: 'scheduler', qps: 50, burst: 100 });
  const pods = process.pods({ select: (pod) => !pod.terminal });
  const nodes = process.informer<Node>('Node');
  const places = new Map<number, { node: string; milli: number }>();
  const pending = new Map<number, PodObject>();

  const usedOn = (name: string) =>
    [...places.values()].filter(({ node }) => node === name).reduce((sum, { milli }) => sum + milli, 0);
  const fits = (pod: PodObject, node: Node, milli: number): boolean => {
    const { spec } = pod.shape;
    const { pinnedNode } = pod.identity;
    if (pinnedNode && pinnedNode !== node.metadata.name) return false;
    const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;
    const taints = [...(node.spec?.taints ?? []), ...(node.spec?.unschedulable ? [cordon] : [])];
    if (findUntoleratedTaint(taints, spec.tolerations) || !matchesNodeAffinity(spec, node)) return false;
    return usedOn(node.metadata.name ?? '') + milli <= parseMilli(node.status?.allocatable?.cpu ?? 0);
  };
  const schedule = (pod: PodObject): void => {
    const milli = podRequests({ spec: pod.shape.spec }).get('cpu') ?? 0;
    const feasible = [...nodes.values()].filter((node) => fits(pod, node, milli));
    const names = feasible.map((node) => node.metadata.name ?? '');
    const nPods = (name: string) => [...places.values()].filter(({ node }) => node === name).length;
    names.sort((a, b) => usedOn(a) - usedOn(b) || nPods(a) - nPods(b));
    const [name] = names;
    if (name === undefined) {
      pending.set(pod.uid, pod);
      client.patchPodStatus(pod, unschedulable, undefined);
      return;
    }
    pending.delete(pod.uid);
    places.set(pod.uid, { node: name, milli });
    client.bindPod(pod, name, (error) => error && places.delete(pod.uid));
  };
  const retry = () => [...pending.values()].forEach(schedule);
  const handler: WatchHandler<PodObject> = {
    added(pod) {
      if (pod.nodeName)
        places.set(pod.uid, {
          node: pod.nodeName,
          milli: podRequests({ spec: pod.shape.spec }).get('cpu') ?? 0,
        });
      else if (!pod.terminating) schedule(pod);
    },
    modified: () => {},
    deleted(pod) {
      pending.delete(pod.uid);
      if (places.delete(pod.uid)) retry();
    },
  };
  nodes.handle({ added: retry, modified: retry, deleted: retry });
  pods.handle(handler);
}
