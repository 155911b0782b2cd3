import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node, Pod } from '../../kube/types.ts';
import { clusterOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import { imageLocality, withTag } from './image-locality.ts';

const MIB = 1024 * 1024;
/** `images`: size in MiB by name. */
function holding(name: string, images: Record<string, number>): Node {
  const list = Object.entries(images).map(([image, mib]) => ({ names: [image], sizeBytes: mib * MIB }));
  return { ...nodeOf(name), status: { images: list } };
}
function raw(nodes: readonly Node[], spec: Partial<Pod['spec']>) {
  return probe(imageLocality(), clusterOf(nodes), podOf({}, spec)).raw;
}
const running = (...images: string[]) => ({
  containers: images.map((image, i) => ({ name: `c${i}`, image })),
});

describe('ImageLocality', () => {
  it.each<[string, number, number, number]>([
    // Half of the nodes hold the image, so half of its size counts: 100 (s/2 - 23) / (1000 - 23), cut.
    ['an image of 46 MiB that half of the nodes hold counts nothing', 46, 0, 1],
    ['one of 66 MiB counts 1', 66, 1, 1],
    ['one of 1000 MiB counts 48', 1000, 48, 1],
    ['one of 2000 MiB counts all', 2000, 100, 1],
    ['a larger one counts no more', 9000, 100, 1],
    ['for two images each threshold of size is for both together', 2000, 49, 2],
  ])('%s', (_, mib, score, nImages) => {
    const images = ['app:1', 'absent:1'].slice(0, nImages);
    const nodes = [holding('with', { 'app:1': mib }), holding('without', {})];
    expect(raw(nodes, running(...images))).toEqual({ with: score, without: 0 });
  });

  it('adds up the images of containers, init containers and image volumes', () => {
    const nodes = [holding('n', { 'a:1': 500, 'b:1': 500, 'c:1': 500 })];
    const spec = {
      ...running('a:1'),
      initContainers: [{ name: 'i', image: 'b:1' }],
      volumes: [{ name: 'v', image: { reference: 'c:1' } }],
    };
    expect(raw(nodes, spec)).toEqual({ n: Math.trunc((100 * (1500 - 23)) / (3000 - 23)) });
  });

  it('takes an image without tag for the latest', () => {
    expect(raw([holding('n', { 'app:latest': 1000 })], running('app'))).toEqual({ n: 100 });
    expect(raw([holding('n', { 'app:latest': 1000 })], running('app:1'))).toEqual({ n: 0 });
  });

  it.each([
    ['app', 'app:latest'],
    ['app:2', 'app:2'],
    ['registry:5000/app', 'registry:5000/app:latest'],
    ['registry:5000/app:2', 'registry:5000/app:2'],
  ])('reads %s as %s', (image, name) => {
    expect(withTag(image)).toBe(name);
  });

  it('stays within 0..100 and never falls as an image grows', () => {
    const size = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)].map(
          (mib) => raw([holding('n', { 'app:1': mib })], running('app:1'))!.n!,
        );
        expect(small).toBeGreaterThanOrEqual(0);
        expect(large).toBeLessThanOrEqual(100);
        expect(large).toBeGreaterThanOrEqual(small!);
      }),
    );
  });
});
