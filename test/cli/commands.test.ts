import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/cli.ts';
import { buildCli, cli, removeCli, root, SMALL, TestFolder } from '../support/cli.ts';

beforeAll(buildCli);
afterAll(removeCli);

let folder = new TestFolder();
afterEach(() => {
  folder.remove();
  folder = new TestFolder();
});

describe('the command line', () => {
  it('shows help with examples when nothing is asked', async () => {
    const { code, stdout, stderr } = await cli([]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('wavetank run scenarios/shop.yaml');
    expect(stdout).toContain('wavetank validate');
  });

  it.each(COMMANDS.map(({ name }) => name))('shows help of %s without values in brackets', async (name) => {
    const { code, stdout } = await cli([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Options:');
    expect(stdout).not.toContain('[default: [');
  });

  it('tells its version', async () => {
    expect(await cli(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });

  it.each([
    [['rnu', 'x.yaml'], 'there is no command "rnu"; did you mean run?'],
    [['fly'], 'there is no command "fly"; there are run, '],
    [['run'], 'usage: wavetank run <scenario>'],
    [['run', 'a.yaml', 'b.yaml'], 'found "b.yaml", expected nothing more: wavetank run <scenario>'],
    [['run', 'a.yaml', '--unti', '5s'], 'there is no flag --unti; did you mean --until?'],
    [
      ['run', 'a.yaml', '--event', '-x'],
      'there is no flag --event; did you mean --events?\nthere is no flag -x',
    ],
    [['validate'], 'usage: wavetank validate <files..>'],
    [['run', 'a.yaml', '--seed'], '--seed needs a value'],
    [['explain', 'a.yaml'], '--pod must be given: wavetank explain <scenario>'],
    [['run', 'a.yaml', '--out='], '--out needs a value'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await cli(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`wavetank: ${message}`);
  });

  it('lets the last of repeated flags count', async () => {
    folder.write('s.yaml', SMALL);
    const { code } = await cli(['run', 's.yaml', '--out', 'one', '--out', 'two', '--quiet'], {
      cwd: folder.path,
    });
    expect(code).toBe(0);
    expect(folder.list()).toEqual(['s.yaml', 'two']);
  });
});

describe('wavetank validate', () => {
  it('finds nothing wrong with the bundled scenario and its manifests', async () => {
    expect(await cli(['validate', 'scenarios/shop.yaml', 'scenarios/shop'], { cwd: root })).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('finds every mistake of all files at once and writes nothing', async () => {
    folder.write('a.yaml', 'cluster: {nodeGroup: []}\nuntil: 5\n');
    folder.write(
      'b.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: A}\nspec: {containers: [{name: c}]}\n',
    );
    folder.write('c.json', '{"apiVersion": "v1", "kind": "Pood", "metadata": {"name": "x"}}');
    const { code, stdout, stderr } = await cli(['validate', '*.yaml', 'c.json', 'd.yaml'], {
      cwd: folder.path,
    });
    expect([code, stdout]).toEqual([2, '']);
    const places = stderr.split('\n').map((line) => /^[a-d]\.\w+(:\d+:\d+)?/.exec(line)?.[0]);
    expect(places.slice(0, -2)).toEqual([
      'a.yaml:1:11',
      'a.yaml:2:1',
      'b.yaml:3:12',
      'b.yaml:4:21',
      'c.json:1:22',
      'd.yaml',
    ]);
    expect(stderr).toContain('; nothing was written\n');
    expect(folder.list()).toEqual(['a.yaml', 'b.yaml', 'c.json']);
  });

  it('reads whole traces', async () => {
    folder.write('s.yaml', `${SMALL}  - {trace: csv, file: t.csv, columns: {submit: t}}\n`);
    folder.write('t.csv', `t\n${Array.from({ length: 10_000 }, (_, i) => `${i}\n`).join('')}bad\n`);
    const { code, stderr } = await cli(['validate', 's.yaml'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toContain('t.csv:10002: t: found "bad", expected a number of at least 0\n');
  });

  it.each([
    [
      'profiles: [{plugins: {score: {enabled: [{name: Fit}]}}}]',
      'k.yaml:3:42: profiles[0].plugins.score.enabled[0].name: plugin "Fit" does not exist',
    ],
    ['profile: []', 'k.yaml:3:1: profile: unknown key; did you mean profiles?'],
  ])('checks a configuration of the scheduler: %s', async (text, message) => {
    folder.write(
      'k.yaml',
      `apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n${text}\n`,
    );
    const { code, stderr } = await cli(['validate', 'k.yaml'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('wavetank validate of what only holds a configuration of the scheduler', () => {
  it.each([
    ['a scenario', `scheduler: {apiVersion: kubescheduler.config.k8s.io/v1}\n${SMALL}`],
    [
      'a ConfigMap among manifests',
      '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  s.yaml: |\n    apiVersion: kubescheduler.config.k8s.io/v1\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: policy}\n',
    ],
  ])('takes %s for what it is', async (_, text) => {
    folder.write('s.yaml', text);
    const { code, stderr } = await cli(['validate', 's.yaml'], { cwd: folder.path });
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('wavetank validate of a policy of old', () => {
  it.each([
    [
      '{"kind": "Policy", "apiVersion": "v1"}',
      'p.json:1:1: policy: is missing, expected one of classic-1.16',
    ],
    ['{"policy": "classic-1.16", "predicates": [{"name": "Fits"}]}', 'predicates[0].name'],
    ['{"policy": "classic-1.16", "predicates": [{"name": "PodFitsResources"}]}', undefined],
  ])('%s', async (text, message) => {
    folder.write('p.json', text);
    const { code, stderr } = await cli(['validate', 'p.json'], { cwd: folder.path });
    expect([code, stderr]).toEqual(message ? [2, expect.stringContaining(message)] : [0, '']);
  });
});

describe('wavetank schema', () => {
  it('prints a JSON Schema of scenarios', async () => {
    const { code, stdout } = await cli(['schema']);
    expect(code).toBe(0);
    const schema = JSON.parse(stdout);
    expect(schema.$schema).toContain('2020-12');
    expect(Object.keys(schema.properties)).toContain('cluster');
    expect(schema.additionalProperties).toBe(false);
  });
});
