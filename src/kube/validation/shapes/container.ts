// Field tables of containers. Source: k8s.io/api core/v1, 1.37.

import { each, fields, list } from '../shape.ts';
import { resourceList, strings } from './meta.ts';

const httpGet = fields({ ...each('string', 'path host scheme'), port: 'intOrString', httpHeaders: 'any' });
const tcpSocket = fields({ host: 'string', port: 'intOrString' });
const exec = fields({ command: strings });

const probe = fields({
  exec,
  httpGet,
  tcpSocket,
  grpc: fields({ port: 'int', service: 'string' }),
  ...each('int', 'initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold'),
  terminationGracePeriodSeconds: 'int',
});

const handler = fields({ exec, httpGet, tcpSocket, sleep: fields({ seconds: 'int' }) });

const port = fields({ ...each('string', 'name protocol hostIP'), ...each('int', 'containerPort hostPort') });

export const resources = fields({
  ...each(resourceList, 'requests limits'),
  claims: list(fields(each('string', 'name request'))),
});

const volumeMount = fields({
  ...each('string', 'name mountPath subPath subPathExpr mountPropagation recursiveReadOnly'),
  readOnly: 'boolean',
});

const restartRule = fields({
  action: 'string',
  exitCodes: fields({ operator: 'string', values: list('int') }),
});

export const container = fields({
  ...each('string', 'name image workingDir imagePullPolicy restartPolicy terminationMessagePath'),
  ...each(strings, 'command args'),
  ...each(probe, 'livenessProbe readinessProbe startupProbe'),
  ...each('boolean', 'stdin stdinOnce tty'),
  ...each('any', 'securityContext envFrom'),
  terminationMessagePolicy: 'string',
  ports: list(port),
  env: list(fields({ ...each('string', 'name value'), valueFrom: 'any' })),
  resources,
  resizePolicy: list(fields(each('string', 'resourceName restartPolicy'))),
  restartPolicyRules: list(restartRule),
  volumeMounts: list(volumeMount),
  volumeDevices: list(fields(each('string', 'name devicePath'))),
  lifecycle: fields({ ...each(handler, 'postStart preStop'), stopSignal: 'string' }),
});

export const ephemeralContainer = fields({ targetContainerName: 'string' }, container);
