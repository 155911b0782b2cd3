// Flags that several commands have.

import type { Options } from 'yargs';

export const dataOption = {
  type: 'string',
  describe: 'Folder in which relative paths are looked for that are not beside the scenario',
  defaultDescription: '$WAVETANK_DATA',
} satisfies Options;

export const catalogOption = {
  type: 'string',
  describe: 'CSV file of instance types beside the built-in ones',
} satisfies Options;

export const outOption = {
  type: 'string',
  describe: 'Folder for the results',
  defaultDescription: 'results/<scenario>',
} satisfies Options;

export const forceOption = {
  type: 'boolean',
  default: false,
  describe: 'Replace the folder even if files are in it that are not of Wavetank',
} satisfies Options;

export const quietOption = {
  type: 'boolean',
  default: false,
  describe: 'No progress and no summary',
} satisfies Options;

export const seedOption = { type: 'string', describe: "Seed instead of the scenario's" } satisfies Options;

export const untilOption = {
  type: 'string',
  describe: "End of the run instead of the scenario's, as in 90m",
} satisfies Options;

/** The data folder in force. */
export function dataFolder(data: string | undefined): string | undefined {
  return data ?? process.env.WAVETANK_DATA;
}
