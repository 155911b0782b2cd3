// Puts drawn sizes on a grid, so that pods drawn by chance share shapes: 1, 1.5, 2, 3, 4, 6, 8, … units and
// …, 0.75, 0.5, 0.375, 0.25 below. A size moves by at most a fifth, to the nearest grid value (up on a tie).

/** The grid value nearest to `value`, in the steps of `unit`; a whole number, at least `min`. */
export function onGrid(value: number, unit: number, min: number): number {
  if (!(value > min)) return min;
  let power = unit;
  while (power * 2 <= value) power *= 2;
  while (power > value) power /= 2;
  const below = value < power * 1.5 ? power : power * 1.5;
  const above = value < power * 1.5 ? power * 1.5 : power * 2;
  return Math.max(min, Math.ceil(value - below < above - value ? below : above));
}

const MILLI_PER_CORE = 1000;
const CPU_MILLI_MIN = 10;
const MEBIBYTE = 2 ** 20;

/** Around whole cores, at least 10 milli-CPU. */
export function cpuOnGrid(milli: number): number {
  return onGrid(milli, MILLI_PER_CORE, CPU_MILLI_MIN);
}

/** Around whole mebibytes, at least one. */
export function memoryOnGrid(bytes: number): number {
  return onGrid(bytes, MEBIBYTE, MEBIBYTE);
}
