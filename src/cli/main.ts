// What bin/wavetank.js starts.

import { main } from './cli.ts';

// `wavetank schema | head` ends the reader first: that is nobody's mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

await main(process.argv.slice(2));
