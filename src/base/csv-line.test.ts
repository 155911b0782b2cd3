import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCsvLine } from './csv-line.ts';

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
