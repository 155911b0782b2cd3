// Which pods stand behind a service, as endpoints grouped by the ports that its port names resolve to.
// Source: k8s.io/endpointslice utils.go, pkg/api/v1/endpoints, 1.37. Deviation: IPv4 only.

import type { PodObject } from '../../../kube/pod-object.ts';
import type { PodShape } from '../../../kube/pod-shape.ts';
import type { Endpoint, EndpointSlice, Node, Service } from '../../../kube/types.ts';
import { podUid } from '../../../kube/uid.ts';

export type Ports = NonNullable<EndpointSlice['ports']>;

const ZONE = 'topology.kubernetes.io/zone';

/** A pod is behind a service from its address on until it has ended. */
export function isServing(pod: PodObject): boolean {
  return pod.hasIp && !pod.terminal;
}

export function address(pod: PodObject): string {
  const { uid } = pod;
  return `10.${(uid >> 16) & 255}.${(uid >> 8) & 255}.${uid & 255}`;
}

export function endpointOf(pod: PodObject, service: Service, node: Node | undefined): Endpoint {
  const { ready: serving, terminating, name, namespace, nodeName } = pod;
  const zone = node?.metadata.labels?.[ZONE];
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  return {
    addresses: [address(pod)],
    conditions: { ready, serving, terminating },
    nodeName,
    ...(zone && { zone }),
    targetRef: { kind: 'Pod', namespace, name, uid: podUid(pod.uid) },
  };
}

function resolve(target: number | string, shape: PodShape, protocol: string): number | undefined {
  if (typeof target === 'number') return target;
  for (const { ports = [] } of shape.spec.containers) {
    const found = ports.find((port) => port.name === target && (port.protocol ?? 'TCP') === protocol);
    if (found) return found.containerPort;
  }
  return undefined;
}

/** The service's ports on pods of a shape; names that the shape lacks are left out. */
export function portsOf(service: Service, shape: PodShape): Ports {
  return (service.spec?.ports ?? []).flatMap(({ name, port, targetPort, protocol = 'TCP' }) => {
    const number = resolve(targetPort ?? port, shape, protocol || 'TCP');
    return number === undefined ? [] : [{ ...(name && { name }), port: number, protocol: protocol || 'TCP' }];
  });
}
