import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Header, Row, RowError, splitCsvLine } from './csv.ts';

describe('splitCsvLine', () => {
  it.each([
    ['plain fields', 'a,b,c', ['a', 'b', 'c']],
    ['empty fields at both ends', ',b,', ['', 'b', '']],
    ['an empty line is one empty field', '', ['']],
    ['a quoted delimiter', '"a,b",c', ['a,b', 'c']],
    ['a doubled quote', '"say ""hi""",x', ['say "hi"', 'x']],
    ['a quote inside an unquoted field is text', 'a"b,"c"', ['a"b', 'c']],
    ['an empty quoted field at the end', 'a,""', ['a', '']],
    ['a quoted field before an empty last field', '"a",', ['a', '']],
  ])('%s', (_, line, fields) => expect(splitCsvLine(line)).toEqual(fields));

  it.each([
    ['an open quote', 'a,"b', 'not closed'],
    ['text after a closing quote', '"a"b,c', 'after a closing quote'],
  ])('refuses %s', (_, line, message) => expect(() => splitCsvLine(line)).toThrow(message));

  it('gives back any fields that were quoted by the rule', () => {
    const field = fc.string().filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        const line = fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(';');
        expect(splitCsvLine(line, ';')).toEqual(fields);
      }),
    );
  });
});

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
