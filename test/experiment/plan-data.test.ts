// Plans for real applications and for a published GPU cluster; skipped where the data folder is not there, and what takes
// minutes without --long.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, cli, removeCli, root, TestFolder } from '../support/cli.ts';

const data = process.env.WAVETANK_DATA;
const isLong = process.env.WAVETANK_LONG !== undefined;
const MS_MAX = 900_000;

beforeAll(buildCli);
afterAll(removeCli);

let folder = new TestFolder();
afterEach(() => {
  folder.remove();
  folder = new TestFolder();
});

const run = (...args: string[]) =>
  cli(args, { cwd: folder.path, env: data === undefined ? {} : { WAVETANK_DATA: data } });
const bundled = (name: string) => readFileSync(join(root, 'scenarios', name), 'utf8');

/** Infinity where the only node is gone. */
async function nPending(scenario: string): Promise<number> {
  const { stdout, stderr } = await run('run', scenario, '--out', 'again');
  if (stderr.includes('there is no node')) return Infinity;
  return Number(/([\d,]+) pending/.exec(stdout)![1]!.replaceAll(',', ''));
}

describe.runIf(data !== undefined)('a plan for Online Boutique and kube-prometheus', () => {
  it.each([[1, 25], [10, 10], ...(isLong ? [[100, 4]] : [])])(
    '%d times is within %d percent of the bound, meets the objectives when run, and no node can go',
    async (copies, gapMax) => {
      folder.write('plan.yaml', bundled('plan-boutique.yaml').replace(/copies: 1$/m, `copies: ${copies}`));
      const { stdout } = await run('plan', 'plan.yaml', '--no-most-allocated');
      const gap = Number(/is more than ([\d.]+)% lighter/.exec(stdout)![1]);
      expect(gap).toBeLessThanOrEqual(gapMax!);
      const scenario = 'results/plan-boutique/scenario.yaml';
      expect(await nPending(scenario)).toBe(0);
      const binding = /one node of (\S+) less/.exec(stdout)![1];
      const text = folder.read(scenario);
      const fewer = text.replace(
        new RegExp(`(name: ${binding}\\n(?: .*\\n)*? +count: )(\\d+)`),
        (_, before: string, count: string) => `${before}${Number(count) - 1}`,
      );
      expect(fewer).not.toBe(text);
      folder.write(scenario, fewer);
      expect(await nPending(scenario)).toBeGreaterThan(0);
    },
    MS_MAX,
  );
});

describe.runIf(data !== undefined)('a plan for the peak of the recorded scaling of DeathStarBench', () => {
  it('is the 18 m5.xlarge that 52 pods of 1 CPU need, proven', async () => {
    folder.write(
      'plan.yaml',
      `
until: 1h
model: {controlPlane: instant}
cluster: {}
workload: [{simkube: simkube-traces/dsb-scaling.json}]
plan: {instanceTypes: [m5.xlarge], objectives: [queue.unschedulable.max <= 0]}
`,
    );
    const { stdout } = await run('plan', 'plan.yaml');
    expect(stdout).toContain('Cluster   18 × m5-xlarge\n');
    expect(stdout).toContain('more than 0.0% lighter');
  });
});

describe.runIf(data !== undefined && isLong)('the smallest prefix of the nodes of openb', () => {
  it(
    'that takes all pods of the list in which all share, and its bound',
    async () => {
      folder.write('plan.yaml', bundled('openb-prefix.yaml'));
      const { stdout } = await run('plan', 'plan.yaml', '--no-most-allocated');
      expect(stdout).toContain('Prefix    the first 1,229 of 1,523 nodes');
      expect(stdout).toContain('Bound     1,118 by linear relaxation');
      expect(await nPending('results/openb-prefix/scenario.yaml')).toBe(0);
    },
    MS_MAX,
  );

  it(
    'does not exist for the default list: of 8,152 pods no scheduler places more than 8,141',
    async () => {
      const text = bundled('openb-prefix.yaml').replace('_gpushare100', '_default');
      folder.write('plan.yaml', text);
      const { stdout } = await run('plan', 'plan.yaml', '--no-most-allocated');
      expect(stdout).toContain('the whole list misses pods.pending <= 0 (129)');
      expect(stdout).toContain('no scheduler places more than 8,141 of 8,152 pods on it');
    },
    MS_MAX,
  );
});
