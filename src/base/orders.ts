// Total orders of strings that depend on no locale.

/** Puts a UTF-16 unit where its code point belongs: surrogates (code points from U+10000) after everything else. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Orders by Unicode code point, which is Go's order of strings (bytes of UTF-8); plain `<` would order by UTF-16 unit. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const nCommon = Math.min(a.length, b.length);
  for (let i = 0; i < nCommon; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}
