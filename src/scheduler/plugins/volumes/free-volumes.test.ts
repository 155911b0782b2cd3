import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeSelectorTerm, PersistentVolume } from '../../../kube/types.ts';
import { clusterOf, nodeOf } from '../../testing/plugin-probe.ts';
import { volumeOf } from '../../testing/volume-objects.ts';
import { FreeVolumes } from './free-volumes.ts';
import { admitsNode } from './pv-affinity.ts';

const cluster = clusterOf(
  ['', 'a', 'b'].flatMap((zone) =>
    ['', 'x', 'y'].map((host) => nodeOf(`${zone}-${host}`, { ...(zone && { zone }), ...(host && { host }) })),
  ),
);

const term: fc.Arbitrary<NodeSelectorTerm> = fc.record({
  matchExpressions: fc.array(
    fc.record({
      key: fc.constantFrom('zone', 'host'),
      operator: fc.constantFrom('In' as const, 'NotIn' as const),
      values: fc.array(fc.constantFrom('a', 'b', 'x', 'y'), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 2 },
  ),
});
const volume: fc.Arbitrary<PersistentVolume> = fc
  .option(fc.array(term, { maxLength: 2 }))
  .map((terms) => volumeOf('pv', terms ? { nodeAffinity: { required: { nodeSelectorTerms: terms } } } : {}));

test('the first volume is the one that asking each of them in turn would find', () => {
  fc.assert(
    fc.property(fc.array(volume, { maxLength: 8 }), fc.nat(8), fc.nat(8), (volumes, node, nTaken) => {
      const taken = new Set(volumes.slice(0, nTaken % 3));
      const expected = volumes.find((one) => !taken.has(one) && admitsNode(one, node, cluster));
      expect(new FreeVolumes(volumes).first(node, cluster, taken)).toBe(expected);
    }),
  );
});
