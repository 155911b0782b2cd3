/** How the scenario layer reaches files: the command line gives it the disk, a page in the browser what it has. */
export interface Files {
  /** The whole text of a file; `.gz` is unpacked. @throws InputError if it cannot be read */
  read(path: string): Promise<string>;
  /** Lines of a file, streamed; `.gz` is unpacked. @throws InputError if it cannot be read */
  lines(path: string): AsyncIterable<string>;
  /**
   * The files that a path, folder or glob names, sorted; relative ones are looked for beside `base` and then in the
   * data folder. Empty if there are none.
   */
  expand(pattern: string, base: string): Promise<readonly string[]>;
  /** Where `expand` has looked, in words. */
  searched(base: string): string;
}
