// Rules of containers: ports, probes, hooks, mounts. Source: pkg/apis/core/validation, 1.37.

import { isSidecar } from '../resources.ts';
import type { Container, ContainerPort, HttpGetAction, LifecycleHandler, PodSpec, Probe } from '../types.ts';
import type { Field } from './field.ts';
import { dnsLabel, portName } from './names.ts';
import { checkContainerResources } from './resource-rules.ts';

const PORT_MAX = 65535;
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

export function checkPortNumber(port: number | null | undefined, at: Field): void {
  if (port === undefined || port === null) at.required();
  else at.between(port, 1, PORT_MAX);
}

/** A port by number or by name. */
export function checkPortReference(port: number | string | null | undefined, at: Field): void {
  if (typeof port === 'string') at.all(port, portName(port));
  else checkPortNumber(port, at);
}

export function checkProtocol(protocol: string | undefined, at: Field): void {
  at.oneOf(protocol, PROTOCOLS);
}

function checkPorts(ports: readonly ContainerPort[], hostNetwork: boolean, at: Field): void {
  at.distinct(
    ports.map(({ name }) => name),
    'name',
  );
  for (const [i, port] of ports.entries()) {
    const here = at.at(i);
    if (port.name) here.at('name').all(port.name, portName(port.name));
    checkPortNumber(port.containerPort || undefined, here.at('containerPort'));
    checkProtocol(port.protocol, here.at('protocol'));
    if (!port.hostPort) continue;
    here.at('hostPort').between(port.hostPort, 1, PORT_MAX);
    if (hostNetwork && port.hostPort !== port.containerPort) {
      here
        .at('containerPort')
        .invalid(port.containerPort, 'must match `hostPort` when `hostNetwork` is true');
    }
  }
}

/** Exactly one of exec, httpGet, tcpSocket, grpc, sleep, itself complete. */
function checkHandler(handler: Probe & LifecycleHandler, spec: PodSpec, at: Field): void {
  const named = HANDLERS.filter((name) => handler[name]);
  if (named.length === 0) at.required('must specify a handler type');
  for (const name of named.slice(1)) at.at(name).forbidden('may not specify more than 1 handler type');
  if (handler.exec && !handler.exec.command?.length) at.at('exec', 'command').required();
  if (handler.httpGet) checkHttpGet(handler.httpGet, at.at('httpGet'));
  if (handler.tcpSocket) checkPortReference(handler.tcpSocket.port, at.at('tcpSocket', 'port'));
  if (handler.grpc) checkPortNumber(handler.grpc.port, at.at('grpc', 'port'));
  if (handler.sleep) {
    const graceSeconds = spec.terminationGracePeriodSeconds ?? 30;
    const { seconds } = handler.sleep;
    if (seconds < 0 || seconds > graceSeconds) {
      at.at('sleep').invalid(
        seconds,
        `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`,
      );
    }
  }
}

function checkHttpGet(action: HttpGetAction, at: Field): void {
  checkPortReference(action.port, at.at('port'));
  at.at('scheme').oneOf(action.scheme, ['HTTP', 'HTTPS']);
}

const COUNTS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

function checkProbe(
  probe: Probe,
  kind: 'liveness' | 'readiness' | 'startup',
  spec: PodSpec,
  at: Field,
): void {
  checkHandler(probe, spec, at);
  for (const field of COUNTS) at.at(field).nonNegative(probe[field]);
  if (kind !== 'readiness' && probe.successThreshold && probe.successThreshold !== 1) {
    at.at('successThreshold').invalid(probe.successThreshold, 'must be 1');
  }
  const grace = probe.terminationGracePeriodSeconds;
  if (kind !== 'readiness') at.at('terminationGracePeriodSeconds').positive(grace);
  else if (grace)
    at.at('terminationGracePeriodSeconds').invalid(grace, 'must not be set for readinessProbes');
}

function checkMounts(container: Container, volumes: ReadonlySet<string> | undefined, at: Field): void {
  const mounts = container.volumeMounts ?? [];
  const seen = new Set<string>();
  for (const [i, mount] of mounts.entries()) {
    const here = at.at(i);
    if (!mount.name) here.at('name').required();
    else if (volumes && !volumes.has(mount.name)) here.at('name').notFound(mount.name);
    if (!mount.mountPath) here.at('mountPath').required();
    else if (seen.has(mount.mountPath)) here.at('mountPath').invalid(mount.mountPath, 'must be unique');
    seen.add(mount.mountPath);
  }
}

/** What a container may only have if it keeps running: hooks and probes. */
function checkRunning(container: Container, spec: PodSpec, at: Field): void {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  if (lifecycle?.postStart) checkHandler(lifecycle.postStart, spec, at.at('lifecycle', 'postStart'));
  if (lifecycle?.preStop) checkHandler(lifecycle.preStop, spec, at.at('lifecycle', 'preStop'));
  if (livenessProbe) checkProbe(livenessProbe, 'liveness', spec, at.at('livenessProbe'));
  if (readinessProbe) checkProbe(readinessProbe, 'readiness', spec, at.at('readinessProbe'));
  if (startupProbe) checkProbe(startupProbe, 'startup', spec, at.at('startupProbe'));
}

function checkNotRunning(container: Container, at: Field): void {
  for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (container[field])
      at.at(field).forbidden('may not be set for init containers without restartPolicy=Always');
  }
}

/** One container of a pod; `isInit` forbids hooks and probes unless it is a sidecar; unknown `volumes` leave its mounts unchecked. */
export function checkContainer(
  container: Container,
  spec: PodSpec,
  volumes: ReadonlySet<string> | undefined,
  isInit: boolean,
  at: Field,
): void {
  if (!container.name) at.at('name').required();
  else at.at('name').all(container.name, dnsLabel(container.name));
  if (!container.image) at.at('image').required();
  else if (container.image !== container.image.trim()) {
    at.at('image').invalid(container.image, 'must not have leading or trailing whitespace');
  }
  at.at('imagePullPolicy').oneOf(container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']);
  at.at('restartPolicy').oneOf(container.restartPolicy, ['Always', 'OnFailure', 'Never']);
  checkPorts(container.ports ?? [], spec.hostNetwork ?? false, at.at('ports'));
  for (const [i, { name }] of (container.env ?? []).entries()) if (!name) at.at('env', i, 'name').required();
  checkMounts(container, volumes, at.at('volumeMounts'));
  checkContainerResources(container.resources, at.at('resources'));
  if (isInit && !isSidecar(container)) checkNotRunning(container, at);
  else checkRunning(container, spec, at);
}
