// The errors that are not bugs: mistakes in what the user gave (all reported at once) and an environment that refuses to serve.

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
