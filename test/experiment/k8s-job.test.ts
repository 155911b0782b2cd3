import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { buildCli, cli, removeCli, SMALL, TestFolder } from '../support/cli.ts';

beforeAll(buildCli);
afterAll(removeCli);

let folder = new TestFolder();
afterEach(() => {
  folder.remove();
  folder = new TestFolder();
});

const run = (args: readonly string[], env = {}) => cli(args, { cwd: folder.path, env });

describe('wavetank k8s-job', () => {
  it('prints an Indexed Job whose pods come to the same results as a run here', async () => {
    folder.write('s.yaml', SMALL);
    const { code, stdout, stderr } = await run(['k8s-job', 's.yaml', '--replications', '3']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('--from runs.jsonl')]);
    const [configMap, job] = parseAllDocuments(stdout).map((document) => document.toJSON());
    expect(job.spec).toMatchObject({ completionMode: 'Indexed', completions: 3, parallelism: 3 });
    expect(job.spec.template.spec.volumes[0].configMap.name).toBe(configMap.metadata.name);

    folder.write('job.json.gz', Buffer.from(configMap.binaryData['job.json.gz'], 'base64'));
    const [, , , ...command] = job.spec.template.spec.containers[0].command as string[];
    expect(command).toEqual(['k8s-run', '/job/job.json.gz']);
    let logs = 'npm warn something\n';
    for (const index of ['0', '1', '2']) {
      logs += (await run(['k8s-run', 'job.json.gz'], { JOB_COMPLETION_INDEX: index })).stdout;
    }
    folder.write('runs.jsonl', logs.replace('"pods.created":20', '"pods.created":21'));
    const replicate = ['replicate', 's.yaml', '--replications', '3', '--jobs', '1', '--quiet'];
    await run([...replicate, '--out', 'here']);
    await run([...replicate, '--out', 'there', '--from', 'runs.jsonl']);
    const rows = folder.read('there/runs.csv').split('\n');
    // The changed figure shows that the run was taken, not made again.
    expect(rows[1]).toContain(',21,');
    expect(rows.slice(2)).toEqual(folder.read('here/runs.csv').split('\n').slice(2));
  });

  it.each([
    [['k8s-job', 's.yaml', '--replications', '0'], '--replications: found 0'],
    [['k8s-run', 's.yaml'], 'give --index, or JOB_COMPLETION_INDEX'],
    [['replicate', 's.yaml', '--from', 's.yaml'], 's.yaml: there is no result of wavetank k8s-run in it'],
  ])('refuses %j', async (args, message) => {
    folder.write('s.yaml', SMALL);
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
