import { describe, expect, it } from 'vitest';
import { InputError } from '../base/errors.ts';
import { loadScenario } from './load-scenario.ts';
import { memoryFiles } from './memory-files.ts';

const CATALOG =
  'name,vcpu,memory_gib,arch,usd_hour\ncheap,2,8,amd64,0.1\nbig.one,8,32,arm64,0.4\nodd,4,16,amd64,\n';

const load = (plan: string, catalog = CATALOG) =>
  loadScenario(
    'my.yaml',
    memoryFiles({ 'my.yaml': `cluster: {catalog: own.csv}\nplan: {${plan}}\n`, 'own.csv': catalog }),
  );
const poolsOf = async (plan: string) => (await load(plan)).plan!.pools.map(({ name }) => name);
const problemsOf = async (plan: string) => {
  const error = await load(plan).catch((thrown: unknown) => thrown);
  return error instanceof InputError ? error.problems.map(({ path, message }) => `${path}: ${message}`) : [];
};

describe('the pools of a plan', () => {
  it('are those written, then those of the catalogue', async () => {
    const { plan } = await load(
      'pools: [{name: own, allocatable: {cpu: 2}}], instanceTypes: [custom], zones: [x]',
    );
    expect(plan!.pools).toEqual([
      expect.objectContaining({ name: 'own' }),
      { name: 'cheap', instanceType: 'cheap', zones: ['x'], min: 0, max: 1000, spotShare: 0 },
      { name: 'big-one', instanceType: 'big.one', zones: ['x'], min: 0, max: 1000, spotShare: 0 },
    ]);
    expect(plan!.unpriced).toEqual(['odd']);
    expect([...plan!.meant.keys()]).toEqual(['cheap', 'big-one']);
  });

  it('have types without a price where the cost does not count, or they are named', async () => {
    expect(await poolsOf('instanceTypes: [custom], minimize: nodes')).toEqual(['cheap', 'big-one', 'odd']);
    expect(await poolsOf('instanceTypes: [custom, odd]')).toEqual(['cheap', 'big-one', 'odd']);
    expect(await poolsOf('instanceTypes: [custom], minimize: {cost: 1, nodes: 1}')).toEqual([
      'cheap',
      'big-one',
    ]);
  });

  it.each([
    [
      'instanceTypes: [cheep]',
      'plan.instanceTypes[0]: the catalogue has no instance type "cheep"; did you mean "cheap"?',
    ],
    [
      'pools: [{name: a, instanceType: cheep}]',
      'plan.pools[0].instanceType: the catalogue has no instance type "cheep"; did you mean "cheap"?',
    ],
    ['pools: [{name: a}]', 'plan.pools[0]: give either instanceType or allocatable'],
    [
      'pools: [{name: a, allocatable: {memory: 32}}]',
      'plan.pools[0].allocatable.memory: found 32, which is 32 bytes: no machine has that; did you mean 32Gi?',
    ],
    [
      'pools: [{name: cheap, allocatable: {cpu: 2}}], instanceTypes: [cheap]',
      'plan.instanceTypes: another pool or group is named cheap too',
    ],
    [
      'instanceTypes: [gcp]',
      'plan.instanceTypes: of 37 types that are meant none has a price: give prices with --catalog, or minimize nodes',
    ],
    [
      'instanceTypes: ["!cheap"]',
      'plan.instanceTypes: nothing is left of them: a list begins with what is meant, as in ["*", "!t3.*"]',
    ],
  ])('refuse {%s}', async (plan, expected) => {
    expect(await problemsOf(plan)).toEqual([expected]);
  });

  it('belong to what the scenario is: other sizes of the same names, another digest', async () => {
    const { digest } = await load('instanceTypes: [custom]');
    expect((await load('instanceTypes: [custom]')).digest).toBe(digest);
    expect((await load('instanceTypes: [custom]', CATALOG.replace('2,8', '2,9'))).digest).not.toBe(digest);
  });
});
