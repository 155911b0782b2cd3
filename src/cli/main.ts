// What bin/wavetank.js starts.

import { main } from './cli.ts';
import { EXIT } from './exit.ts';

// `wavetank schema | head` ends the reader first: that is nobody's mistake. Anything else is the machine's.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(EXIT.ok);
  console.error(`wavetank: the output cannot be written: ${message}`);
  process.exit(EXIT.environment);
});
// Without anybody to hear what went wrong, the exit code still says it.
process.stderr.on('error', () => {});

await main(process.argv.slice(2));
