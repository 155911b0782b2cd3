// Endpoint slices: the addresses of the pods behind each service.
// Source: pkg/controller/endpointslice/endpointslice_controller.go, k8s.io/endpointslice reconciler.go, 1.37.
// Deviations: topology hints are not written; the older Endpoints objects do not exist.

import { deepEqual } from '../../../base/deep-equal.ts';
import type { ApiClient, Informer } from '../../../kube/api.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import { matchesMap } from '../../../kube/selector.ts';
import type { Endpoint, EndpointSlice, Node, Service } from '../../../kube/types.ts';
import { call, type Steps, type Sync } from '../../sync.ts';
import type { WorkQueue } from '../../work-queue.ts';
import { type ControllerHost, keyOfObject, splitKey } from '../controller.ts';
import { OwnWrites } from '../own-writes.ts';
import { SelectedPods } from '../selected-pods.ts';
import { endpointOf, isServing, type Ports, portsOf } from './endpoints.ts';
import { type Packing, pack } from './packing.ts';

const NAME = 'endpointslice-controller';
const N_WORKERS = 5;
const BACKOFF_BASE_US = 1_000_000;
const N_RETRIES_MAX = 15;
const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' };

function isSelecting(service: Service): boolean {
  const { type, selector = {} } = service.spec ?? {};
  return type !== 'ExternalName' && Object.keys(selector).length > 0;
}

/** Has anything changed that an endpoint shows? */
function isNews(pod: PodObject, old: PodObject | undefined): boolean {
  if (!old || old === pod) return true;
  return (
    isServing(pod) !== isServing(old) ||
    pod.ready !== old.ready ||
    pod.terminating !== old.terminating ||
    pod.nodeName !== old.nodeName ||
    pod.shape !== old.shape
  );
}

interface Group {
  readonly ports: Ports;
  readonly endpoints: Endpoint[];
  readonly slices: EndpointSlice[];
}

export class EndpointSliceController {
  readonly #client: ApiClient;
  readonly #services: Informer<Service>;
  readonly #slices: Informer<EndpointSlice>;
  readonly #nodes: Informer<Node>;
  readonly #queue: WorkQueue;
  readonly #selected: SelectedPods;
  readonly #writes: OwnWrites;

  constructor(host: ControllerHost) {
    this.#client = host.client(NAME);
    const options = { name: NAME, nWorkers: N_WORKERS, backoffBaseUs: BACKOFF_BASE_US };
    this.#queue = host.queue(options, (key) => this.#sync(key));
    this.#nodes = host.informer<Node>('Node');
    this.#slices = host.informer<EndpointSlice>('EndpointSlice');
    this.#writes = new OwnWrites(this.#slices, host.pods);
    this.#selected = new SelectedPods(host.pods, (key, pod, old) => {
      if (isNews(pod, old)) this.#queue.add(key);
    });
    host.onStop(() => {
      this.#selected.clear();
      this.#writes.clear();
    });
    this.#services = host.informer<Service>('Service');
    this.#services.handle({
      added: (service) => this.#onService(service, undefined),
      modified: (service, old) => this.#onService(service, old),
      deleted: (service) => this.#onServiceGone(service),
    });
  }

  #onService(service: Service, old: Service | undefined): void {
    const key = keyOfObject(service);
    const { selector } = service.spec ?? {};
    if (!isSelecting(service)) this.#selected.remove(key);
    else if (!old || !deepEqual(old.spec?.selector, selector)) {
      this.#selected.define(key, service.metadata.namespace ?? '', (labels) => matchesMap(selector, labels));
    }
    this.#queue.add(key);
  }

  #onServiceGone(service: Service): void {
    const key = keyOfObject(service);
    this.#selected.remove(key);
    this.#writes.forget(key);
  }

  *#sync(key: string): Sync {
    const service = this.#services.get(...splitKey(key));
    if (!service || !isSelecting(service)) return true;
    const isOk = this.#writes.areVisible(key) && (yield* this.#reconcile(key, service));
    if (isOk || this.#queue.nFailures(key) < N_RETRIES_MAX) return isOk;
    return true;
  }

  *#reconcile(key: string, service: Service): Steps<boolean> {
    const packings = this.#groups(key, service).map(({ ports, endpoints, slices }) => ({
      ports,
      packing: pack(slices, endpoints),
    }));
    const spare = packings.flatMap(({ packing }) => packing.remove);
    let nSlices = 0;
    for (const { ports, packing } of packings) {
      nSlices += packing.create.length + packing.update.length;
      if (!(yield* this.#write(key, service, ports, packing, spare))) return false;
    }
    const nKept = [...this.#slices.ownedBy(service.metadata.uid ?? '')].length - spare.length;
    return yield* this.#finish(key, service, spare, nSlices > 0 || nKept > 0);
  }

  /** Endpoints and known slices by their ports. */
  #groups(key: string, service: Service): Group[] {
    const groups = new Map<string, Group>();
    const groupOf = (ports: Ports): Group => {
      const text = JSON.stringify(ports);
      let group = groups.get(text);
      if (!group) groups.set(text, (group = { ports, endpoints: [], slices: [] }));
      return group;
    };
    for (const slice of this.#slices.ownedBy(service.metadata.uid ?? ''))
      groupOf(slice.ports ?? []).slices.push(slice);
    for (const pod of this.#selected.of(key)) {
      const node = this.#nodes.get('', pod.nodeName);
      const mayServe =
        isServing(pod) && (node !== undefined || service.spec?.publishNotReadyAddresses === true);
      if (mayServe) groupOf(portsOf(service, pod.shape)).endpoints.push(endpointOf(pod, service, node));
    }
    return [...groups.values()];
  }

  /** A slice to be deleted is filled anew rather than another one created. */
  *#write(
    key: string,
    service: Service,
    ports: Ports,
    packing: Packing,
    spare: EndpointSlice[],
  ): Steps<boolean> {
    for (const endpoints of packing.create) {
      const recycled = spare.shift();
      const next = recycled ? { ...recycled, endpoints, ports } : this.#build(service, endpoints, ports);
      if (!(yield* this.#put(key, next))) return false;
    }
    for (const { slice, endpoints } of packing.update) {
      if (!(yield* this.#put(key, { ...slice, endpoints }))) return false;
    }
    return true;
  }

  /** Deletes what is left over; a service without endpoints keeps one empty slice. */
  *#finish(key: string, service: Service, spare: EndpointSlice[], hasSlices: boolean): Steps<boolean> {
    if (!hasSlices) {
      const kept = spare.shift();
      if (!kept) return yield* this.#put(key, this.#build(service, [], []));
      const isEmpty = kept.endpoints.length === 0;
      if (!isEmpty && !(yield* this.#put(key, { ...kept, endpoints: [] }))) return false;
    }
    for (const { metadata } of spare) {
      const target = {
        kind: 'EndpointSlice',
        namespace: metadata.namespace ?? '',
        name: metadata.name ?? '',
      };
      const { error } = yield* call((reply) => this.#client.delete(target, undefined, reply));
      if (error && error.code !== 404) return false;
    }
    return true;
  }

  *#put(key: string, slice: EndpointSlice): Steps<boolean> {
    const isNew = slice.metadata.uid === undefined;
    const { error, object } = yield* call<EndpointSlice>((reply) =>
      isNew ? this.#client.create(slice, reply) : this.#client.update(slice, reply),
    );
    this.#writes.wrote(key, object);
    return !error;
  }

  #build(service: Service, endpoints: readonly Endpoint[], ports: Ports): EndpointSlice {
    const { apiVersion, kind, metadata } = service;
    const { name = '', namespace = '', uid = '' } = metadata;
    return {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels: { ...metadata.labels, [SERVICE_NAME]: name, ...MANAGED_BY },
        ownerReferences: [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }],
      },
      addressType: 'IPv4',
      endpoints,
      ports,
    };
  }
}
