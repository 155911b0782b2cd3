// Run by npm after an install in a clone, and by npx before it first calls the clone's own command: builds, unless what
// is built is newer than everything that it is built from.

import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}dist/.built`;

function changedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

const sources = readdirSync(`${root}src`, { recursive: true }).map((name) => `${root}src/${name}`);
const inputs = [...sources, `${root}package.json`, `${root}tsconfig.json`, `${root}tsconfig.build.json`];
if (changedMs(stamp) > Math.max(...inputs.map(changedMs))) process.exit(0);

const startedAt = new Date();
const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (status === 0) {
  writeFileSync(stamp, '');
  // What changes during the build counts as newer.
  utimesSync(stamp, startedAt, startedAt);
}
process.exitCode = status ?? 1;
