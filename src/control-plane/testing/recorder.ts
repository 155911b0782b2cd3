// biome-ignore-all lint/suspicious/noExplicitAny: reads the status of any kind
// Writes down what a watcher of the API sees, in the form of the recorded timelines.

import { compareStrings } from '../../base/orders.ts';
import type { ApiProcess } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { KubeObject } from '../../kube/types.ts';

export type Row = Readonly<Record<string, unknown>>;
type Any = KubeObject & { readonly spec?: any; readonly status?: any; readonly endpoints?: any };

const ROWS: Readonly<Record<string, (object: Any) => Row | undefined>> = {
  Node: ({ metadata, spec, status }) => ({
    name: metadata.name,
    ready: status?.conditions?.find((c: any) => c.type === 'Ready')?.status ?? '',
    taints: (spec?.taints ?? [])
      .map((t: any) => `${t.key}=${t.value ?? ''}:${t.effect}`)
      .sort(compareStrings),
    unschedulable: spec?.unschedulable ?? false,
  }),
  ReplicaSet: ({ metadata, spec, status = {} }) => ({
    name: metadata.name,
    desired: spec.replicas,
    replicas: status.replicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
  }),
  Deployment: ({ metadata, spec, status = {} }) => ({
    name: metadata.name,
    desired: spec.replicas,
    replicas: status.replicas ?? 0,
    updated: status.updatedReplicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
    progressing: status.conditions?.find((c: any) => c.type === 'Progressing')?.reason ?? '',
  }),
  StatefulSet: ({ metadata, spec, status = {} }) => ({
    name: metadata.name,
    desired: spec.replicas,
    replicas: status.replicas ?? 0,
    updated: status.updatedReplicas ?? 0,
    ready: status.readyReplicas ?? 0,
  }),
  DaemonSet: ({ metadata, status = {} }) => ({
    name: metadata.name,
    desired: status.desiredNumberScheduled ?? 0,
    current: status.currentNumberScheduled ?? 0,
    updated: status.updatedNumberScheduled ?? 0,
    ready: status.numberReady ?? 0,
  }),
  Job: ({ metadata, status = {} }) => ({
    name: metadata.name,
    active: status.active ?? 0,
    succeeded: status.succeeded ?? 0,
    failed: status.failed ?? 0,
    condition: (status.conditions ?? []).filter((c: any) => c.status === 'True').at(-1)?.type ?? '',
  }),
  CronJob: ({ metadata, status = {} }) => ({ name: metadata.name, active: (status.active ?? []).length }),
  EndpointSlice: ({ metadata, endpoints }) => ({
    service: metadata.labels?.['kubernetes.io/service-name'],
    name: metadata.name,
    ready: (endpoints ?? [])
      .filter((e: any) => e.conditions?.ready)
      .map((e: any) => e.targetRef?.name)
      .sort(compareStrings),
  }),
  PodDisruptionBudget: ({ metadata, status = {} }) => ({
    name: metadata.name,
    allowed: status.disruptionsAllowed ?? 0,
    healthy: status.currentHealthy ?? 0,
    desired: status.desiredHealthy ?? 0,
  }),
};

function podRow(pod: PodObject): Row {
  const { owner } = pod;
  return {
    name: pod.name,
    owner: owner ? `${owner.kind}/${owner.name}` : '',
    node: pod.nodeName,
    phase: pod.phase,
    ready: pod.ready,
    terminating: pod.terminating,
    ...(pod.scheduledReason && !pod.nodeName && { unschedulable: true }),
    ...(pod.disruption && { disruption: pod.disruption }),
    ...(pod.nominatedNodeName && { nominated: pod.nominatedNodeName }),
    image: pod.shape.spec.containers[0]?.image,
  };
}

export class Recorder {
  readonly rows: Row[] = [];
  startUs = 0;
  readonly #now: () => number;
  readonly #last = new Map<string, string>();

  constructor(process: ApiProcess, now: () => number) {
    this.#now = now;
    const onPod = (pod: PodObject) => this.#note('Pod', podRow(pod));
    process.pods().handle({ added: onPod, modified: onPod, deleted: (pod) => this.#gone('Pod', pod.name) });
    for (const [kind, rowOf] of Object.entries(ROWS)) {
      const note = (object: Any) => {
        const row = rowOf(object);
        if (row) this.#note(kind, row);
      };
      process.informer<Any>(kind).handle({
        added: note,
        modified: note,
        deleted: ({ metadata }) => this.#gone(kind, metadata.name ?? ''),
      });
    }
  }

  add(row: Row): void {
    this.rows.push({ ...row, t: Math.round((this.#now() - this.startUs) / 1000) / 1000 });
  }

  #note(kind: string, row: Row): void {
    const key = `${kind}/${row.name}`;
    const text = JSON.stringify(row);
    if (this.#last.get(key) === text) return;
    this.#last.set(key, text);
    this.add({ kind, ...row });
  }

  #gone(kind: string, name: string): void {
    this.#last.delete(`${kind}/${name}`);
    this.add({ kind, name, gone: true });
  }
}
