// What `wavetank k8s-job` does. The files of the scenario go into a ConfigMap as one bundle; each pod of the Job makes the
// replication of its index and prints the result as a line, which `wavetank replicate --from` reads.

import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { EnvironmentError } from '../../base/errors.ts';
import type { K8sJobArgs } from '../commands/k8s-job.ts';
import { bundleOf } from '../engine/bundle.ts';
import { readInstanceTypes } from '../read-scenario.ts';
import { UsageError } from '../usage.ts';
import { version } from '../version.ts';
import { openBase } from './open-base.ts';

/** What the API server takes of a ConfigMap. */
const N_BYTES_MAX = 1 << 20;

export async function printK8sJob(args: K8sJobArgs): Promise<number> {
  for (const flag of ['replications', 'parallelism'] as const) {
    if (!Number.isInteger(args[flag]) || args[flag] < 1)
      throw new UsageError(`--${flag}: found ${args[flag]}, expected a whole number of at least 1`);
  }
  const base = await openBase(args.scenario, args);
  const bundle = await bundleOf(base.setting, base.files, await readInstanceTypes(args.catalog, base.files));
  const content = { setting: base.setting, seed: base.seed, id: base.scenario.name, bundle };
  const packed = gzipSync(JSON.stringify(content), { level: 9 }).toString('base64');
  if (packed.length > N_BYTES_MAX)
    throw new EnvironmentError(
      `the files of the scenario are ${packed.length} bytes packed, a ConfigMap takes ${N_BYTES_MAX}: use wavetank worker`,
    );
  const name = `wavetank-${base.scenario.name.replaceAll('.', '-').slice(0, 40)}-${base.scenario.digest.slice(0, 6)}`;
  console.log(
    [configMap(name, packed), job(name, args)]
      .map((object) => stringify(object, { lineWidth: 0 }))
      .join('---\n'),
  );
  console.error(
    `When the Job is complete: kubectl logs -l job-name=${name} --tail=-1 --max-log-requests ${args.replications} > runs.jsonl; wavetank replicate ${args.scenario} --replications ${args.replications} --from runs.jsonl`,
  );
  return 0;
}

function configMap(name: string, packed: string): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, binaryData: { 'job.json.gz': packed } };
}

function job(name: string, { replications, parallelism, image }: K8sJobArgs): object {
  const container = {
    name: 'wavetank',
    image,
    command: ['npx', '--yes', `wavetank@${version()}`, 'k8s-run', '/job/job.json.gz'],
    resources: { requests: { cpu: '1', memory: '1Gi' } },
    volumeMounts: [{ name: 'job', mountPath: '/job' }],
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      completionMode: 'Indexed',
      completions: replications,
      parallelism: Math.min(parallelism, replications),
      backoffLimitPerIndex: 3,
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [container],
          volumes: [{ name: 'job', configMap: { name } }],
        },
      },
    },
  };
}
