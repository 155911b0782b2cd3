// npm run lock: completes package-lock.json with the packages for other platforms. npm leaves them out when they cannot be
// fetched (or node_modules was there already), and `npm ci` then refuses the lock file everywhere. What is needed of them
// is known from the packages that want them: name, exact version, and the platform in the name.

import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../package-lock.json', import.meta.url);
const SYSTEMS = {
  darwin: 'darwin',
  win32: 'win32',
  windows: 'win32',
  linux: 'linux',
  android: 'android',
  freebsd: 'freebsd',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  sunos: 'sunos',
  aix: 'aix',
  openharmony: 'openharmony',
  wasm32: undefined,
};
const PROCESSORS = [
  'arm64',
  'x64',
  'ia32',
  'arm',
  'loong64',
  'mips64el',
  'ppc64',
  'ppc64le',
  'riscv64',
  's390x',
  'wasm32',
];

const lock = JSON.parse(readFileSync(FILE, 'utf8'));

/** Where npm would put a package that `parent` wants. */
function isThere(parent, name) {
  const nested = parent.split('/node_modules/');
  for (let depth = nested.length; depth >= 0; depth--) {
    const folder = nested.slice(0, depth).join('/node_modules/');
    if (lock.packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`]) return true;
  }
  return false;
}

function entryOf(name, version, parent) {
  const words = name.split(/[/@-]/).filter(Boolean);
  const os = words.map((word) => SYSTEMS[word]).find((system) => system !== undefined);
  const cpu = PROCESSORS.find((processor) =>
    words.some((word) => word === processor || word === `${processor}hf`),
  );
  return {
    version,
    ...(cpu && { cpu: [cpu] }),
    ...(parent.dev && { dev: true }),
    ...(words.includes('musl') && { libc: ['musl'] }),
    optional: true,
    ...(os && { os: [os] }),
  };
}

let nAdded = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isThere(path, name) || !/^\d/.test(version)) continue;
    lock.packages[`node_modules/${name}`] = entryOf(name, version, entry);
    nAdded++;
  }
}
const [root, ...others] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root, ...others.sort(([a], [b]) => (a < b ? -1 : 1))]);
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${nAdded} packages added`);
