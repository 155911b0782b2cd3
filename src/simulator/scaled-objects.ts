/**
 * The same workloads with more replicas, as growth brings them. DaemonSets follow the nodes; CronJobs and autoscalers are
 * left as they are. Of what a snapshot shows, workloads grow too; more of its bare pods are created anew, but not of those
 * that a kubelet or a DaemonSet made, even if it is not in the snapshot.
 */
import type { KubeObject } from '../kube/types.ts';
import type { Scenario } from '../scenario/scenario.ts';

type Spec = Readonly<Record<string, unknown>>;

const REPLICAS: readonly string[] = ['replicas'];
/** What says how many pods there are. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Deployment: REPLICAS,
  StatefulSet: REPLICAS,
  ReplicaSet: REPLICAS,
  ReplicationController: REPLICAS,
  Job: ['parallelism', 'completions'],
};

/** How many there are instead of `n` pods of an object. */
export type Growth = (object: KubeObject, n: number) => number;

/** So many pods more of one workload. */
export interface More {
  /** As {@link workloadName} says. */
  readonly workload: string;
  readonly nPods: number;
}

/** `n` times the factor, in whole pods, rounded up; the product is rounded to 1e-9 first: 1.1 × 100 is 110. */
export function scaledCount(n: number, factor: number): number {
  return Math.ceil(Number((n * factor).toFixed(9)));
}

export function byFactor(factor: number): Growth {
  return (_, n) => scaledCount(n, factor);
}

export function byMore({ workload, nPods }: More): Growth {
  return (object, n) => (workloadName(object) === workload ? n + nPods : n);
}

/** `Deployment default/web`. */
export function workloadName({ kind, metadata: { namespace = 'default', name } }: KubeObject): string {
  return `${kind} ${namespace}/${name}`;
}

function isOwned({ metadata }: KubeObject): boolean {
  return (metadata.ownerReferences?.length ?? 0) > 0;
}

function isBarePod({ podsOfNodes }: Scenario, object: KubeObject): boolean {
  const { namespace = 'default', name } = object.metadata;
  return object.kind === 'Pod' && !isOwned(object) && !podsOfNodes.has(`${namespace}/${name}`);
}

/** Workloads whose pods stay, with how many pods they have. */
export function workloadsOf(scenario: Scenario): { name: string; nPods: number }[] {
  return [...scenario.snapshot, ...scenario.objects].flatMap((object) => {
    const isPod = isBarePod(scenario, object);
    if (!isPod && (isOwned(object) || FIELDS[object.kind] !== REPLICAS)) return [];
    const { replicas = 1 } = (object as { readonly spec?: { readonly replicas?: number } }).spec ?? {};
    return [{ name: workloadName(object), nPods: isPod ? 1 : replicas }];
  });
}

/** Is there anything that growth would make more of? */
export function canGrow(scenario: Scenario): boolean {
  return [...scenario.snapshot, ...scenario.objects].some(
    (object) => isBarePod(scenario, object) || (object.kind in FIELDS && !isOwned(object)),
  );
}

function grownObject(object: KubeObject, growth: Growth): KubeObject {
  const fields = FIELDS[object.kind];
  if (fields === undefined || isOwned(object)) return object;
  const { spec = {} } = object as { readonly spec?: Spec };
  const changes = fields.map((field) => [field, growth(object, Number(spec[field] ?? 1))]);
  return { ...object, spec: { ...spec, ...Object.fromEntries(changes) } } as KubeObject;
}

/** Bare pods are multiplied under new names; copies of pods that are bound already wait for a node. */
function copiesOf(pod: KubeObject, growth: Growth): KubeObject[] {
  const { spec, status: _, ...rest } = pod as KubeObject & { readonly spec: Spec; readonly status?: unknown };
  const { nodeName: __, ...unbound } = spec;
  return Array.from({ length: growth(pod, 1) - 1 }, (_, i) => {
    const { uid: ___, ownerReferences: ____, ...metadata } = pod.metadata;
    return { ...rest, metadata: { ...metadata, name: `${metadata.name}-copy-${i + 1}` }, spec: unbound };
  }) as KubeObject[];
}

export function grownScenario(scenario: Scenario, growth: Growth): Scenario {
  const { snapshot, objects } = scenario;
  const copies = (object: KubeObject) => (isBarePod(scenario, object) ? copiesOf(object, growth) : []);
  return {
    ...scenario,
    snapshot: snapshot.map((object) => grownObject(object, growth)),
    objects: [
      ...objects.flatMap((object) => [grownObject(object, growth), ...copies(object)]),
      ...snapshot.flatMap(copies),
    ],
  };
}
