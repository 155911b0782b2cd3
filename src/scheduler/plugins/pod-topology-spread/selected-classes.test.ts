import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cluster } from '../../../cluster/cluster.ts';
import type { Pod } from '../../../kube/types.ts';
import { type PodSelector, selectsPod } from './pod-selector.ts';
import { SelectedClasses } from './selected-classes.ts';

const labels = fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y'), { maxKeys: 2 });
const expression = fc.record({
  key: fc.constantFrom('a', 'b'),
  operator: fc.constantFrom('In' as const, 'NotIn' as const),
  values: fc.constant(['x']),
});
const part = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const selectors: fc.Arbitrary<PodSelector> = fc.option(fc.array(part, { maxLength: 2 }), { nil: undefined });
const pods = fc.array(fc.record({ namespace: fc.constantFrom('n', 'm'), labels }), { maxLength: 12 });

test('classes are selected as their pods would be one by one, whenever they come and are asked for', () => {
  fc.assert(
    fc.property(
      selectors,
      pods,
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      (selector, list, asks) => {
        const { classes } = new Cluster();
        const classOf = (metadata: Pod['metadata']) =>
          classes.ofPod({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] } });
        const selected = new SelectedClasses(selector, classOf({ namespace: 'n' }), classes);
        const isWanted = (cls: ReturnType<typeof classOf>) =>
          cls.namespace === 'n' && selectsPod(selector, cls.labels);
        for (const [i, metadata] of list.entries()) {
          const cls = classOf(metadata);
          if (asks[i]) expect(selected.has(cls)).toBe(isWanted(cls));
        }
        expect(selected.ids).toEqual(classes.all.filter(isWanted).map(({ id }) => id));
      },
    ),
  );
});
