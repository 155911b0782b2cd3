// A place in an object under validation, and the wording of what is wrong there.
// Source of the wording: apimachinery pkg/util/validation/field, 1.37.

export type Path = readonly (string | number)[];

/** One thing the API server would refuse. */
export interface FieldProblem {
  readonly path: Path;
  readonly message: string;
}

/** `spec.containers[0].image`; keys that are no plain words are bracketed: `metadata.labels[a.b/c]`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number' || !/^\w+$/.test(part)) text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** Collects the problems of one object; `at` gives a place further inside that adds to the same collection. */
export class Field {
  readonly path: Path;
  readonly problems: FieldProblem[];

  constructor(problems: FieldProblem[] = [], path: Path = []) {
    this.problems = problems;
    this.path = path;
  }

  at(...parts: Path): Field {
    return new Field(this.problems, [...this.path, ...parts]);
  }

  add(message: string): void {
    this.problems.push({ path: this.path, message });
  }

  required(detail = ''): void {
    this.add(detail ? `Required value: ${detail}` : 'Required value');
  }

  invalid(value: unknown, detail: string): void {
    this.add(`Invalid value: ${JSON.stringify(value)}: ${detail}`);
  }

  forbidden(detail: string): void {
    this.add(`Forbidden: ${detail}`);
  }

  duplicate(value: unknown): void {
    this.add(`Duplicate value: ${JSON.stringify(value)}`);
  }

  notFound(value: unknown): void {
    this.add(`Not found: ${JSON.stringify(value)}`);
  }

  unsupported(value: unknown, supported: readonly string[]): void {
    const list = supported.map((name) => JSON.stringify(name)).join(', ');
    this.add(`Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`);
  }

  /** A set value must be one of `supported`; an empty text counts as not set. */
  oneOf(value: string | null | undefined, supported: readonly string[]): void {
    if (value && !supported.includes(value)) this.unsupported(value, supported);
  }

  /** Adds each complaint of a format check about `value`. */
  all(value: unknown, complaints: readonly string[]): void {
    for (const complaint of complaints) this.invalid(value, complaint);
  }

  nonNegative(value: number | null | undefined): void {
    if (value && value < 0) this.invalid(value, 'must be greater than or equal to 0');
  }

  positive(value: number | null | undefined): void {
    if (value !== null && value !== undefined && value <= 0) this.invalid(value, 'must be greater than 0');
  }

  between(value: number, from: number, to: number): void {
    if (value < from || value > to) this.invalid(value, `must be between ${from} and ${to}, inclusive`);
  }

  /** Complains at each index whose key was seen before; empty keys are left to other checks. */
  distinct(keys: readonly (string | undefined)[], subField?: string): void {
    const seen = new Set<string>();
    keys.forEach((key, i) => {
      if (!key) return;
      if (seen.has(key)) (subField ? this.at(i, subField) : this.at(i)).duplicate(key);
      seen.add(key);
    });
  }
}
