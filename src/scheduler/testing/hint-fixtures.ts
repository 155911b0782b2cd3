/** Objects for the tests of queueing hints. */
import { Cluster } from '../../cluster/cluster.ts';
import { PodIdentity, type PodObject, PodVersion } from '../../kube/pod-object.ts';
import type { KubeObject, Node, PodSpec, StringMap } from '../../kube/types.ts';
import type { EventKind, Subject } from '../queue/cluster-event.ts';
import { HINT_TABLES } from '../queue/hints/tables.ts';

export interface PodFields {
  readonly namespace?: string;
  readonly labels?: StringMap;
  readonly nodeName?: string;
  readonly nominatedNodeName?: string;
  /** cpu */
  readonly cpu?: string;
  readonly spec?: Partial<PodSpec>;
}

/** A pod of namespace `default`, on node `n` unless said otherwise. */
export function pod({ namespace = 'default', labels = {}, cpu = '1', ...rest }: PodFields = {}): PodObject {
  const { nodeName = 'n', nominatedNodeName = '', spec = {} } = rest;
  const containers = [{ name: 'main', image: 'app', resources: { requests: { cpu } } }];
  const shape = { namespace, labels, spec: { containers, ...spec } };
  const init = { shape, name: 'pod' };
  const draft = new PodVersion(new PodIdentity(init, shape, 1, 0, 0), init, undefined, 1).draft();
  draft.nodeName = nodeName;
  draft.nominatedNodeName = nominatedNodeName;
  return draft;
}

export interface NodeFields {
  readonly name?: string;
  readonly labels?: StringMap;
  readonly spec?: Node['spec'];
  readonly allocatable?: StringMap;
}

export function node({ name = 'n', labels = {}, spec = {}, allocatable = {} }: NodeFields = {}): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec,
    status: { allocatable: { cpu: '4', pods: '10', ...allocatable } },
  } as Node;
}

export function object<T extends KubeObject>(kind: string, name: string, fields: object = {}): T {
  const { metadata = {}, ...rest } = fields as { metadata?: object };
  return { apiVersion: 'v1', kind, metadata: { name, ...metadata }, ...rest } as T;
}

/** What the plugin's hint says of the event; undefined if it does not register for it. */
export function hint(
  plugin: string,
  kind: keyof typeof EventKind,
  waiting: PodFields & { readonly pinnedNode?: string },
  now: Subject,
  before?: Subject,
): boolean | undefined {
  const cluster = new Cluster();
  const { shape } = pod(waiting);
  const cls = cluster.classes.ofShape(shape);
  return HINT_TABLES[plugin]![kind]?.({ cls, pinnedNode: waiting.pinnedNode ?? '' }, now, before, cluster);
}
