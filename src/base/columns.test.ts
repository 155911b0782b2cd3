import { expect, test } from 'vitest';
import { Float64Column, Int32Column, Uint8Column, Uint16Column, Uint32Column } from './columns.ts';

test.each([
  ['Float64Column', new Float64Column(), Float64Array],
  ['Int32Column', new Int32Column(), Int32Array],
  ['Uint32Column', new Uint32Column(), Uint32Array],
  ['Uint16Column', new Uint16Column(), Uint16Array],
  ['Uint8Column', new Uint8Column(), Uint8Array],
])('%s keeps its rows while it grows', (_name, column, type) => {
  expect(column.data).toBeInstanceOf(type);
  for (let i = 0; i < 100; i++) expect(column.push(i)).toBe(i);
  column.grow(1000);
  column.grow(10);
  expect(column.length).toBe(1000);
  expect(column.data.length).toBeGreaterThanOrEqual(1000);
  expect([...column.data.subarray(0, 100)]).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(column.data.subarray(100, 1000).every((value) => value === 0)).toBe(true);
});

test('reserving adds no rows', () => {
  const column = new Float64Column();
  column.push(1.5);
  column.reserve(500);
  expect(column.length).toBe(1);
  expect(column.data[0]).toBe(1.5);
  expect(column.push(2)).toBe(1);
});
