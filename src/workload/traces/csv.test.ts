import { describe, expect, it } from 'vitest';
import { RowError } from '../../base/csv-line.ts';
import { Header, Row } from './csv.ts';

describe('Header and Row', () => {
  const header = new Header('\uFEFFname, cpu ,mem');
  const row = new Row();
  const cpu = header.column('cpu');

  it('names the nearest column when one is missing', () => {
    expect(() => header.column('nam')).toThrow('did you mean "name"?');
  });

  it.each([
    ['a;b', ',', 'in the header (a;b): is its delimiter ";"?'],
    ['a\tb', ',', 'is its delimiter "\\t"?'],
    ['a,b', ';', 'is its delimiter ","?'],
    ['ab', ',', 'in the header (ab)'],
    [`a,${'x'.repeat(300)}`, ',', `in the header (a, ${'x'.repeat(197)}…)`],
  ])('of the header %j with the delimiter %j says what may be wrong', (line, delimiter, message) => {
    expect(() => new Header(line, delimiter).column('name')).toThrow(message);
  });

  it('drops a byte order mark and blanks around names', () => {
    expect(header.names).toEqual(['name', 'cpu', 'mem']);
  });

  it('refuses a row with too many or too few fields', () => {
    expect(() => header.split('a,1')).toThrow('found 2 fields, expected 3');
    expect(() => header.split('a,1,2,3')).toThrow('found 4 fields, expected 3');
  });

  it.each([
    ['1.5', 1.5],
    [' 2 ', 2],
    ['1e3', 1000],
    ['.5', 0.5],
  ])('reads %s as a number', (text, value) => {
    row.fields = ['a', text, ''];
    expect(row.number(cpu)).toBe(value);
  });

  it.each(['', ' ', '-1', 'NaN', 'Infinity', '0x10', '1,5', '1e999'])('refuses %j as a number', (text) => {
    row.fields = ['a', text, ''];
    expect(() => row.number(cpu)).toThrow(RowError);
  });

  it('refuses a fraction where a whole number is needed', () => {
    row.fields = ['a', '1.5', ''];
    expect(() => row.integer(cpu)).toThrow('cpu: found "1.5", expected a whole number');
  });
});
