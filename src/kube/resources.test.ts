import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { qosClass } from './qos.ts';
import {
  type PodLike,
  type PodResourceOptions,
  podLimits,
  podNonZeroRequests,
  podRequests,
} from './resources.ts';
import type { Container, PodStatus, QosClass, ResourceList } from './types.ts';

const MiB = 1024 * 1024;

function container(requests?: ResourceList, limits?: ResourceList, name = 'c'): Container {
  return { name, resources: { ...(requests && { requests }), ...(limits && { limits }) } };
}

function sidecar(requests: ResourceList, name = 's'): Container {
  return { ...container(requests, undefined, name), restartPolicy: 'Always' };
}

function pod(spec: Partial<PodLike['spec']>, status?: PodStatus): PodLike {
  return { spec: { containers: [container()], ...spec }, ...(status && { status }) };
}

const cpu = (...amounts: string[]) => amounts.map((amount) => container({ cpu: amount }));
const infeasible = { type: 'PodResizePending', status: 'True' as const, reason: 'Infeasible' };
const running = { name: 'c', allocatedResources: { cpu: '700m' }, resources: { requests: { cpu: '900m' } } };

describe('requests', () => {
  const cases: [string, PodLike, Record<string, number>][] = [
    ['containers are summed', pod({ containers: cpu('100m', '1') }), { cpu: 1100 }],
    [
      'CPU is rounded up to millicores once, at the end',
      pod({ containers: cpu('0.4m', '0.4m') }),
      { cpu: 1 },
    ],
    [
      'fractions of a byte are rounded up',
      pod({ containers: [container({ memory: '1.5' })] }),
      { memory: 2 },
    ],
    ['a request of 0 is present', pod({ containers: [container({ 'x.io/gpu': '0' })] }), { 'x.io/gpu': 0 }],
    [
      'a larger init container counts alone',
      pod({ containers: cpu('1'), initContainers: cpu('3', '2') }),
      { cpu: 3000 },
    ],
    [
      'a sidecar counts beside the containers and the init containers after it',
      pod({ containers: cpu('1'), initContainers: [sidecar({ cpu: '1' }), ...cpu('3')] }),
      { cpu: 4000 },
    ],
    [
      'a sidecar after an init container does not add to that phase',
      pod({ containers: cpu('1'), initContainers: [...cpu('3'), sidecar({ cpu: '1' })] }),
      { cpu: 3000 },
    ],
    [
      'overhead comes on top',
      pod({ containers: cpu('1'), overhead: { cpu: '50m', memory: '1' } }),
      { cpu: 1050, memory: 1 },
    ],
    [
      'pod-level requests replace cpu and memory only, and overhead still comes on top',
      pod({
        containers: [container({ cpu: '1', 'x.io/gpu': 1 })],
        resources: { requests: { cpu: '500m', memory: '1Gi', 'x.io/gpu': 9 } },
        overhead: { cpu: '1m' },
      }),
      { cpu: 501, 'x.io/gpu': 1, memory: 1024 * MiB },
    ],
    [
      'pod-level limits alone replace nothing',
      pod({ containers: cpu('1'), resources: { limits: { cpu: '4' } } }),
      { cpu: 1000 },
    ],
  ];
  test.each(cases)('%s', (_, input, expected) => {
    expect(Object.fromEntries(podRequests(input))).toEqual(expected);
  });
});

describe('requests of a bound pod', () => {
  const status = (...conditions: (typeof infeasible)[]): PodStatus => ({
    containerStatuses: [running],
    conditions,
  });
  const cases: [string, PodLike, PodResourceOptions, number][] = [
    [
      'the amount in force counts when it is the largest',
      pod({ containers: cpu('500m') }, status()),
      {},
      900,
    ],
    ['the specified amount counts when it is the largest', pod({ containers: cpu('2') }, status()), {}, 2000],
    [
      'an infeasible resize leaves the specified amount out',
      pod({ containers: cpu('2') }, status(infeasible)),
      {},
      900,
    ],
    [
      'without status the specified amount counts',
      pod({ containers: cpu('500m') }, status()),
      { useStatus: false },
      500,
    ],
    [
      'an infeasible resize without any status keeps it',
      pod({ containers: cpu('2') }, { conditions: [infeasible] }),
      {},
      2000,
    ],
    [
      'a container without a status stands in with its own requests',
      pod({ containers: [container({ cpu: '500m' }), container({ cpu: '300m' }, undefined, 'd')] }, status()),
      {},
      1200,
    ],
    [
      'and with nothing after an infeasible resize',
      pod(
        { containers: [container({ cpu: '500m' }), container({ cpu: '300m' }, undefined, 'd')] },
        status(infeasible),
      ),
      {},
      900,
    ],
    [
      'the maximum is taken over the pod, not container by container',
      pod(
        { containers: [container({ cpu: '1' }), container({ cpu: '1' }, undefined, 'd')] },
        {
          containerStatuses: [
            { name: 'c', resources: { requests: { cpu: '1500m' } } },
            { name: 'd', resources: { requests: { cpu: '200m' } } },
          ],
        },
      ),
      {},
      2000,
    ],
    [
      'pod-level amounts in force count without the overhead they include',
      pod(
        { containers: cpu('1'), resources: { requests: { cpu: '1' } }, overhead: { cpu: '100m' } },
        { resources: { requests: { cpu: '1300m' } } },
      ),
      {},
      1300,
    ],
    [
      'pod-level requests can be skipped',
      pod({ containers: cpu('1'), resources: { requests: { cpu: '9' } } }),
      { skipPodLevel: true },
      1000,
    ],
  ];
  test.each(cases)('%s', (_, input, options, expected) => {
    expect(podRequests(input, options).get('cpu')).toBe(expected);
  });
});

describe('non-zero requests', () => {
  const cases: [string, PodLike, PodResourceOptions, number, number][] = [
    ['a container that asks for nothing counts 100m and 200Mi', pod({}), {}, 100, 200],
    [
      'each silent container counts',
      pod({ containers: [container(), container({ cpu: '1' })] }),
      {},
      1100,
      400,
    ],
    ['an explicit zero stays zero', pod({ containers: [container({ cpu: 0, memory: '0' })] }), {}, 0, 0],
    [
      'sidecars and init containers count as well',
      pod({ initContainers: [sidecar({}), container()] }),
      {},
      200,
      400,
    ],
    [
      'pod-level requests stand for silent containers',
      pod({ resources: { requests: { cpu: '2' } } }),
      {},
      2000,
      200,
    ],
    [
      'with pod-level requests a resource that some container names has no default',
      pod({ containers: [container({ memory: '1Mi' }), container()], resources: { requests: { cpu: '2' } } }),
      {},
      2000,
      1,
    ],
    [
      'skipping the pod level brings the defaults back',
      pod({ resources: { requests: { cpu: '2' } } }),
      { skipPodLevel: true },
      100,
      200,
    ],
    ['overhead comes on top', pod({ overhead: { cpu: '10m' } }), {}, 110, 200],
  ];
  test.each(cases)('%s', (_, input, options, cpuMilli, memoryMiB) => {
    expect(podNonZeroRequests(input, options)).toEqual({ cpuMilli, memoryBytes: memoryMiB * MiB });
  });
});

test('requests are the peak of a walk through the life of the pod', () => {
  const amount = fc.integer({ min: 0, max: 5000 });
  const init = fc.record({ milli: amount, isSidecar: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(amount, { minLength: 1, maxLength: 4 }),
      fc.array(init, { maxLength: 5 }),
      (mains, inits) => {
        let standing = 0;
        let peak = 0;
        for (const { milli, isSidecar } of inits) {
          peak = Math.max(peak, standing + milli);
          if (isSidecar) standing += milli;
        }
        for (const milli of mains) standing += milli;
        const initContainers = inits.map(({ milli, isSidecar }) =>
          isSidecar ? sidecar({ cpu: `${milli}m` }) : container({ cpu: `${milli}m` }),
        );
        const input = pod({ containers: cpu(...mains.map((milli) => `${milli}m`)), initContainers });
        expect(podRequests(input).get('cpu')).toBe(Math.max(peak, standing));
      },
    ),
  );
});

describe('limits', () => {
  const limited = (limits: ResourceList) => container(undefined, limits);
  const cases: [string, PodLike, Record<string, number>][] = [
    ['limits are summed', pod({ containers: [limited({ cpu: 1 }), limited({ cpu: '1m' })] }), { cpu: 1001 }],
    [
      'overhead is added to limits that exist',
      pod({ containers: [limited({ cpu: 1 })], overhead: { cpu: 1, memory: 5 } }),
      { cpu: 2000 },
    ],
    [
      'pod-level limits replace the sum',
      pod({ containers: [limited({ cpu: 1 })], resources: { limits: { cpu: 3 } } }),
      { cpu: 3000 },
    ],
    [
      'the limit in force counts when it is larger',
      pod(
        { containers: [limited({ cpu: 1 })] },
        { containerStatuses: [{ name: 'c', resources: { limits: { cpu: 2 } } }] },
      ),
      { cpu: 2000 },
    ],
  ];
  test.each(cases)('%s', (_, input, expected) => {
    expect(Object.fromEntries(podLimits(input))).toEqual(expected);
  });
});

describe('QoS class', () => {
  const both = { cpu: '1', memory: '1Gi' };
  const cases: [string, PodLike, QosClass][] = [
    ['nothing set', pod({}), 'BestEffort'],
    ['only other resources set', pod({ containers: [container({ 'x.io/gpu': 1 })] }), 'BestEffort'],
    ['zero amounts do not count', pod({ containers: [container({ cpu: 0 })] }), 'BestEffort'],
    [
      'limits equal requests',
      pod({ containers: [container(both, { cpu: '1000m', memory: '1024Mi' })] }),
      'Guaranteed',
    ],
    ['one container without limits', pod({ containers: [container(both, both), container()] }), 'Burstable'],
    [
      'an init container without limits',
      pod({ containers: [container(both, both)], initContainers: [container()] }),
      'Burstable',
    ],
    ['only cpu set', pod({ containers: [container({ cpu: 1 }, { cpu: 1 })] }), 'Burstable'],
    ['limits above requests', pod({ containers: [container(both, { ...both, cpu: 2 })] }), 'Burstable'],
    ['pod-level resources decide alone', pod({ resources: { requests: both, limits: both } }), 'Guaranteed'],
  ];
  test.each(cases)('%s', (_, input, expected) => {
    expect(qosClass(input)).toBe(expected);
  });
});
