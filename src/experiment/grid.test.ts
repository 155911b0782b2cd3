import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandGrid } from './grid.ts';

const base = {
  name: 'shop',
  cluster: {
    nodeGroups: [
      { name: 'general', count: 3 },
      { name: 'batch', count: 1 },
    ],
  },
  workload: [{ manifests: ['a.yaml'] }, { generator: { arrivals: { rate: 5 } } }],
  scheduler: { percentage: 0, plugins: ['a'] },
};

const settings = (overlay: Record<string, unknown>) =>
  expandGrid(base, overlay).points.map((point) => point.setting);

describe('expandGrid', () => {
  it('makes every combination, the last axis fastest', () => {
    const { axes, points } = expandGrid(base, {
      cluster: { nodeGroups: { general: { count: [3, 6] } } },
      scheduler: { percentage: [0, 50, 100] },
    });
    expect(axes.map((axis) => axis.name)).toEqual([
      'cluster.nodeGroups.general.count',
      'scheduler.percentage',
    ]);
    expect(points.map((point) => Object.values(point.labels).join())).toEqual([
      '3,0',
      '3,50',
      '3,100',
      '6,0',
      '6,50',
      '6,100',
    ]);
    expect(points[5]!.setting).toEqual({
      ...base,
      cluster: {
        nodeGroups: [
          { name: 'general', count: 6 },
          { name: 'batch', count: 1 },
        ],
      },
      scheduler: { percentage: 100, plugins: ['a'] },
    });
  });

  it('reaches items of lists by name, by index, and by the only item that has a field', () => {
    expect(settings({ 'cluster.nodeGroups.batch.count': [7] })[0]).toMatchObject({
      cluster: { nodeGroups: [{ count: 3 }, { count: 7 }] },
    });
    expect(settings({ 'cluster.nodeGroups.0.count': [7] })[0]).toMatchObject({
      cluster: { nodeGroups: [{ count: 7 }, { count: 1 }] },
    });
    expect(settings({ 'workload.generator.arrivals.rate': [9] })[0]).toMatchObject({
      workload: [{}, { generator: { arrivals: { rate: 9 } } }],
    });
  });

  it('sets a list-valued field from a list of lists, and a single value everywhere', () => {
    const result = settings({ scheduler: { percentage: 10, plugins: [['a'], ['a', 'b']] } });
    expect(result).toMatchObject([
      { scheduler: { percentage: 10, plugins: ['a'] } },
      { scheduler: { percentage: 10, plugins: ['a', 'b'] } },
    ]);
  });

  it('leaves the base as it was', () => {
    const before = structuredClone(base);
    settings({ cluster: { nodeGroups: { general: { count: [1, 2] } } } });
    expect(base).toEqual(before);
  });

  it('labels objects by name, else by position', () => {
    const { points } = expandGrid(base, { scheduler: [{ name: 'default' }, { percentage: 5 }] });
    expect(points.map((point) => point.labels.scheduler)).toEqual(['default', '#1']);
  });

  it.each([
    ['a grid without axes', {}, 'the grid is empty'],
    ['an axis without values', { scheduler: { percentage: [] } }, 'scheduler.percentage: has no values'],
    ['a value given twice', { scheduler: { percentage: [5, 5] } }, 'has the value 5 twice'],
    ['a misspelt field', { 'cluster.nodeGroup.general.count': [1] }, 'did you mean "nodeGroups"?'],
    ['an unknown item', { 'cluster.nodeGroups.generel.count': [1] }, 'did you mean "general"?'],
    ['a field below a scalar', { 'name.first.x': [1] }, 'there is no "first"; nothing lies below'],
    [
      'an item past the end',
      { 'cluster.nodeGroups.2.count': [1] },
      'there is no "2"; there is general, batch',
    ],
  ])('refuses %s', (_name, overlay, message) => {
    expect(() => expandGrid(base, overlay)).toThrow(message);
  });

  it('refuses more than 10,000 points unless confirmed', () => {
    const axis = (n: number) => Array.from({ length: n }, (_, i) => i);
    const overlay = { scheduler: { percentage: axis(101), seed: axis(100) } };
    expect(() => expandGrid(base, overlay)).toThrow(
      'the grid has 10100 points, more than 10000: confirm with --yes',
    );
    expect(expandGrid(base, overlay, true).points).toHaveLength(10_100);
  });

  it('gives a point the same id whatever else is in the grid, and every point its own', () => {
    const axis = fc.uniqueArray(fc.oneof(fc.integer(), fc.string(), fc.record({ x: fc.integer() })), {
      selector: (value) => JSON.stringify(value),
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(axis, axis, (a, b) => {
        const idOf = (first: unknown[], second: unknown[]) =>
          new Map(
            expandGrid({ a: 0, b: 0 }, { a: first, b: second }).points.map((point) => [
              JSON.stringify(point.setting),
              point.id,
            ]),
          );
        const all = idOf(a, b);
        const some = idOf(a.slice(-1), [...b].reverse());
        for (const [setting, id] of some) expect(all.get(setting)).toBe(id);
        expect(new Set(all.values()).size).toBe(a.length * b.length);
        for (const id of all.values()) expect(id).toMatch(/^[A-Za-z0-9=.+_-]+$/);
      }),
    );
  });
});
