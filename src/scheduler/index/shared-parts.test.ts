import { expect, test } from 'vitest';
import { defaultProfile } from '../default-profile.ts';
import { clusterOf, cycleOf, nodeOf, podOf } from '../testing/plugin-probe.ts';
import { classTerms } from './class-terms.ts';
import { SharedParts } from './shared-parts.ts';

test('partitions are shared by classes that ask the same, and given up when others need the room', () => {
  const cluster = clusterOf(Array.from({ length: 100 }, (_, i) => nodeOf(`n${i}`)));
  const parts = new SharedParts(cluster, 2000);
  const partitionOf = (image: string, app: string) => {
    const pod = podOf({ app }, { containers: [{ name: 'c', image }] });
    const terms = classTerms(defaultProfile(), cycleOf(cluster, pod));
    if (typeof terms === 'string') throw new Error(terms);
    parts.follow();
    const partition = parts.partition(terms.local, { columns: [], tallies: [] });
    partition.lastUsedAt = parts.nCycles;
    partition.catchUp(parts.positions);
    return partition;
  };
  const first = partitionOf('one', 'a');
  expect(partitionOf('one', 'b')).toBe(first);
  const second = partitionOf('two', 'a');
  expect(partitionOf('one', 'a')).toBe(first);
  expect([first.isDropped, second.isDropped, parts.nDropped]).toEqual([false, false, 0]);
  partitionOf('three', 'a');
  expect([first.isDropped, second.isDropped, parts.nDropped]).toEqual([false, true, 1]);
  expect(parts.nBytes).toBeLessThan(5000);
});
