import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_PRIORITIES } from '../cluster/event-priorities.ts';
import type { ApiError } from '../kube/api.ts';
import { NumberedName, type PodName } from '../kube/pod-name.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { PodShape } from '../kube/pod-shape.ts';
import type { Pod } from '../kube/types.ts';
import { Simulation } from '../sim/simulation.ts';
import { ApiServer } from './api-server.ts';
import { INSTANT } from './latency.ts';

const SHAPE: PodShape = {
  namespace: 'default',
  labels: {},
  spec: { containers: [{ name: 'c', image: 'i' }] },
};

function setUp() {
  const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
  const server = new ApiServer({ simulation, latency: INSTANT, createsNamespaces: true });
  const client = server.process('test').client({ name: 'tester' });
  const { pods } = server.state;
  const run = () => simulation.advance(1e6, Number.POSITIVE_INFINITY);
  /** Answers the refusal, or '' for none. */
  const create = (name: PodName, namespace = 'default'): string => {
    let refusal = '';
    client.createPod({ shape: { ...SHAPE, namespace }, name }, (error: ApiError | undefined) => {
      if (error) refusal = `${error.reason}: ${error.message}`;
    });
    run();
    return refusal;
  };
  const find = (name: string, namespace = 'default'): PodObject | undefined => pods.byName(namespace, name);
  const remove = (name: string): void => {
    client.deletePod(find(name)!, { graceSeconds: 0 });
    run();
  };
  const relabel = (name: string): void => {
    client.patch<Pod, undefined, undefined>(
      { kind: 'Pod', namespace: 'default', name },
      (pod) => ({ ...pod, metadata: { ...pod.metadata, labels: { changed: 'yes' } } }),
      undefined,
    );
    run();
  };
  return { pods, create, find, remove, relabel };
}

const short = (number: number) => new NumberedName('short-', number);
const TAKEN = 'AlreadyExists: pods "short-7" already exists';

describe('names of pods', () => {
  it.each([
    ['two strings', 'short-7', 'short-7'],
    ['a string, then a number', 'short-7', short(7)],
    ['a number, then a string', short(7), 'short-7'],
    ['two numbers', short(7), short(7)],
  ])('are taken until the pod is gone: %s', (_, first, second) => {
    const { create, remove, find } = setUp();
    expect(create(first)).toBe('');
    expect(create(second)).toBe(TAKEN);
    remove('short-7');
    expect(create(second)).toBe('');
    expect(create(first)).toBe(TAKEN);
    remove('short-7');
    expect(find('short-7')).toBeUndefined();
    expect(create(first)).toBe('');
  });

  it.each([
    ['a string', 'short-7'],
    ['a number', short(7)],
  ])('stay taken by a pod that is relabelled, and are free after it: %s', (_, name) => {
    const { create, remove, relabel, find } = setUp();
    create(name);
    relabel('short-7');
    expect(find('short-7')?.shape.labels).toEqual({ changed: 'yes' });
    expect([create('short-7'), create(short(7))]).toEqual([TAKEN, TAKEN]);
    remove('short-7');
    expect(create(short(7))).toBe('');
  });

  it('are taken by strings of a series that is first seen later', () => {
    const { create } = setUp();
    for (const name of ['short-7', 'short-8', 'other-1']) create(name);
    expect(create(short(6))).toBe('');
    expect(create(short(7))).toBe(TAKEN);
  });

  it('with zeros before the number are other names', () => {
    const { create, find } = setUp();
    expect([short(7), 'short-07', 'short-007', 'short-7x', 'short-'].map((name) => create(name))).toEqual(
      Array(5).fill(''),
    );
    expect(create('short-07')).toBe('AlreadyExists: pods "short-07" already exists');
    expect(find('short-7')?.uid).toBe(1);
    expect(find('short-07')?.uid).toBe(2);
  });

  it('are free in other namespaces', () => {
    const { create, find } = setUp();
    expect([create(short(7), 'a'), create('short-7', 'b'), create(short(7), 'c')]).toEqual(['', '', '']);
    expect(['a', 'b', 'c', 'd'].map((namespace) => find('short-7', namespace)?.uid)).toEqual([
      1,
      2,
      3,
      undefined,
    ]);
  });

  it('are found by name, whichever way they were given', () => {
    const { create, find, pods } = setUp();
    create(short(0));
    create('short-1');
    const { name } = pods.add({ shape: SHAPE, generateName: 'short-' }, SHAPE, 1, 0);
    expect(['short-0', 'short-1', name].map((each) => find(each)?.uid)).toEqual([1, 2, 3]);
  });

  it('are made when they are read', () => {
    const { create, pods } = setUp();
    create(short(7));
    expect(pods.at(0)!.identity.givenName).toEqual(short(7));
    expect(pods.at(0)!.name).toBe('short-7');
  });

  it('refuse prefixes that end in a digit, which two numbers could share a name in', () => {
    expect(() => setUp().create(new NumberedName('short-1', 7))).toThrow('ends in a digit');
  });

  it('are taken exactly where one set of strings has them', () => {
    const names = fc.oneof(
      fc.record({ prefix: fc.constantFrom('a-', 'a-1-', 'b'), number: fc.nat(12) }),
      fc.constantFrom('a-', 'a-1', 'a-01', 'a-1-1', 'a-1-01', 'b1', 'b01', 'c', 'c-1', 'a-11'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), names), { maxLength: 80 }), (steps) => {
        const { create, remove, find } = setUp();
        const there = new Set<string>();
        for (const [isCreation, given] of steps) {
          const name = typeof given === 'string' ? given : new NumberedName(given.prefix, given.number);
          const text = name.toString();
          expect(find(text) !== undefined).toBe(there.has(text));
          if (isCreation) expect(create(name) !== '').toBe(there.has(text));
          else if (there.has(text)) remove(text);
          if (isCreation) there.add(text);
          else there.delete(text);
        }
      }),
    );
  });
});
