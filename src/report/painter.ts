/** Colours as the terminal summary uses them; the command line gives those of its terminal. */
export interface Painter {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
}

const same = (text: string) => text;

/** No colours. */
export const PLAIN: Painter = { bold: same, dim: same, green: same, yellow: same, red: same };
