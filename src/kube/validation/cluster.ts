// Rules of nodes, services and configuration kinds. Source: pkg/apis/core/validation, 1.37.

import type {
  ConfigMap,
  EndpointSlice,
  Lease,
  Node,
  RuntimeClass,
  Secret,
  Service,
  ServicePort,
  StringMap,
  Taint,
} from '../types.ts';
import { checkPortNumber, checkPortReference, checkProtocol } from './container.ts';
import type { Field } from './field.ts';
import { checkLabels } from './metadata.ts';
import { configKey, dnsLabel, dnsSubdomain, labelValue, qualifiedName } from './names.ts';
import { checkAmounts } from './resource-rules.ts';

const DATA_BYTES_MAX = 1024 * 1024;
const NODE_PORTS = { min: 30_000, max: 32_767 };
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function checkTaints(taints: readonly Taint[], at: Field): void {
  for (const [i, { key, value, effect }] of taints.entries()) {
    at.at(i, 'key').all(key ?? '', qualifiedName(key ?? ''));
    if (value) at.at(i, 'value').all(value, labelValue(value));
    if (!effect) at.at(i, 'effect').required();
    else at.at(i, 'effect').oneOf(effect, EFFECTS);
  }
  at.distinct(taints.map(({ key, effect }) => `${key}:${effect}`));
}

function checkNode({ spec, status }: Node, at: Field): void {
  checkTaints(spec?.taints ?? [], at.at('spec', 'taints'));
  checkAmounts(status?.capacity, at.at('status', 'capacity'));
  checkAmounts(status?.allocatable, at.at('status', 'allocatable'));
}

function checkServicePort(port: ServicePort, needsName: boolean, at: Field): void {
  if (port.name) at.at('name').all(port.name, dnsLabel(port.name));
  else if (needsName) at.at('name').required();
  checkPortNumber(port.port, at.at('port'));
  checkProtocol(port.protocol, at.at('protocol'));
  if (port.targetPort) checkPortReference(port.targetPort, at.at('targetPort'));
  const { nodePort } = port;
  if (nodePort && (nodePort < NODE_PORTS.min || nodePort > NODE_PORTS.max)) {
    at.at('nodePort').invalid(
      nodePort,
      `provided port is not in the valid range. The range of valid ports is ${NODE_PORTS.min}-${NODE_PORTS.max}`,
    );
  }
}

function checkService({ spec }: Service, root: Field): void {
  const at = root.at('spec');
  const ports = spec?.ports ?? [];
  const isExternal = spec?.type === 'ExternalName';
  if (isExternal && !spec?.externalName) at.at('externalName').required();
  if (ports.length === 0 && spec?.clusterIP !== 'None' && !isExternal) at.at('ports').required();
  for (const [i, port] of ports.entries()) {
    checkServicePort(port, ports.length > 1, at.at('ports', i));
    const isOpen = spec?.type === 'NodePort' || spec?.type === 'LoadBalancer';
    if (port.nodePort && !isOpen) {
      at.at('ports', i, 'nodePort').forbidden("may not be used when `type` is 'ClusterIP'");
    }
  }
  at.at('ports').distinct(
    ports.map(({ name }) => name),
    'name',
  );
  at.at('ports').distinct(ports.map(({ port, protocol }) => `${protocol || 'TCP'}/${port}`));
  checkLabels(spec?.selector, at.at('selector'));
  at.at('type').oneOf(spec?.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']);
  at.at('sessionAffinity').oneOf(spec?.sessionAffinity, ['ClientIP', 'None']);
  at.at('internalTrafficPolicy').oneOf(spec?.internalTrafficPolicy, ['Cluster', 'Local']);
  at.at('externalTrafficPolicy').oneOf(spec?.externalTrafficPolicy, ['Cluster', 'Local']);
}

/** Keys of several maps: well formed, each in one map only, all together not too big. */
function checkData(maps: Readonly<Record<string, StringMap | null | undefined>>, root: Field): void {
  const seen = new Set<string>();
  let nBytes = 0;
  for (const [field, data] of Object.entries(maps)) {
    for (const [key, value] of Object.entries(data ?? {})) {
      root.at(field, key).all(key, configKey(key));
      if (seen.has(key)) root.at(field, key).invalid(key, 'duplicate of key present in data');
      seen.add(key);
      nBytes += value.length;
    }
  }
  if (nBytes > DATA_BYTES_MAX) root.add(`Too long: may not be more than ${DATA_BYTES_MAX} bytes`);
}

export const clusterRules = {
  Node: checkNode,
  RuntimeClass: ({ handler, overhead }: RuntimeClass, at: Field) => {
    if (!handler) at.at('handler').required();
    else at.at('handler').all(handler, dnsLabel(handler));
    checkAmounts(overhead?.podFixed, at.at('overhead', 'podFixed'));
  },
  Lease: ({ spec }: Lease, at: Field) => {
    at.at('spec', 'leaseDurationSeconds').positive(spec?.leaseDurationSeconds);
    at.at('spec', 'leaseTransitions').nonNegative(spec?.leaseTransitions);
  },
  Service: checkService,
  EndpointSlice: ({ addressType, endpoints }: EndpointSlice, at: Field) => {
    if (!addressType) at.at('addressType').required();
    at.at('addressType').oneOf(addressType, ['FQDN', 'IPv4', 'IPv6']);
    for (const [i, { addresses, nodeName }] of (endpoints ?? []).entries()) {
      if (!addresses?.length) at.at('endpoints', i, 'addresses').required('must contain at least 1 item');
      if (nodeName) at.at('endpoints', i, 'nodeName').all(nodeName, dnsSubdomain(nodeName));
    }
  },
  ConfigMap: ({ data, binaryData }: ConfigMap, at: Field) => checkData({ data, binaryData }, at),
  Secret: ({ data }: Secret, at: Field) => checkData({ data }, at),
};
