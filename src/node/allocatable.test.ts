import { describe, expect, it } from 'vitest';
import { allocatableOf } from './allocatable.ts';
import { DEFAULT_THRESHOLDS } from './pressure/thresholds.ts';

const MIB = 1024 * 1024;

describe('what a node offers', () => {
  it('is its capacity without reserves and eviction thresholds', () => {
    const capacity = {
      cpu: '4',
      memory: '16Gi',
      pods: '110',
      'ephemeral-storage': '100Gi',
      'nvidia.com/gpu': 2,
    };
    const reserved = { cpu: 180, memory: 900 * MIB };
    expect(allocatableOf(capacity, reserved, DEFAULT_THRESHOLDS)).toEqual({
      cpu: '3820m',
      memory: String((16_384 - 900 - 100) * MIB),
      pods: '110',
      'ephemeral-storage': String(90 * 1024 * MIB),
      'nvidia.com/gpu': 2,
    });
  });

  it('is never less than nothing, and soft thresholds take nothing', () => {
    const soft = [{ signal: 'memory.available' as const, bytes: 500 * MIB, graceUs: 1 }];
    expect(allocatableOf({ cpu: '1', memory: '1Gi' }, { cpu: 2000, memory: 2048 * MIB }, soft)).toEqual({
      cpu: '0m',
      memory: '0',
    });
    expect(allocatableOf({ memory: '1Gi' }, {}, soft)).toEqual({ memory: '1Gi' });
  });
});
