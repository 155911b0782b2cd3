import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allocatableOf } from './allocatable.ts';
import { AWS } from './aws.ts';
import { AZURE } from './azure.ts';
import { BUILT_IN, Catalog } from './catalog.ts';
import type { InstanceType } from './instance-type.ts';
import { readCatalog } from './read-catalog.ts';

const MIB = 2 ** 20;

describe('the built-in catalogue', () => {
  it('has about 120 types of three clouds, each once', () => {
    expect(BUILT_IN.length).toBeGreaterThanOrEqual(120);
    expect(new Set(BUILT_IN.map((type) => type.name)).size).toBe(BUILT_IN.length);
    expect(new Set(BUILT_IN.map((type) => type.provider))).toEqual(new Set(['aws', 'azure', 'gcp']));
  });

  it.each(BUILT_IN.map((type) => [type.name, type] as const))('%s is plausible', (_name, type) => {
    const gibPerCpu = type.memoryBytes / 2 ** 30 / type.nCpu;
    expect(gibPerCpu).toBeGreaterThanOrEqual(1);
    expect(gibPerCpu).toBeLessThanOrEqual(20);
    if (type.price !== null) expect(type.price.usdPerHour).toBeGreaterThan(0);
    expect(type.nGpus > 0).toBe(type.gpuModel !== undefined);
    const { cpuMilli, memoryBytes, nPods } = allocatableOf(type);
    expect(cpuMilli).toBeGreaterThan(type.nCpu * 900);
    expect(memoryBytes).toBeGreaterThan(type.memoryBytes * 0.6);
    expect(nPods).toBeLessThanOrEqual(250);
  });

  it('knows Arm by the name', () => {
    const armOf = (types: readonly InstanceType[]) =>
      types.filter((type) => type.arch === 'arm64').map((type) => type.name);
    expect(armOf(BUILT_IN)).toEqual(
      expect.arrayContaining(['t4g.large', 'm7g.xlarge', 'Standard_D2ps_v5', 't2a-standard-4']),
    );
    expect(armOf(BUILT_IN)).not.toEqual(expect.arrayContaining(['g4dn.xlarge']));
  });

  it('says what was meant, and lets the user’s own types go first', () => {
    expect(() => new Catalog().find('m5.xlrage')).toThrow(
      'the catalogue has no instance type "m5.xlrage"; did you mean "m5.xlarge"?',
    );
    expect(() => new Catalog().find('mainframe-of-1974')).toThrow('give it with --catalog');
    const own = { ...AWS[0]!, price: null };
    expect(new Catalog([own]).find(own.name)).toBe(own);
    expect(new Catalog([own]).types).toHaveLength(BUILT_IN.length);
  });
});

const data = process.env.WAVETANK_DATA;

describe.skipIf(data === undefined)('against the source files', () => {
  const read = (path: string) => readFileSync(join(data!, path), 'utf8');

  it('every AWS row is as in the source, and the reservation formula agrees with its allocatable', () => {
    const { types, problems } = readCatalog(read('instance-types-aws/aws_instance_types.csv'), 'aws.csv');
    expect(problems).toEqual([]);
    expect(types).toHaveLength(1363);
    expect(types.filter((type) => type.price !== null)).toHaveLength(1345);
    const byName = new Map(types.map((type) => [type.name, type]));
    for (const ours of AWS) {
      const { nCpu, memoryBytes, arch, nPodsMax, nGpus, price } = byName.get(ours.name)!;
      expect(ours).toMatchObject({ nCpu, memoryBytes, arch, nPodsMax, nGpus });
      expect(ours.price?.usdPerHour).toBe(price?.usdPerHour);
    }
    for (const { allocatable, ...type } of types) {
      const ours = allocatableOf({ ...type, provider: 'aws' });
      expect(Math.abs(ours.cpuMilli - allocatable!.cpuMilli)).toBeLessThanOrEqual(1);
      expect(Math.abs(ours.memoryBytes - allocatable!.memoryBytes)).toBeLessThanOrEqual(2 * MIB);
    }
  });

  it('every Azure price is as in the source, and sizes where the source has them', () => {
    const prices = new Map(
      read('instance-types-azure/azure_prices_eastus.csv')
        .split('\n')
        .map((line) => line.trim().split(',') as [string, string]),
    );
    for (const ours of AZURE) expect(ours.price!.usdPerHour).toBe(Number(prices.get(ours.name)));
    const { types, problems } = readCatalog(read('instance-types-azure/azure_vm_sizes.csv'), 'azure.csv');
    expect(problems).toEqual([]);
    const common = types.filter((type) => AZURE.some((ours) => ours.name === type.name));
    expect(common.length).toBeGreaterThanOrEqual(6);
    for (const { name, nCpu, memoryBytes, nGpus } of common) {
      expect(AZURE.find((ours) => ours.name === name)).toMatchObject({ nCpu, memoryBytes, nGpus });
    }
  });
});
