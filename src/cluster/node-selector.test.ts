import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesMap, matchesNodeSelector } from '../kube/selector.ts';
import type { NodeSelectorRequirement, NodeSelectorTerm } from '../kube/types.ts';
import { Cluster } from './cluster.ts';
import { compileNodeSelector, compileNodeSelectorMap } from './node-selector.ts';

const key = fc.constantFrom('zone', 'size');
const value = fc.constantFrom('', 'x', 'y', '-3', '7', '12', '9223372036854775808');
const labels = fc.dictionary(key, value);
const expression: fc.Arbitrary<NodeSelectorRequirement> = fc.record({
  key,
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'),
  values: fc.array(value, { maxLength: 2 }),
});
const field: fc.Arbitrary<NodeSelectorRequirement> = fc.record({
  key: fc.constantFrom('metadata.name', 'metadata.uid'),
  operator: fc.constantFrom('In', 'NotIn', 'Exists'),
  values: fc.array(fc.constantFrom('n0', 'n1', 'n9'), { maxLength: 2 }),
});
const term: fc.Arbitrary<NodeSelectorTerm> = fc.record(
  {
    matchExpressions: fc.array(expression, { maxLength: 2 }),
    matchFields: fc.array(field, { maxLength: 1 }),
  },
  { requiredKeys: [] },
);

/** Nodes n0, n1, … with these labels. */
function clusterOf(all: readonly Record<string, string>[]): Cluster {
  const cluster = new Cluster();
  all.forEach((own, i) => {
    cluster.addNode({ apiVersion: 'v1', kind: 'Node', metadata: { name: `n${i}`, labels: own } });
  });
  return cluster;
}

describe('selectors compiled to columns', () => {
  it('match as selectors over plain labels do, also when the labels change afterwards', () => {
    const nodes = fc.array(labels, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(nodes, fc.array(term, { maxLength: 3 }), labels, (all, nodeSelectorTerms, changed) => {
        const cluster = clusterOf(all);
        const selector = { nodeSelectorTerms };
        const matches = compileNodeSelector(selector, cluster.nodes);
        const check = (own: Record<string, string>, i: number) =>
          expect(matches(i)).toBe(matchesNodeSelector(selector, own, `n${i}`));
        all.forEach(check);
        cluster.updateNode(0, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n0', labels: changed } });
        check(changed, 0);
      }),
      { numRuns: 1000 },
    );
  });

  it('match plain maps as they do over plain labels', () => {
    fc.assert(
      fc.property(labels, labels, (own, selector) => {
        const { nodes } = clusterOf([own]);
        expect(compileNodeSelectorMap(selector, nodes)(0)).toBe(matchesMap(selector, own));
      }),
    );
  });

  it('find values that no node had when they were compiled', () => {
    const cluster = clusterOf([{}]);
    const matches = compileNodeSelectorMap({ zone: 'new' }, cluster.nodes);
    expect(matches(0)).toBe(false);
    const late = cluster.addNode({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'late', labels: { zone: 'new' } },
    });
    expect(matches(late)).toBe(true);
  });
});
