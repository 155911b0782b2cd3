// npm test: builds, checks the code, runs the tests, and ends with one line that counts all of it.
// A check counts as one test. `--long` also runs what takes minutes; further arguments go to vitest.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

/** The script behind a command of an installed package. */
function binOf(pkg, name = pkg) {
  const folder = join(root, 'node_modules', pkg);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[name]);
}

const CHECKS = [
  ['build', join(root, 'scripts', 'prepare.js')],
  ['types', binOf('typescript', 'tsc'), '-p', 'tsconfig.json'],
  [
    'lint and format',
    binOf('@biomejs/biome', 'biome'),
    'check',
    '--error-on-warnings',
    '--max-diagnostics=8',
    '.',
  ],
  ['layers', binOf('dependency-cruiser', 'depcruise'), '--output-type', 'err', 'src'],
  ['unused code', binOf('knip')],
  ['package', binOf('publint'), '--strict'],
  ['runs in a browser', join(root, 'scripts', 'check-browser.js')],
];

/** Of what a failed check says. */
const N_LINES_MAX = 60;

const counts = { passed: 0, failed: 0, skipped: 0 };

function runCheck([name, script, ...args]) {
  const startedAt = Date.now();
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
  });
  const isGood = status === 0;
  counts[isGood ? 'passed' : 'failed']++;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (!isGood) console.log(shortened(`${stdout}${stderr}${error ?? ''}`));
}

function shortened(text) {
  const lines = text.trimEnd().split('\n');
  const more = lines.length > N_LINES_MAX ? [`… and ${lines.length - N_LINES_MAX} lines more`] : [];
  return [...lines.slice(0, N_LINES_MAX), ...more].map((line) => `     ${line}`).join('\n');
}

/** A file that could not even be loaded holds no test that could fail: it counts as one. */
function countTests(report) {
  counts.passed += report.numPassedTests;
  counts.failed += report.numFailedTests;
  counts.skipped += report.numPendingTests + report.numTodoTests;
  const nBroken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  ).length;
  counts.failed += nBroken;
  return report.numFailedTests + nBroken;
}

function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'wavetank-test-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  const { status } = spawnSync(process.execPath, [binOf('vitest'), 'run', ...reporters, ...args], {
    stdio: 'inherit',
  });
  let nFailed = 0;
  try {
    nFailed = countTests(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    console.log(`FAIL the tests left no report: ${error.message}`);
  }
  // Errors outside any test (and a crash of the runner) fail the run too.
  if (status !== 0 && nFailed === 0) counts.failed++;
  rmSync(folder, { recursive: true, force: true });
}

const args = process.argv.slice(2);
if (args.includes('--long')) process.env.WAVETANK_LONG = '1';
for (const check of CHECKS) runCheck(check);
runTests(args.filter((arg) => arg !== '--long'));
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
