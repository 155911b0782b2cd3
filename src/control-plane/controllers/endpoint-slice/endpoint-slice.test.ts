import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment, Endpoint, EndpointSlice, Service } from '../../../kube/types.ts';
import { appsWorkload, Bed, template, workload } from '../../testing/bed.ts';
import { N_ENDPOINTS_MAX, pack } from './packing.ts';

const endpoint = (id: number, ready = true): Endpoint => ({
  addresses: [`10.0.0.${id}`],
  conditions: { ready },
  targetRef: { uid: `u${id}` },
});

function slice(name: string, ids: readonly number[]): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name },
    addressType: 'IPv4',
    endpoints: ids.map((id) => endpoint(id)),
  };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
const idsOf = (endpoints: readonly Endpoint[]) =>
  endpoints.map(({ targetRef }) => Number(targetRef!.uid!.slice(1)));

function packed(slices: readonly EndpointSlice[], ids: readonly number[]) {
  const { create, update, remove } = pack(
    slices,
    ids.map((id) => endpoint(id)),
  );
  return {
    create: create.map(idsOf),
    update: update.map(
      ({ slice: { metadata }, endpoints }) => `${metadata.name}: ${idsOf(endpoints).join(' ')}`,
    ),
    remove: remove.map(({ metadata }) => metadata.name),
  };
}

describe('packing of endpoints into slices', () => {
  it.each([
    ['new endpoints make a slice', [], [1, 2], { create: [[1, 2]], update: [], remove: [] }],
    ['nothing new changes nothing', [slice('a', [1, 2])], [2, 1], { create: [], update: [], remove: [] }],
    [
      'one that goes shrinks its slice',
      [slice('a', [1, 2])],
      [2],
      { create: [], update: ['a: 2'], remove: [] },
    ],
    ['the last one that goes empties it', [slice('a', [1])], [], { create: [], update: [], remove: ['a'] }],
    [
      'new ones go into a slice that is written anyway',
      [slice('a', [1, 2]), slice('b', [3])],
      [2, 3, 4],
      { create: [], update: ['a: 2 4'], remove: [] },
    ],
    [
      'else into the fullest that has room for all',
      [slice('a', [1]), slice('b', [2, 3])],
      [1, 2, 3, 4],
      { create: [], update: ['b: 2 3 4'], remove: [] },
    ],
  ] as const)('%s', (_title, slices, ids, expected) => {
    expect(packed(slices, ids)).toEqual(expected);
  });

  it('never puts more than 100 into one slice, nor moves endpoints to fill another', () => {
    expect(packed([], range(0, 250)).create.map(({ length }) => length)).toEqual([100, 100, 50]);
    const half = [slice('a', range(0, 50)), slice('b', range(50, 100))];
    expect(packed(half, range(0, 100))).toEqual({ create: [], update: [], remove: [] });
    expect(packed(half, range(0, 160))).toMatchObject({ create: [range(100, 160)], update: [] });
  });

  it('loses and repeats no endpoint, and touches no slice without need', () => {
    const ids = fc.uniqueArray(fc.nat(300), { maxLength: 250 });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 4 }), ids, (sizes, wanted) => {
        let next = 0;
        const slices = sizes.map((size, n) => slice(`s${n}`, range(next, (next += size))));
        const { create, update, remove } = pack(
          slices,
          wanted.map((id) => endpoint(id)),
        );
        const touched = new Set([...remove, ...update.map((one) => one.slice)]);
        const kept = slices.filter((one) => !touched.has(one));
        const after = [
          ...create,
          ...update.map(({ endpoints }) => endpoints),
          ...kept.map(({ endpoints }) => endpoints),
        ];
        expect(after.flatMap((endpoints) => idsOf(endpoints)).sort()).toEqual([...wanted].sort());
        for (const endpoints of after) expect(endpoints.length).toBeLessThanOrEqual(N_ENDPOINTS_MAX);
      }),
    );
  });
});

describe('endpoint slices', () => {
  const service = (spec: object = {}) =>
    workload<Service>('v1', 'Service', 'web', {
      selector: { app: 'web' },
      ports: [{ port: 80, targetPort: 'http' }],
      ...spec,
    });
  const ports = (containerPort: number) => ({
    containers: [{ name: 'c', image: 'app:1', ports: [{ name: 'http', containerPort }] }],
  });

  function play(spec: object, untilSeconds: number, act: (bed: Bed) => void = () => {}) {
    const bed = new Bed();
    bed.user.create(service(spec));
    bed.user.create(
      appsWorkload<Deployment>('Deployment', 'web', {
        replicas: 2,
        template: template('web', 'app:1', ports(8080)),
      }),
    );
    act(bed);
    bed.run(untilSeconds);
    const slices = [...bed.server.state.kind('EndpointSlice').values()] as EndpointSlice[];
    return { bed, slices, ready: bed.history('EndpointSlice', (row) => (row.ready as unknown[]).length) };
  }

  it('follow readiness, and leave pods out of the ready ones as soon as they are asked to go', () => {
    const { ready, slices } = play({}, 30, (bed) => bed.at(20, () => bed.user.deletePod(bed.pods()[0]!)));
    expect(ready).toEqual(['0 0', '5 2', '20 1', '25 2']);
    expect(slices).toHaveLength(1);
    expect(slices[0]?.ports).toEqual([{ port: 8080, protocol: 'TCP' }]);
  });

  it('still show a terminating pod, as serving, until it is gone', () => {
    const { slices } = play({}, 21, (bed) => bed.at(20, () => bed.user.deletePod(bed.pods()[0]!)));
    const conditions = slices[0]!.endpoints.map((one) => one.conditions).filter((one) => one?.terminating);
    expect(conditions).toEqual([{ ready: false, serving: true, terminating: true }]);
  });

  it('show pods that are not ready when the service wants them', () => {
    expect(play({ publishNotReadyAddresses: true }, 4).slices[0]?.endpoints).toHaveLength(2);
  });

  it('are split by what a named port means', () => {
    const other = (bed: Bed) => {
      const shape = { namespace: 'default', labels: { app: 'web' }, spec: ports(9090) };
      bed.user.createPod({ shape, name: 'odd' });
    };
    const { slices } = play({}, 10, other);
    expect(slices.map((one) => `${one.ports?.[0]?.port} ${one.endpoints.length}`).sort()).toEqual([
      '8080 2',
      '9090 1',
    ]);
  });

  it.each([
    ['without a selector', { selector: {} }],
    ['of type ExternalName', { type: 'ExternalName', externalName: 'example.com' }],
  ])('are not made for a service %s', (_title, spec) => {
    expect(play(spec, 10).slices).toEqual([]);
  });

  it('go with their service', () => {
    const { slices } = play({}, 20, (bed) =>
      bed.at(10, () => bed.user.delete({ kind: 'Service', namespace: 'default', name: 'web' })),
    );
    expect(slices).toEqual([]);
  });
});
