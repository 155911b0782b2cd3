/** The filters and scores that look at one node at a time. */
import type { Container, Node, Pod } from '../../../kube/types.ts';
import { nUntolerated, preferenceMatches } from './matching.ts';
import { amountsOf, nonZeroRequestsOf, requestsOf } from './requests.ts';
import type { SlowWorld } from './world.ts';

export interface Refusal {
  readonly isFinal: boolean;
  readonly reasons: readonly string[];
}

export function isCordonedFor(pod: Pod, node: Node): boolean {
  if (!node.spec?.unschedulable) return false;
  const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' as const };
  const only = { ...node, spec: { taints: [taint] } };
  return nUntolerated(pod.spec.tolerations ?? [], only, 'NoSchedule') > 0;
}

function hostPorts(pod: Pod): { port: number; protocol: string; ip: string }[] {
  const isSidecar = ({ restartPolicy }: Container) => restartPolicy === 'Always';
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter(isSidecar)];
  return containers
    .flatMap(({ ports = [] }) => ports)
    .filter(({ hostPort }) => hostPort)
    .map(({ hostPort, protocol, hostIP }) => ({
      port: hostPort!,
      protocol: protocol || 'TCP',
      ip: hostIP || '0.0.0.0',
    }));
}

export function arePortsTaken(world: SlowWorld, pod: Pod, node: Node): boolean {
  for (const wanted of hostPorts(pod)) {
    for (const other of world.podsOn(node)) {
      for (const taken of hostPorts(other.pod)) {
        if (wanted.port !== taken.port || wanted.protocol !== taken.protocol) continue;
        if (wanted.ip === taken.ip || [wanted.ip, taken.ip].includes('0.0.0.0')) return true;
      }
    }
  }
  return false;
}

function requestedOn(world: SlowWorld, node: Node, resource: string): number {
  return world.podsOn(node).reduce((sum, { pod }) => sum + (requestsOf(pod).get(resource) ?? 0), 0);
}

export function shortage(world: SlowWorld, pod: Pod, node: Node): Refusal | undefined {
  const allocatable = amountsOf(node.status?.allocatable);
  const reasons: string[] = [];
  let isFinal = false;
  if (world.podsOn(node).length + 1 > (allocatable.get('pods') ?? 0)) reasons.push('Too many pods');
  for (const [resource, wanted] of requestsOf(pod)) {
    const all = allocatable.get(resource) ?? 0;
    if (wanted === 0 || wanted <= all - requestedOn(world, node, resource)) continue;
    reasons.push(`Insufficient ${resource}`);
    if (wanted > all) isFinal = true;
  }
  return reasons.length > 0 ? { isFinal, reasons } : undefined;
}

export function taintScores(pod: Pod, feasible: readonly Node[]): number[] {
  const tolerations = (pod.spec.tolerations ?? []).filter(
    ({ effect }) => !effect || effect === 'PreferNoSchedule',
  );
  const raw = feasible.map((node) => nUntolerated(tolerations, node, 'PreferNoSchedule'));
  const max = Math.max(...raw);
  return raw.map((n) => (max === 0 ? 100 : 100 - Math.floor((100 * n) / max)));
}

export function nodeAffinityScores(pod: Pod, feasible: readonly Node[]): number[] | undefined {
  const preferences = (
    pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  ).filter(
    ({ weight, preference }) =>
      weight > 0 && (preference.matchExpressions?.length || preference.matchFields?.length),
  );
  if (preferences.length === 0) return undefined;
  const raw = feasible.map((node) =>
    preferences.reduce(
      (sum, { weight, preference }) => sum + (preferenceMatches(preference, node) ? weight : 0),
      0,
    ),
  );
  const max = Math.max(...raw);
  return raw.map((score) => (max === 0 ? 0 : Math.floor((100 * score) / max)));
}

/** LeastAllocated over cpu and memory. */
export function fitScore(world: SlowWorld, pod: Pod, node: Node): number {
  const allocatable = amountsOf(node.status?.allocatable);
  const parts: number[] = [];
  for (const resource of ['cpu', 'memory']) {
    const all = allocatable.get(resource) ?? 0;
    if (all === 0) continue;
    let requested = nonZeroRequestsOf(pod, false).get(resource) ?? 0;
    for (const other of world.podsOn(node))
      requested += nonZeroRequestsOf(other.pod, true).get(resource) ?? 0;
    parts.push(requested > all ? 0 : Math.floor(((all - requested) * 100) / all));
  }
  return parts.length === 0 ? 0 : Math.floor(parts.reduce((a, b) => a + b) / parts.length);
}

/** Undefined if the pod asks for neither cpu nor memory. */
export function balanceScore(world: SlowWorld, pod: Pod, node: Node): number | undefined {
  const asked = requestsOf(pod);
  if (!asked.get('cpu') && !asked.get('memory')) return undefined;
  const allocatable = amountsOf(node.status?.allocatable);
  const evenness = (withPod: boolean) => {
    const shares: number[] = [];
    for (const resource of ['cpu', 'memory']) {
      const all = allocatable.get(resource) ?? 0;
      const used = requestedOn(world, node, resource) + (withPod ? (asked.get(resource) ?? 0) : 0);
      if (all > 0) shares.push(Math.min(1, used / all));
    }
    return Math.floor((1 - (shares.length === 2 ? Math.abs(shares[0]! - shares[1]!) / 2 : 0)) * 100);
  };
  return 50 + Math.trunc((50 + evenness(true) - evenness(false)) / 2);
}

export function imageScore(world: SlowWorld, pod: Pod, node: Node): number {
  const { containers, initContainers = [], volumes = [] } = pod.spec;
  const references = [...containers, ...initContainers].map(({ image }) => image ?? '');
  for (const volume of volumes) if (volume.image) references.push(volume.image.reference ?? '');
  let sum = 0;
  for (const reference of references) {
    const hasTag = reference.slice(reference.lastIndexOf('/') + 1).includes(':');
    const image = world.image(hasTag ? reference : `${reference}:latest`);
    if (!image?.nodeNames.has(node.metadata.name!)) continue;
    sum += Math.floor(image.sizeBytes * (image.nodeNames.size / world.nodes.size));
  }
  const [min, max] = [23 * 2 ** 20, 1000 * 2 ** 20 * references.length];
  return Math.floor((100 * (Math.min(Math.max(sum, min), max) - min)) / (max - min));
}
