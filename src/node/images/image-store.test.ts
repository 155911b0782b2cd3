import { describe, expect, it } from 'vitest';
import { ImageCatalog } from './image-catalog.ts';
import { ImageStore } from './image-store.ts';

const S = 1_000_000;
const catalog = new ImageCatalog(
  [
    { image: 'a', bytes: 100, layers: [{ id: 'base', bytes: 60 }] },
    { image: 'b', bytes: 100, layers: [{ id: 'base', bytes: 60 }] },
  ],
  50,
);
const image = (name: string) => catalog.of(name);

function store(...names: string[]): ImageStore {
  const images = new ImageStore();
  names.forEach((name, i) => {
    images.add(image(name), i * S);
  });
  return images;
}

describe('the images of a node', () => {
  it('keep a shared layer once, and as long as one of them needs it', () => {
    const images = store('a', 'b');
    expect(images.usedBytes).toBe(140);
    expect(images.missingBytes(image('a'))).toBe(0);
    expect([images.free(1, 300 * S), images.usedBytes]).toEqual([40, 100]);
    expect(images.missingBytes(image('a'))).toBe(40);
    expect([images.free(1, 300 * S), images.usedBytes]).toEqual([100, 0]);
  });

  it('go in the order of their last use, but not while a pod uses them', () => {
    const images = store('x', 'y', 'z');
    images.use('x', 10 * S, 1);
    images.use('y', 11 * S, 1);
    images.use('y', 20 * S, -1);
    images.free(50, 300 * S);
    expect(['x', 'y', 'z'].map((name) => images.has(name))).toEqual([true, true, false]);
    images.free(100, 300 * S);
    expect(['x', 'y'].map((name) => images.has(name))).toEqual([true, false]);
  });

  it('stay for two minutes at least, unless they are pruned', () => {
    const images = store('x');
    expect(images.free(50, 119 * S)).toBe(0);
    expect(images.free(50, 119 * S, true)).toBe(50);
    expect(store('x').free(50, 120 * S)).toBe(50);
  });

  it('that a pod waits for are in use as soon as they are there', () => {
    const images = new ImageStore();
    images.use('x', 0, 1);
    images.add(image('x'), S);
    expect(images.free(50, 300 * S)).toBe(0);
  });

  it('are reported with the largest first', () => {
    expect(
      store('x', 'a', 'y')
        .reported(2)
        .map(({ name }) => name),
    ).toEqual(['a', 'x']);
  });
});
