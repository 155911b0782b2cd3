import { expect, test } from 'vitest';
import { BugError } from '../base/assert.ts';
import { RandomStreams } from './random-streams.ts';

function draw(streams: RandomStreams, name: string, n = 2000): number[] {
  const stream = streams.open(name);
  return Array.from({ length: n }, () => stream.next());
}

function correlation(x: number[], y: number[]): number {
  const mean = (list: number[]) => list.reduce((sum, v) => sum + v, 0) / list.length;
  const [mx, my] = [mean(x), mean(y)];
  const cov = (p: number[], q: number[], mp: number, mq: number) =>
    p.reduce((sum, v, i) => sum + (v - mp) * (q[i]! - mq), 0);
  return cov(x, y, mx, my) / Math.sqrt(cov(x, x, mx, mx) * cov(y, y, my, my));
}

test('opening or using one more stream moves no other', () => {
  const alone = draw(new RandomStreams('s', 3), 'node/pull');
  const streams = new RandomStreams('s', 3);
  draw(streams, 'node/start');
  expect(draw(streams, 'node/pull')).toEqual(alone);
});

test('seed, replication and name all matter; the numbers never change between versions', () => {
  const firsts = [
    draw(new RandomStreams(1), 'a', 1),
    draw(new RandomStreams(2), 'a', 1),
    draw(new RandomStreams(1, 1), 'a', 1),
    draw(new RandomStreams(1), 'b', 1),
  ].flat();
  expect(new Set(firsts).size).toBe(4);
  expect(draw(new RandomStreams(1), 'a', 2)).toMatchInlineSnapshot(`
    [
      0.1141180177219212,
      0.3593703943770379,
    ]
  `);
});

test('neighbouring streams are uncorrelated, at lag 0 and 1', () => {
  for (let i = 0; i < 20; i++) {
    const streams = new RandomStreams(42, i);
    const x = draw(streams, `pod/${i}`);
    const y = draw(streams, `pod/${i + 1}`);
    // Four standard deviations of a correlation of 2,000 independent pairs.
    expect(Math.abs(correlation(x, y))).toBeLessThan(0.09);
    expect(Math.abs(correlation(x.slice(1), x.slice(0, -1)))).toBeLessThan(0.09);
  }
});

test('int covers 0 to n-1 evenly', () => {
  const stream = new RandomStreams('dice').open('d6');
  const counts = new Array(6).fill(0);
  for (let i = 0; i < 60_000; i++) counts[stream.int(6)]++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test('a stream has one owner', () => {
  const streams = new RandomStreams(1);
  streams.open('a');
  expect(() => streams.open('a')).toThrow(BugError);
});
