import { describe, expect, it } from 'vitest';
import { roomsOf } from './room.ts';

const pool = {
  name: 'p',
  nodeType: 't',
  allocatable: { cpu: 4000, memory: 100 },
  nPodsMax: 10,
  pricePerHour: 1,
  nMin: 0,
  nMax: 9,
  zones: [],
};

describe('roomsOf', () => {
  it('takes daemons off what a node has, pod slots included, and never below zero', () => {
    const daemons = [
      { name: 'agent', requests: { cpu: 500, memory: 150 } },
      { name: 'elsewhere', requests: { cpu: 500 }, pools: ['q'] },
    ];
    const rooms = roomsOf({
      demand: { pods: [{ name: 'a', requests: { cpu: 1 }, count: 1 }], daemons },
      pools: [pool],
    });
    expect(rooms.resources).toEqual(['cpu', 'memory']);
    expect([...rooms.free[0]!]).toEqual([3500, 0, 9]);
  });

  it('counts shares of devices as what they keep from others: a device each above a half', () => {
    const pods = [{ name: 'a', requests: {}, devices: { count: 1, share: 0.6 }, count: 1 }];
    const rooms = roomsOf({ demand: { pods, daemons: [] }, pools: [{ ...pool, nDevices: 4 }] });
    expect(rooms.resources[0]).toBe('GPUs (shares in 1/2)');
    expect([...rooms.needs[0]!]).toEqual([1, 0.5, 2 / 3, 0.6, 1]);
    expect(rooms.fit[0]![0]).toBe(4);
  });

  it.each([
    ['the scarcest resource', { requests: { cpu: 900, memory: 30 } }, 3],
    ['pod slots', { requests: { cpu: 1 } }, 10],
    ['a limit per node', { requests: { cpu: 1 }, nPerNodeMax: 2 }, 2],
    ['pools that are not allowed', { requests: { cpu: 1 }, pools: ['q'] }, 0],
    ['a resource the node does not have', { requests: { gpu: 1 } }, 0],
  ])('counts what fits an empty node by %s', (_name, pod, expected) => {
    const pods = [{ name: 'a', count: 1, ...pod }];
    expect(roomsOf({ demand: { pods, daemons: [] }, pools: [pool] }).fit[0]![0]).toBe(expected);
  });
});
