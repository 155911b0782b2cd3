/**
 * Fields of CSV as bytes of UTF-8, one behind the other. Millions of rows are made this way: a text for each number and for
 * each row so far would be garbage at once.
 */
import type { Cell } from './table.ts';

const COMMA = 44;
const QUOTE = 34;
const NEWLINE = 10;
const RETURN = 13;
const POINT = 46;
const ZERO = 48;
const N_ASCII = 128;
const N_DECIMALS = 6;
const PER_UNIT = 10 ** N_DECIMALS;
/** Numbers of at most fifteen digits have no shorter form than these; what is whole of them fits 32 bits. */
const SCALED_MAX = 1e15;
const N_DIGITS_MAX = 15;
const UTF8_BYTES_PER_UNIT = 3;
const NEEDS_QUOTES = /["\r\n,]/;
const ENCODER = new TextEncoder();

export class CsvBytes {
  length = 0;
  #bytes = new Uint8Array(1 << 17);

  /** What was written since `clear`; it is overwritten after the next one. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  comma(): void {
    this.#reserve(1);
    this.#bytes[this.length++] = COMMA;
  }

  newline(): void {
    this.#reserve(1);
    this.#bytes[this.length++] = NEWLINE;
  }

  /** What `String` makes of it, in quotes where need be; an absent value is an empty field. */
  field(cell: Cell): void {
    if (typeof cell === 'number') this.#number(cell);
    else if (typeof cell === 'string') this.#text(cell);
  }

  #number(value: number): void {
    const scaled = Math.round(value * PER_UNIT);
    if (!(value >= 0 && scaled <= SCALED_MAX && scaled / PER_UNIT === value)) {
      this.#text(String(value));
      return;
    }
    this.#reserve(N_DIGITS_MAX + 2);
    const whole = Math.floor(value);
    this.#whole(whole);
    const fraction = scaled - whole * PER_UNIT;
    if (fraction > 0) this.#fraction(fraction | 0);
  }

  #whole(value: number): void {
    let nDigits = 1;
    for (let bound = 10; value >= bound; bound *= 10) nDigits++;
    this.#digits(value | 0, nDigits);
  }

  /** Without zeroes at its end; of an int32, which is fast to divide. */
  #fraction(millionths: number): void {
    let value = millionths;
    let nDigits = N_DECIMALS;
    for (; value % 10 === 0; value = (value / 10) | 0) nDigits--;
    this.#bytes[this.length++] = POINT;
    this.#digits(value, nDigits);
  }

  /** Of an int32. */
  #digits(value: number, nDigits: number): void {
    const bytes = this.#bytes;
    const start = this.length;
    let rest = value;
    for (let i = start + nDigits - 1; i >= start; i--) {
      const next = (rest / 10) | 0;
      bytes[i] = ZERO + rest - 10 * next;
      rest = next;
    }
    this.length = start + nDigits;
  }

  #text(text: string): void {
    this.#reserve(text.length);
    const bytes = this.#bytes;
    const start = this.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= N_ASCII || code === COMMA || code === QUOTE || code === NEWLINE || code === RETURN) {
        this.#awkward(text);
        return;
      }
      bytes[start + i] = code;
    }
    this.length = start + text.length;
  }

  /** Of any characters. */
  #awkward(text: string): void {
    const field = NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    this.#reserve(UTF8_BYTES_PER_UNIT * field.length);
    this.length += ENCODER.encodeInto(field, this.#bytes.subarray(this.length)).written;
  }

  #reserve(nBytes: number): void {
    const needed = this.length + nBytes;
    if (needed <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}
