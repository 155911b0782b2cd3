import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node } from '../kube/types.ts';
import { Cluster } from './cluster.ts';

const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';
const OLD_ZONE = 'failure-domain.beta.kubernetes.io/zone';
const nodeIn = (name: string, labels: Record<string, string> = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
});
const inZone = (name: string, zone: string) => nodeIn(name, zone === '' ? {} : { [ZONE]: zone });
const walkOf = ({ order, nodes }: Cluster) => Array.from(order.walk(), (row) => nodes.names[row]!);

function clusterOf(...nodes: readonly Node[]): Cluster {
  const cluster = new Cluster();
  for (const node of nodes) cluster.addNode(node);
  return cluster;
}

describe('the walk over the nodes', () => {
  it('takes zones in turn, in order of first appearance', () => {
    const cluster = clusterOf(
      inZone('a1', 'a'),
      inZone('a2', 'a'),
      inZone('a3', 'a'),
      inZone('b1', 'b'),
      inZone('c1', 'c'),
    );
    expect(walkOf(cluster)).toEqual(['a1', 'b1', 'c1', 'a2', 'a3']);
  });

  it('holds nodes without zone for one more zone', () => {
    expect(walkOf(clusterOf(nodeIn('x'), nodeIn('y'), inZone('a1', 'a')))).toEqual(['x', 'a1', 'y']);
  });

  it('tells equal zones of two regions apart', () => {
    const there = nodeIn('r2', { [ZONE]: 'a', [REGION]: 'r' });
    expect(walkOf(clusterOf(inZone('a1', 'a'), inZone('a2', 'a'), there))).toEqual(['a1', 'r2', 'a2']);
  });

  it('lets the old label of a zone come first', () => {
    const both = nodeIn('n', { [ZONE]: 'a', [OLD_ZONE]: 'b' });
    expect(walkOf(clusterOf(inZone('a1', 'a'), both, inZone('b1', 'b')))).toEqual(['a1', 'n', 'b1']);
  });

  it('moves a node whose zone changed to the end of its new zone, and others not', () => {
    const cluster = clusterOf(inZone('a1', 'a'), inZone('a2', 'a'), inZone('b1', 'b'));
    cluster.updateNode(cluster.nodes.find('a1'), nodeIn('a1', { [ZONE]: 'a', other: 'label' }));
    expect(walkOf(cluster)).toEqual(['a1', 'b1', 'a2']);
    cluster.updateNode(cluster.nodes.find('a1'), inZone('a1', 'b'));
    expect(walkOf(cluster)).toEqual(['a2', 'b1', 'a1']);
  });

  it('is that of a slow tree of zones, whatever comes and goes', () => {
    const step = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      zone: fc.constantFrom('', 'x', 'y', 'z'),
      leaves: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const cluster = new Cluster();
        let tree: { zone: string; names: string[] }[] = [];
        for (const { name, zone, leaves } of steps) {
          const row = cluster.nodes.find(name);
          const old = tree.find(({ names }) => names.includes(name));
          if (leaves && row !== -1) cluster.removeNode(row);
          else if (!leaves && row !== -1) cluster.updateNode(row, inZone(name, zone));
          else if (!leaves) cluster.addNode(inZone(name, zone));
          if (leaves || old?.zone !== zone) {
            tree = tree.map((one) => ({ ...one, names: one.names.filter((other) => other !== name) }));
            tree = tree.filter(({ names }) => names.length > 0);
          }
          if (!leaves && old?.zone !== zone) {
            const home = tree.find((one) => one.zone === zone);
            if (home) home.names.push(name);
            else tree.push({ zone, names: [name] });
          }
          const expected: string[] = [];
          for (let i = 0; i < 6; i++)
            for (const { names } of tree) if (names[i] !== undefined) expected.push(names[i]!);
          expect(walkOf(cluster)).toEqual(expected);
        }
      }),
    );
  });
});
