// Sets of completion indexes in the notation of a Job's status: `0-3,7`.
// Source: pkg/controller/job/indexed_job_utils.go, 1.37.

/** Indexes below `completions` that a text names; malformed parts are left out. */
export function parseIndexes(text: string | undefined, completions: number): Set<number> {
  const indexes = new Set<number>();
  for (const part of (text ?? '').split(',')) {
    const [first = '', last = first] = part.split('-');
    if (!/^\d+$/.test(first) || !/^\d+$/.test(last)) continue;
    const end = Math.min(Number(last), completions - 1);
    for (let index = Number(first); index <= end; index++) indexes.add(index);
  }
  return indexes;
}

/** Runs of three and more are written as ranges, pairs as two numbers. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (sorted[end + 1] === sorted[end]! + 1) end++;
    if (end - start >= 2) parts.push(`${sorted[start]}-${sorted[end]}`);
    else for (let at = start; at <= end; at++) parts.push(String(sorted[at]));
    start = end + 1;
  }
  return parts.join(',');
}
