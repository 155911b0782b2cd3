// Kubernetes quantities ("100m", "1.5Gi", "2e3"), exact. Source: k8s.io/apimachinery v0.37 pkg/api/resource/quantity.go:
// precision ends at one billionth, amounts beyond it are rounded away from zero, and magnitudes are capped at 2^63-1.
// Like the original, digits are optional: "+", "." and "Ki" are zero.

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** An exact amount in billionths, and the family of suffixes it was written with. */
export interface Quantity {
  readonly nano: bigint;
  readonly format: QuantityFormat;
}

const NANO = 10n ** 9n;
const NANO_PER_MILLI = 10n ** 6n;
const NANO_MAX = (2n ** 63n - 1n) * NANO;
const CACHE_SIZE_MAX = 100_000;
const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[+-]?\d*)$/;
const EXPONENT = /^[eE]([+-]?\d+)$/;
const DECIMAL_EXPONENTS = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const BINARY_SUFFIXES = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;

interface Scale {
  readonly exponent: number;
  readonly binaryFactor: bigint;
  readonly format: QuantityFormat;
}

function scaleOf(suffix: string): Scale | undefined {
  const decimal = DECIMAL_EXPONENTS.get(suffix);
  if (decimal !== undefined) return { exponent: decimal, binaryFactor: 1n, format: 'DecimalSI' };
  const binary = (BINARY_SUFFIXES as readonly string[]).indexOf(suffix);
  if (binary >= 0) return { exponent: 0, binaryFactor: 1024n ** BigInt(binary + 1), format: 'BinarySI' };
  const exponent = EXPONENT.exec(suffix)?.[1];
  return exponent === undefined
    ? undefined
    : { exponent: Number(exponent), binaryFactor: 1n, format: 'DecimalExponent' };
}

function divideAwayFromZero(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  if (value % divisor === 0n) return quotient;
  return value > 0n ? quotient + 1n : quotient - 1n;
}

/** `digits` times 10^exponent, capped, without building numbers of absurd length. */
function shift(digits: bigint, exponent: number, nDigits: number): bigint {
  if (digits === 0n) return 0n;
  if (exponent >= 0) return exponent > 40 ? NANO_MAX : digits * 10n ** BigInt(exponent);
  return -exponent > nDigits + 40 ? 1n : divideAwayFromZero(digits, 10n ** BigInt(-exponent));
}

/** Reads a quantity; a number counts as its JSON text. Throws a RangeError naming the text when it is not one. */
export function parseQuantity(text: string | number): Quantity {
  const match = SHAPE.exec(String(text));
  const scale = match && text !== '' ? scaleOf(match[4]!) : undefined;
  if (!match || !scale) {
    throw new RangeError(
      `${JSON.stringify(text)} is not a quantity: write a number and one of n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an exponent`,
    );
  }
  const fraction = match[3] ?? '';
  const digits = match[2]! + fraction;
  const mantissa = BigInt(digits === '' ? 0 : digits) * scale.binaryFactor;
  const magnitude = shift(mantissa, scale.exponent - fraction.length + 9, digits.length);
  const capped = magnitude > NANO_MAX ? NANO_MAX : magnitude;
  return { nano: match[1] === '-' ? -capped : capped, format: scale.format };
}

/** The amount in whole units, fractions rounded away from zero, as Go's `Value()`. */
export function quantityValue(quantity: Quantity): number {
  return Number(divideAwayFromZero(quantity.nano, NANO));
}

/** The amount in thousandths, fractions rounded away from zero, as Go's `MilliValue()`. */
export function quantityMilli(quantity: Quantity): number {
  return Number(divideAwayFromZero(quantity.nano, NANO_PER_MILLI));
}

function cached(convert: (quantity: Quantity) => number): (text: string | number) => number {
  const known = new Map<string | number, number>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) {
      value = convert(parseQuantity(text));
      if (known.size >= CACHE_SIZE_MAX) known.clear();
      known.set(text, value);
    }
    return value;
  };
}

/** `quantityMilli(parseQuantity(text))`, remembered per text. Throws a RangeError. */
export const parseMilli = cached(quantityMilli);

/** `quantityValue(parseQuantity(text))`, remembered per text. Throws a RangeError. */
export const parseValue = cached(quantityValue);

function formatBytes(bytes: number): string {
  let scaled = bytes;
  let suffix = '';
  for (const next of BINARY_SUFFIXES) {
    if (scaled === 0 || scaled % 1024 !== 0) break;
    scaled /= 1024;
    suffix = next;
  }
  return scaled + suffix;
}

/**
 * The shortest exact text of an integer amount: `cpu` takes thousandths ("1500m", "2"), `bytes` takes bytes ("1536Mi"),
 * `count` takes units.
 */
export function formatQuantity(value: number, kind: 'cpu' | 'bytes' | 'count'): string {
  if (kind === 'bytes') return formatBytes(value);
  if (kind === 'count') return String(value);
  return value % 1000 === 0 ? String(value / 1000) : `${value}m`;
}
