// The errors that are not bugs: mistakes in what the user gave (all reported at once) and an environment that refuses to serve.

import { compareStrings } from './orders.ts';

/** One mistake in an input. `line` and `column` start at 1; `path` is the field, as in `spec.containers[0].image`. */
export interface Problem {
  file?: string;
  line?: number;
  column?: number;
  path?: string;
  message: string;
}

/** `file:line:column: path: message`, leaving out what is unknown. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, path, message } = problem;
  const place: (string | number)[] = [];
  if (file !== undefined) place.push(file);
  if (line !== undefined) place.push(line);
  if (line !== undefined && column !== undefined) place.push(column);
  const parts = place.length > 0 ? [place.join(':')] : [];
  if (path !== undefined && path !== '') parts.push(path);
  return [...parts, message].join(': ');
}

/** Each once; by file, those named first in `files` as they stand there and the others by name, and by line. */
export function inOrder(problems: readonly Problem[], files: readonly string[]): Problem[] {
  const ranks = new Map(files.map((file, i) => [file, i]));
  const rank = ({ file = '' }: Problem) => ranks.get(file) ?? files.length;
  const unique = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...unique.values()].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compareStrings(a.file ?? '', b.file ?? '') ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

/** The user's input cannot be used (exit code 2). Its message lists every problem, one a line. */
export class InputError extends Error {
  override name = 'InputError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[] | string) {
    const list = typeof problems === 'string' ? [{ message: problems }] : problems;
    super(list.map(formatProblem).join('\n'));
    this.problems = list;
  }
}

/** The machine refuses: disk full, a folder that cannot be written, … (exit code 1). */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError';
}
