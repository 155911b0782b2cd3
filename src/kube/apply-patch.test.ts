import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonMergePatch, setImages, strategicMergePatch } from './apply-patch.ts';
import type { KubeObject } from './types.ts';

function object(spec: object, kind = 'Pod'): KubeObject & { spec: object } {
  return { apiVersion: 'v1', kind, metadata: { name: 'a', finalizers: ['x'] }, spec };
}

describe('strategic merge', () => {
  const web = {
    name: 'web',
    image: 'web:1',
    ports: [{ containerPort: 80 }],
    env: [{ name: 'A', value: '1' }],
  };
  const cases: [string, object, object, object][] = [
    ['a field is replaced and the others stay', { a: 1, b: 2 }, { a: 3 }, { a: 3, b: 2 }],
    ['null deletes', { a: 1, b: { c: 1, d: 2 } }, { a: null, b: { c: null } }, { b: { d: 2 } }],
    [
      'null in something new is dropped',
      {},
      { strategy: { type: 'Recreate', rollingUpdate: null } },
      { strategy: { type: 'Recreate' } },
    ],
    [
      'a container is found by name',
      { containers: [web, { name: 'log', image: 'log:1' }] },
      { containers: [{ name: 'log', image: 'log:2' }] },
      { containers: [web, { name: 'log', image: 'log:2' }] },
    ],
    [
      'a new container comes last',
      { containers: [web] },
      { containers: [{ name: 'new', image: 'n' }] },
      { containers: [web, { name: 'new', image: 'n' }] },
    ],
    [
      'a container is deleted',
      { containers: [web, { name: 'log' }] },
      { containers: [{ name: 'web', $patch: 'delete' }] },
      { containers: [{ name: 'log' }] },
    ],
    [
      'deleting what is not there does nothing',
      { containers: [web] },
      { containers: [{ name: 'no', $patch: 'delete' }] },
      { containers: [web] },
    ],
    [
      'env goes by name',
      { containers: [web] },
      {
        containers: [
          {
            name: 'web',
            env: [
              { name: 'B', value: '2' },
              { name: 'A', value: '3' },
            ],
          },
        ],
      },
      {
        containers: [
          {
            ...web,
            env: [
              { name: 'A', value: '3' },
              { name: 'B', value: '2' },
            ],
          },
        ],
      },
    ],
    [
      'container ports go by their number',
      { containers: [web] },
      { containers: [{ name: 'web', ports: [{ containerPort: 80, hostPort: 1 }] }] },
      { containers: [{ ...web, ports: [{ containerPort: 80, hostPort: 1 }] }] },
    ],
    [
      'service ports go by their port',
      { ports: [{ port: 1, name: 'a' }] },
      { ports: [{ port: 1, targetPort: 2 }] },
      { ports: [{ port: 1, name: 'a', targetPort: 2 }] },
    ],
    [
      'tolerations are replaced',
      { tolerations: [{ key: 'a' }] },
      { tolerations: [{ key: 'b' }] },
      { tolerations: [{ key: 'b' }] },
    ],
    ['taints are replaced', { taints: [{ key: 'a' }] }, { taints: [] }, { taints: [] }],
    [
      'a mapping is replaced on demand',
      { strategy: { type: 'RollingUpdate', rollingUpdate: {} } },
      { strategy: { $patch: 'replace', type: 'Recreate' } },
      { strategy: { type: 'Recreate' } },
    ],
    [
      'a list is replaced on demand',
      { volumes: [{ name: 'a' }] },
      { volumes: [{ $patch: 'replace' }, { name: 'b' }] },
      { volumes: [{ name: 'b' }] },
    ],
    [
      'only named keys are retained',
      { volumes: [{ name: 'a', emptyDir: {} }] },
      { volumes: [{ name: 'a', hostPath: { path: '/' }, $retainKeys: ['name', 'hostPath'] }] },
      { volumes: [{ name: 'a', hostPath: { path: '/' } }] },
    ],
    [
      'spread constraints go by topology key',
      { topologySpreadConstraints: [{ topologyKey: 'z', maxSkew: 1 }] },
      { topologySpreadConstraints: [{ topologyKey: 'z', maxSkew: 2 }] },
      { topologySpreadConstraints: [{ topologyKey: 'z', maxSkew: 2 }] },
    ],
  ];
  test.each(cases)('%s', (_, spec, patch, expected) => {
    const before = object(spec);
    const copy = structuredClone(before);
    expect(strategicMergePatch(before, { spec: patch }).spec).toEqual(expected);
    expect(before).toEqual(copy);
  });

  test('finalizers are merged and deleted by value', () => {
    const metadata = (patch: object) =>
      strategicMergePatch(object({}), { metadata: patch }).metadata.finalizers;
    expect(metadata({ finalizers: ['y', 'x'] })).toEqual(['x', 'y']);
    expect(metadata({ '$deleteFromPrimitiveList/finalizers': ['x'] })).toEqual([]);
  });

  test('an item without its merge key is refused', () => {
    expect(() =>
      strategicMergePatch(object({ containers: [web] }), { spec: { containers: [{ image: 'x' }] } }),
    ).toThrow('containers: an item of the patch has no name');
  });
});

describe('JSON merge', () => {
  test('lists are replaced, null deletes', () => {
    const patched = jsonMergePatch(object({ containers: [{ name: 'a' }], x: { y: 1, z: 2 } }), {
      spec: { containers: [{ name: 'b' }], x: { y: null } },
    });
    expect(patched.spec).toEqual({ containers: [{ name: 'b' }], x: { z: 2 } });
  });

  test('an object patched onto nothing is itself, and once more changes nothing', () => {
    const word = fc.stringMatching(/^[a-z]{0,5}$/);
    const json = fc.dictionary(word, fc.oneof(word, fc.integer(), fc.dictionary(word, fc.integer())));
    fc.assert(
      fc.property(json, (spec) => {
        const once = jsonMergePatch(object({}), { spec });
        expect(once.spec).toEqual(spec);
        expect(jsonMergePatch(once, { spec })).toEqual(once);
      }),
    );
  });
});

describe('set image', () => {
  const containers = [
    { name: 'web', image: 'web:1' },
    { name: 'log', image: 'log:1' },
  ];
  const template = {
    replicas: 2,
    template: { spec: { containers, initContainers: [{ name: 'init', image: 'i:1' }] } },
  };

  test('one container of a Deployment', () => {
    expect(setImages(object(template, 'Deployment'), { web: 'web:2' }).spec).toEqual({
      replicas: 2,
      template: {
        spec: {
          containers: [{ name: 'web', image: 'web:2' }, containers[1]],
          initContainers: [{ name: 'init', image: 'i:1' }],
        },
      },
    });
  });

  test('all containers of a CronJob', () => {
    const cron = object({ jobTemplate: { spec: { template: { spec: { containers } } } } }, 'CronJob');
    const images = JSON.stringify(setImages(cron, { '*': 'all:2' })).match(/all:2/g);
    expect(images).toHaveLength(2);
  });

  test('an unknown container is refused with the nearest name', () => {
    expect(() => setImages(object({ containers }), { wbe: 'x' })).toThrow(
      'unable to find container named "wbe": did you mean "web"?',
    );
    expect(() => setImages(object({}, 'Service'), { web: 'x' })).toThrow('has no containers');
  });
});
