import { describe, expect, it } from 'vitest';
import { drainPods, linesOf } from '../../../test/support/arrivals.ts';
import type { PodArrival } from '../source.ts';
import { genericCsv, podNameOf } from './generic-csv.ts';
import { openbPods } from './openb.ts';
import { readOpenbNodes } from './openb-nodes.ts';
import { phillyJobs } from './philly.ts';
import { type TraceFormat, TraceSource } from './trace-source.ts';

function read(format: TraceFormat, ...lines: string[]): Promise<PodArrival[]> {
  return drainPods(new TraceSource(format, { file: 't.csv', lines: linesOf(...lines) }));
}

const OPENB =
  'name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time';

describe('openb', () => {
  it('makes a share of a GPU a request of its milli-GPU on one device of an allowed model', async () => {
    const [pod] = await read(openbPods(), OPENB, 'p-0,6000,12288,1,460,A10|T4,LS,Running,5,9,6');
    expect(pod).toMatchObject({ atUs: 0, name: 'p-0', group: 'LS' });
    expect(pod?.runUs).toBeUndefined();
    expect(pod?.shape.annotations).toEqual({ 'wavetank.io/gpu-count': '1' });
    expect(pod?.shape.spec.containers[0]?.resources).toEqual({
      requests: { cpu: '6000m', memory: '12288Mi', 'wavetank.io/gpu-milli': '460' },
      limits: { 'wavetank.io/gpu-milli': '460' },
    });
    const required = pod?.shape.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    expect(required?.nodeSelectorTerms).toEqual([
      { matchExpressions: [{ key: 'wavetank.io/gpu-model', operator: 'In', values: ['A10', 'T4'] }] },
    ]);
  });

  it('requests whole devices in total and nothing for a pod without GPU', async () => {
    const rows = ['p-0,1,1,4,1000,,BE,Running,0,1,0', 'p-1,1,1,0,0,,BE,Running,0,1,0'];
    const [whole, none] = await read(openbPods(), OPENB, ...rows);
    expect(whole?.shape.spec.containers[0]?.resources?.requests?.['wavetank.io/gpu-milli']).toBe('4000');
    expect(none?.shape.spec.containers[0]?.resources?.requests).toEqual({ cpu: '1m', memory: '1Mi' });
    expect(none?.shape.annotations).toBeUndefined();
  });

  it('lets pods leave after their recorded running time when asked', async () => {
    const rows = ['p-0,1,1,0,0,,BE,Running,2,10,4', 'p-1,1,1,0,0,,BE,Pending,3,10,'];
    const pods = await read(openbPods({ departures: true }), OPENB, ...rows);
    expect(pods.map((pod) => pod.runUs)).toEqual([6e6, 7e6]);
  });

  it('takes lists without times at a fixed interval only', async () => {
    const short = 'name,cpu_milli,memory_mib,num_gpu,gpu_milli';
    await expect(read(openbPods(), short, 'p-0,1,1,0,0')).rejects.toThrow('set `interval`');
    const pods = await read(openbPods({ intervalUs: 5 }), short, 'p-0,1,1,0,0', 'p-1,1,1,0,0');
    expect(pods.map((pod) => pod.atUs)).toEqual([0, 5]);
  });

  it.each(['0,5', '1,0', '1,1001', '2,500'])('refuses num_gpu,gpu_milli = %s', async (gpus) => {
    await expect(read(openbPods(), OPENB, `p,1,1,${gpus},,LS,Running,0,1,0`)).rejects.toThrow(
      't.csv:2: num_gpu',
    );
  });

  it('reads nodes with their GPUs and reports every bad line of the list', async () => {
    const header = 'sn,cpu_milli,memory_mib,gpu,model';
    const [gpu, plain] = await readOpenbNodes(
      linesOf(header, 'n-0,64000,1024,2,P100', 'n-1,1,1,0,'),
      'n.csv',
    );
    expect(gpu?.metadata.labels?.['wavetank.io/gpu-model']).toBe('P100');
    expect(gpu?.status?.allocatable).toEqual({
      cpu: '64000m',
      memory: '1024Mi',
      pods: '1001',
      'wavetank.io/gpu-milli': '2000',
      'wavetank.io/gpu-devices': '2',
    });
    expect(plain?.status?.allocatable).toEqual({ cpu: '1m', memory: '1Mi', pods: '1001' });
    const bad = readOpenbNodes(linesOf(header, 'n-0,x,1,0,', 'n-1,1,1,1,'), 'n.csv');
    await expect(bad).rejects.toThrow(/n\.csv:2: cpu_milli[\s\S]*n\.csv:3: model: is empty/);
    await expect(readOpenbNodes(linesOf(header), 'n.csv')).rejects.toThrow('no node in the list');
  });
});

describe('philly', () => {
  const HEADER = 'submit_s,duration_s,num_gpus,vc';

  it.each([
    [1, [1]],
    [8, [8]],
    [12, [8, 4]],
    [128, Array.from({ length: 16 }, () => 8)],
  ])('splits a job of %i GPUs into pods of whole nodes and a rest', async (nGpus, parts) => {
    const pods = await read(phillyJobs(), HEADER, `3,60,${nGpus},7f04ca`);
    expect(
      pods.map((pod) => Number(pod.shape.spec.containers[0]?.resources?.requests?.['nvidia.com/gpu'])),
    ).toEqual(parts);
    expect(pods.map((pod) => pod.name)).toEqual(parts.map((_, i) => `philly-1-${i}`));
    expect(pods.every((pod) => pod.group === 'philly-1' && pod.runUs === 60e6)).toBe(true);
  });

  it('requests CPU and memory with each GPU when told how much', async () => {
    const options = { gpusPerNode: 2, cpuMilliPerGpu: 4000, memoryBytesPerGpu: 10 };
    const [, rest] = await read(phillyJobs(options), HEADER, '0,1,3,vc');
    expect(rest?.shape.spec.containers[0]?.resources?.requests).toEqual({
      cpu: '4000m',
      memory: '10',
      'nvidia.com/gpu': '1',
    });
  });

  it('refuses a job without GPU', async () => {
    await expect(read(phillyJobs(), HEADER, '0,1,0,vc')).rejects.toThrow('num_gpus: found 0');
  });
});

describe('generic CSV', () => {
  const columns = {
    name: 'job',
    submit: { column: 'when', unit: 'timestamp' },
    duration: { column: 'run', unit: 'm' },
    cpu: { column: 'cores', unit: 'cores' },
    memory: { column: 'mem', unit: 'GiB' },
    gpu: { column: 'gpus', resource: 'nvidia.com/gpu' },
    count: 'tasks',
    namespace: 'team',
    priorityClass: 'prio',
    labels: { app: 'app' },
  } as const;
  const HEADER = 'job;when;run;cores;mem;gpus;tasks;team;prio;app';
  const format = genericCsv({
    delimiter: ';',
    columns,
    base: { spec: { terminationGracePeriodSeconds: 1 } },
  });

  it('turns a mapped row into the pods of its job', async () => {
    const pods = await read(format, HEADER, 'Train_7;2026-01-01T00:00:00Z;2;0.5;1;2;2;ml;high;bert');
    expect(pods.map((pod) => pod.name)).toEqual(['train-7-0', 'train-7-1']);
    expect(pods[0]).toMatchObject({ atUs: 0, runUs: 120e6, group: 'train-7' });
    expect(pods[0]?.shape).toMatchObject({
      namespace: 'ml',
      labels: { app: 'bert' },
      spec: { priorityClassName: 'high', terminationGracePeriodSeconds: 1, restartPolicy: 'Never' },
    });
    expect(pods[1]?.shape.spec.containers[0]?.resources?.requests).toEqual({
      cpu: '500m',
      memory: String(2 ** 30),
      'nvidia.com/gpu': '2',
    });
  });

  it('leaves out what a row leaves empty', async () => {
    const [pod] = await read(format, HEADER, 'x;2026-01-01T00:00:00Z;;1;1;0;1;;;');
    expect(pod).not.toHaveProperty('runUs');
    expect(pod).toMatchObject({ name: 'x', shape: { namespace: 'default', labels: {} } });
    expect(pod?.shape.spec).not.toHaveProperty('priorityClassName');
  });

  it('names jobs by their line without a name column', async () => {
    const only = genericCsv({ name: 'jobs', columns: { submit: { column: 't', unit: 's' } } });
    const pods = await read(only, 't', '0', '1');
    expect(pods.map((pod) => pod.name.toString())).toEqual(['jobs-1', 'jobs-2']);
  });

  it.each([
    ['a mapped column that is missing', HEADER.replace('mem', 'memo'), 'no column "mem" in the header'],
    ['a count of zero', 'x;2026-01-01T00:00:00Z;1;1;1;0;0;;;', 'tasks: found 0, expected 1 to'],
    ['a bad label value', 'x;2026-01-01T00:00:00Z;1;1;1;0;1;;;a b', '"a b" is not a value for label app'],
    ['a bad namespace', 'x;2026-01-01T00:00:00Z;1;1;1;0;1;Team;;', '"Team" is not a name for a namespace'],
  ])('refuses %s', async (_, line, message) => {
    const lines = line.startsWith('job') ? [line] : [HEADER, line];
    await expect(read(format, ...lines)).rejects.toThrow(message);
  });

  it.each([
    ['Job 7/α', 'job-7'],
    ['a.b_c', 'a-b-c'],
    [`${'x'.repeat(239)}--y`, 'x'.repeat(239)],
  ])('makes %s a pod name', (text, name) => expect(podNameOf(text)).toBe(name));
});
