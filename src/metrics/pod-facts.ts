/** What is worked out once for all pods of one shape and owner: class, requests, workload. */
import { isScalarResource, type ResourceVector } from '../cluster/resources.ts';
import type { PodIdentity } from '../kube/pod-object.ts';
import type { PodShape } from '../kube/pod-shape.ts';
import { podRequests } from '../kube/resources.ts';
import type { OwnerReference } from '../kube/types.ts';
import type { ClassSketches, LatencyBook } from './latency-book.ts';
import type { NodeLedger } from './node-ledger.ts';
import type { Workload, WorkloadLedger } from './workload-ledger.ts';

export interface PodFacts {
  readonly owner: OwnerReference | undefined;
  readonly group: string | undefined;
  readonly className: string;
  readonly sketches: ClassSketches;
  readonly requests: ResourceVector;
  readonly workload: Workload | undefined;
  readonly isDaemon: boolean;
  /** Does the start-up objective speak of it? Not of pods with claims or init containers. */
  readonly hasStartupObjective: boolean;
}

const NATIVE: readonly string[] = ['cpu', 'memory', 'ephemeral-storage'];

export class PodFactsTable {
  readonly #latency: LatencyBook;
  readonly #nodes: NodeLedger;
  readonly #workloads: WorkloadLedger;
  /** The facts last used with a shape: pods of one shape mostly have one owner. */
  readonly #byShape = new WeakMap<PodShape, PodFacts>();

  constructor(latency: LatencyBook, nodes: NodeLedger, workloads: WorkloadLedger) {
    this.#latency = latency;
    this.#nodes = nodes;
    this.#workloads = workloads;
  }

  of({ shape, owner, group }: PodIdentity): PodFacts {
    const known = this.#byShape.get(shape);
    if (known && known.owner?.uid === owner?.uid && known.group === group) return known;
    const workload = this.#workloads.ofOwner(owner);
    const className = group ?? workload?.className ?? nameOfClass(shape, owner);
    const { spec } = shape;
    const facts: PodFacts = {
      owner,
      group,
      className,
      sketches: this.#latency.classOf(className),
      requests: known?.requests ?? this.#requests(shape),
      workload,
      isDaemon: owner?.kind === 'DaemonSet',
      hasStartupObjective:
        !spec.initContainers?.length && !spec.volumes?.some((volume) => volume.persistentVolumeClaim),
    };
    this.#byShape.set(shape, facts);
    return facts;
  }

  #requests(shape: PodShape): ResourceVector {
    const requests = [...podRequests({ spec: shape.spec })].filter(
      ([name]) => NATIVE.includes(name) || isScalarResource(name),
    );
    return {
      ids: requests.map(([name]) => this.#nodes.resource(name)),
      amounts: requests.map(([, amount]) => amount),
    };
  }
}

/** Of pods that belong to no known workload: by their controller, else by what they say they are. */
function nameOfClass({ namespace, labels }: PodShape, owner: OwnerReference | undefined): string {
  if (owner) return `${namespace}/${owner.kind}/${owner.name}`;
  return `${namespace}/Pod/${labels['app.kubernetes.io/name'] ?? labels.app ?? '-'}`;
}
