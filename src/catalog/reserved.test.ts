import { describe, expect, it } from 'vitest';
import { allocatableOf } from './allocatable.ts';
import { Catalog } from './catalog.ts';
import { gib, type InstanceType } from './instance-type.ts';
import { aksReserved, eksReserved, gkeReserved } from './reserved.ts';

const MIB = 2 ** 20;

describe('reservations', () => {
  it.each([
    [1, 60],
    [2, 70],
    [4, 80],
    [8, 90],
    [16, 110],
    [36, 160],
    [96, 310],
  ])('EKS and GKE set aside CPU of %d cores: %d milli', (nCpu, expected) => {
    expect(eksReserved(nCpu, 0).cpuMilli).toBe(expected);
    expect(gkeReserved(nCpu, 0).cpuMilli).toBe(expected);
  });

  it('EKS sets aside memory by pods', () => {
    expect(eksReserved(2, 29).memoryBytes).toBe((11 * 29 + 255 + 100) * MIB);
  });

  it('GKE sets aside memory by size: 9.8577 GiB of 150', () => {
    expect(gkeReserved(4, gib(150)).memoryBytes / gib(1)).toBeCloseTo(9.8577, 4);
    expect(gkeReserved(4, gib(4)).memoryBytes).toBe(gib(1) + 100 * MIB);
  });

  it.each([
    [1, 60],
    [2, 100],
    [4, 140],
    [8, 180],
    [16, 260],
    [32, 420],
    [64, 740],
  ])('AKS sets aside CPU of %d cores: %d milli', (nCpu, expected) => {
    expect(aksReserved(nCpu, gib(8), 30).cpuMilli).toBe(expected);
  });

  it('AKS sets aside memory by pods, at most a quarter', () => {
    expect(aksReserved(2, gib(8), 30).memoryBytes).toBe((650 + 100) * MIB);
    expect(aksReserved(2, gib(4), 110).memoryBytes).toBe((1024 + 100) * MIB);
  });
});

describe('allocatableOf', () => {
  const catalog = new Catalog();
  it.each([
    ['m5.xlarge', 3920, 58],
    ['c6i.8xlarge', 31_850, 234],
    ['m5.16xlarge', 63_770, 250],
    ['m5.4xlarge', 15_890, 110],
    ['Standard_D4s_v5', 3860, 110],
    ['e2-standard-4', 3920, 110],
  ])('%s offers %d milli-CPU and %d pods', (name, cpuMilli, nPods) => {
    expect(allocatableOf(catalog.find(name))).toMatchObject({ cpuMilli, nPods });
  });

  it('takes the user’s figures over any formula, and the cluster’s own pod limit', () => {
    const own: InstanceType = {
      ...catalog.find('m5.xlarge'),
      allocatable: { cpuMilli: 3000, memoryBytes: 1 },
    };
    expect(allocatableOf(own, 30)).toEqual({ cpuMilli: 3000, memoryBytes: 1, nPods: 30, nGpus: 0 });
  });

  it('gives all of a machine without a provider', () => {
    const own: InstanceType = { ...catalog.find('m5.xlarge'), provider: 'custom' };
    expect(allocatableOf(own)).toMatchObject({ cpuMilli: 4000, memoryBytes: gib(16) });
  });
});
