// One replication in a pod of an Indexed Job, and its results read back from the pods' logs.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../../base/errors.ts';
import type { PointSetting } from '../../simulator/points.ts';
import type { K8sRunArgs } from '../commands/k8s-run.ts';
import { type Bundle, bundleFiles } from '../engine/bundle.ts';
import { JobRunner, type RunRecord } from '../engine/job.ts';
import { UsageError } from '../usage.ts';

interface PodJob {
  readonly setting: PointSetting;
  readonly seed: string;
  /** Of the point. */
  readonly id: string;
  readonly bundle: Bundle;
}

interface PrintedRun extends RunRecord {
  readonly run: string;
  readonly seed: string;
}

export async function runInPod({ job, index }: K8sRunArgs): Promise<number> {
  const replication = index ?? Number(process.env.JOB_COMPLETION_INDEX ?? Number.NaN);
  if (!Number.isInteger(replication) || replication < 0)
    throw new UsageError('give --index, or JOB_COMPLETION_INDEX in the environment');
  const { setting, seed, id, bundle } = JSON.parse(gunzipSync(readFileSync(job)).toString('utf8')) as PodJob;
  const runner = new JobRunner(bundleFiles(bundle), bundle.instanceTypes);
  const run = `${id}/${replication}`;
  const record = await runner.run({ id: run, setting, seed, replication });
  console.log(JSON.stringify({ run, seed, ...record } satisfies PrintedRun));
  return 0;
}

/** Results printed by pods, by id of the run; other lines of the logs are passed over. */
export function printedRuns(text: string, file: string, seed: string): Map<string, RunRecord> {
  const records = new Map<string, RunRecord>();
  for (const [i, line] of text.split('\n').entries()) {
    if (!line.startsWith('{"run":')) continue;
    const { run, seed: ofRun, traceHash, metrics } = parsed(line, file, i + 1);
    if (ofRun !== seed)
      throw new InputError([
        { file, line: i + 1, message: `found a run of seed ${ofRun}, expected ${seed}` },
      ]);
    records.set(run, { traceHash, metrics });
  }
  if (records.size === 0)
    throw new InputError([{ file, message: 'there is no result of wavetank k8s-run in it' }]);
  return records;
}

function parsed(text: string, file: string, line: number): PrintedRun {
  try {
    return JSON.parse(text) as PrintedRun;
  } catch {
    throw new InputError([{ file, line, message: 'the line is cut off' }]);
  }
}
