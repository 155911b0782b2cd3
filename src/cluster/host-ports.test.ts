import { expect, test } from 'vitest';
import { type HostPort, hostPortsOf, portsConflict, withoutPorts, withPorts } from './host-ports.ts';

const port = (number: number, address = '0.0.0.0', protocol = 'TCP'): HostPort => ({
  protocol,
  address,
  port: number,
});

test('containers and sidecars take host ports, other init containers do not', () => {
  const ports = (hostPort: number) => [{ containerPort: 1, hostPort }];
  const spec = {
    containers: [{ name: 'c', ports: [...ports(80), { containerPort: 2 }] }],
    initContainers: [
      { name: 'init', ports: ports(81) },
      { name: 'sidecar', restartPolicy: 'Always' as const, ports: ports(82) },
    ],
  };
  expect(hostPortsOf(spec)).toEqual([port(80), port(82)]);
});

test.each([
  ['equal ports conflict', port(80), port(80), true],
  ['other numbers do not', port(80), port(81), false],
  ['other protocols do not', port(80), port(80, '0.0.0.0', 'UDP'), false],
  ['other addresses do not', port(80, '10.0.0.1'), port(80, '10.0.0.2'), false],
  ['0.0.0.0 stands for every address', port(80), port(80, '10.0.0.2'), true],
  [':: is an ordinary address', port(80, '::'), port(80, '10.0.0.2'), false],
])('%s', (_, a, b, conflicts) => {
  expect(portsConflict([a], [b])).toBe(conflicts);
  expect(portsConflict([b], [a])).toBe(conflicts);
});

test('a port that two pods hold is gone with the first of them', () => {
  const both = withPorts(withPorts([], [port(80), port(81)]), [port(80), port(80)]);
  expect(both).toEqual([port(80), port(81)]);
  expect(withoutPorts(both, [port(80)])).toEqual([port(81)]);
});
