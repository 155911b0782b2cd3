// Run by npm after an install in a clone: puts the clone's own command where npx looks first. Without it npx would
// install the clone into its cache.

import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'node_modules', '.bin');
const script = join(root, 'bin', 'wavetank.js');

mkdirSync(folder, { recursive: true });
if (process.platform === 'win32') {
  writeFileSync(join(folder, 'wavetank.cmd'), '@node "%~dp0..\\..\\bin\\wavetank.js" %*\r\n');
} else {
  const link = join(folder, 'wavetank');
  rmSync(link, { force: true });
  symlinkSync(join('..', '..', 'bin', 'wavetank.js'), link);
  chmodSync(script, 0o755);
}
