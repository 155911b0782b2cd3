import { afterEach, expect, it, vi } from 'vitest';
import { openExperimentProgress } from './experiment-progress.ts';

afterEach(() => vi.restoreAllMocks());

/** What is said of one run that took so long. */
function saidOf(name: string, best: string): string[] {
  const said: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const now = vi.spyOn(performance, 'now').mockReturnValue(0);
  const progress = openExperimentProgress({ isQuiet: false, name, best: () => best });
  now.mockReturnValue(20_000);
  progress.made(false);
  progress.stop();
  return said;
}

it('tells how many runs are made, and what is known by then', () => {
  expect(saidOf('', 'best so far 3 nodes').join('')).toContain('1 runs made, 0.1/s · best so far 3 nodes');
});

it('tells whose runs it counts, where there are several experiments', () => {
  expect(saidOf('with MostAllocated', '').join('')).toContain('with MostAllocated: 1 runs made, 0.1/s');
});
