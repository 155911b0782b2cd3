import { expect, test } from 'vitest';
import { clusterOf, nodeOf, podOf } from '../testing/plugin-probe.ts';
import { Backlog } from './backlog.ts';
import { NodeChanges } from './node-changes.ts';
import { NodeCopies } from './node-copies.ts';
import { Positions } from './positions.ts';
import { RecentRows } from './recent-rows.ts';

test('a backlog hands over the nodes that have changed, round after round of the ring', () => {
  const nNodes = 40;
  const cluster = clusterOf(Array.from({ length: nNodes }, (_, i) => nodeOf(`n${i}`)));
  const changes = new NodeChanges(cluster);
  const swayed = new RecentRows();
  const backlog = new Backlog({ nodes: cluster.nodes, changes, batch: new NodeCopies(16) }, swayed);
  const positions = new Positions(cluster);
  const pod = cluster.addPod(cluster.classes.ofPod(podOf({})), 'p', 'p');
  const seen = new Map<number, number>();
  const visitor = {
    visit({ rows, nPods }: NodeCopies, from: number, to: number) {
      for (let i = from; i < to; i++) seen.set(rows[i]!, nPods[i]!);
    },
  };
  changes.follow();
  expect(backlog.isLong(positions)).toBe(true);
  backlog.visitAll(positions, visitor);
  expect(seen.size).toBe(nNodes);
  // More than two rounds of 16,384 copies.
  for (let i = 0; i < 1400; i++) {
    seen.clear();
    const moved = Array.from({ length: i % 13 }, (_, k) => (i * 7 + k) % nNodes);
    for (const node of moved) {
      cluster.bind(pod, node);
      cluster.unbind(pod);
    }
    const last = (i * 11) % nNodes;
    if (i % 3 === 0) swayed.touch(last);
    cluster.bind(pod, last);
    changes.follow();
    expect(backlog.isLong(positions)).toBe(false);
    backlog.visitChanged(visitor);
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual(
      [...new Set([...moved, last])].sort((a, b) => a - b),
    );
    expect(seen.get(last)).toBe(1);
    cluster.unbind(pod);
    changes.follow();
    backlog.visitChanged(visitor);
  }
  expect(changes.nCopies).toBeGreaterThan(2 * 16_384);
});
