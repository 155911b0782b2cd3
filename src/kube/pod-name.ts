/** The name of one of many pods: a prefix that they share, and a number. Made into a string only where it is read. */
export class NumberedName {
  /** Does not end in a digit, so that no other prefix and number make the same name. */
  readonly prefix: string;
  readonly number: number;

  constructor(prefix: string, number: number) {
    this.prefix = prefix;
    this.number = number;
  }

  toString(): string {
    return `${this.prefix}${this.number}`;
  }
}

export type PodName = string | NumberedName;

const NUMBERED = /^(.*\D|)(0|[1-9]\d*)$/;

/** The prefix and number that make this name, if any do: `web-7` is numbered, `web-07` is not. */
export function numberedName(name: string): NumberedName | undefined {
  const [, prefix, number] = NUMBERED.exec(name) ?? [];
  return number === undefined ? undefined : new NumberedName(prefix!, Number(number));
}
