// Runs the command line as a process of its own, bundled from the sources as they are.

import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Two steps below the package, as dist/cli is. */
const outdir = join(root, 'node_modules', `.wavetank-${process.pid}`);

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends Ctrl-C as soon as this is so; it is told what the command has said so far. */
  readonly interruptWhen?: (stderr: string) => boolean;
  /** Sends this instead of Ctrl-C. */
  readonly signal?: NodeJS.Signals;
  /** Sends it again and again until the command ends. */
  readonly isInsisting?: boolean;
}

/** To be called once before and after the tests of a file. */
export async function buildCli(): Promise<void> {
  await build({
    entryPoints: {
      main: join(root, 'src/cli/main.ts'),
      'pool-worker': join(root, 'src/cli/engine/pool-worker.ts'),
    },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
  });
}

export function removeCli(): void {
  rmSync(outdir, { recursive: true, force: true });
}

export function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { WAVETANK_DATA: _, FORCE_COLOR: __, NO_COLOR: ___, ...env } = process.env;
  const child = spawn(process.execPath, [join(outdir, 'main.js'), ...args], {
    cwd: options.cwd ?? root,
    env: { ...env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const { interruptWhen, signal = 'SIGINT', isInsisting = false } = options;
  const watch =
    interruptWhen &&
    setInterval(() => {
      if (!interruptWhen(stderr)) return;
      if (!isInsisting) clearInterval(watch);
      child.kill(signal);
    }, 20);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ code, stdout, stderr });
    });
  });
}

/** A command that goes on until it is killed. */
export function cliInBackground(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(outdir, 'main.js'), ...args], { stdio: 'ignore' });
}

/** A folder of its own for a test, with files in it. */
export class TestFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'wavetank-'));

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  write(name: string, content: string | Uint8Array): void {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  /** Names in a subfolder, hidden ones too. */
  list(name = '.'): string[] {
    const path = join(this.path, name);
    return existsSync(path) ? readdirSync(path).sort() : [];
  }

  /** Is a run under way that writes into one of this folder's subfolders? */
  hasPartialTables(name = '.'): boolean {
    const partial = this.list(name).find((one) => one.endsWith('.partial'));
    return partial !== undefined && this.list(join(name, partial)).length > 0;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Three nodes and twenty pods: over in a moment. */
export const SMALL = `
seed: 1
cluster:
  nodeGroups: [{name: a, count: 3, allocatable: {cpu: 4, memory: 8Gi}, zones: [x, y]}]
workload:
  - generator: jobs
    arrivals: {process: poisson, rate: 1/s}
    templates: [{name: small, cpu: 500m, memory: 1Gi, duration: 10s}]
    limit: 20
`;
