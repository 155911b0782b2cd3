import { describe, expect, it } from 'vitest';
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  KubeObject,
  PodDisruptionBudget,
  Service,
  StatefulSet,
} from '../kube/types.ts';
import { constantLatency, INSTANT, type LatencyModel } from './latency.ts';
import { appsWorkload, Bed, template, workload } from './testing/bed.ts';

const never = { restartPolicy: 'Never' as const };
const objects: KubeObject[] = [
  appsWorkload<Deployment>('Deployment', 'web', { replicas: 7 }),
  appsWorkload<StatefulSet>('StatefulSet', 'db', { replicas: 3, serviceName: 'db' }),
  appsWorkload<DaemonSet>('DaemonSet', 'agent', {}),
  workload<Job>('batch/v1', 'Job', 'work', {
    completions: 6,
    parallelism: 2,
    template: template('work', 'job:1', never),
  }),
  workload<CronJob>('batch/v1', 'CronJob', 'tick', {
    schedule: '* * * * *',
    jobTemplate: { spec: { template: template('tick', 'job:1', never) } },
  }),
  workload<Service>('v1', 'Service', 'web', { selector: { app: 'web' }, ports: [{ port: 80 }] }),
  workload<PodDisruptionBudget>('policy/v1', 'PodDisruptionBudget', 'web', {
    maxUnavailable: 1,
    selector: { matchLabels: { app: 'web' } },
  }),
];

/** A busy five minutes: rollouts, a lost node, evictions, deletions. */
function play(latency: LatencyModel): Bed {
  const bed = new Bed({
    latency,
    nNodes: 5,
    zones: ['a', 'b', 'c'],
    kubelet: { runSeconds: 9, fail: { work: 2 } },
  });
  for (const object of objects) bed.user.create(object);
  const setImage = (kind: string, name: string) =>
    bed.patch<Deployment>(kind, name, (object) => ({
      ...object,
      spec: { ...object.spec, template: template(name, 'app:2') },
    }));
  bed
    .at(30, () => setImage('Deployment', 'web'))
    .at(40, () => setImage('StatefulSet', 'db'))
    .at(50, () => setImage('DaemonSet', 'agent'));
  bed.at(70, () =>
    bed.user.evictPod(bed.pods(({ owner, ready }) => owner?.kind === 'ReplicaSet' && ready)[0]!),
  );
  bed.at(93, () => bed.kubelets.stop('node-2'));
  bed.at(200, () => bed.user.delete({ kind: 'Deployment', namespace: 'default', name: 'web' }));
  return bed.run(300);
}

/** What happened, by time, without the order within an instant. */
function happenings(bed: Bed): string[] {
  return bed.recorder.rows.map((row) => JSON.stringify(row)).sort();
}

describe('instant mode', () => {
  it('is the calibrated mode with zero delays: every object goes through the same versions at the same times', () => {
    const instant = play(INSTANT);
    const zero = play(constantLatency(0, 0, 0));
    const counts = (bed: Bed) =>
      ['Pod', 'Job', 'ReplicaSet'].map((kind) => bed.recorder.rows.filter((row) => row.kind === kind).length);
    expect(counts(instant)[0]).toBeGreaterThan(100);
    expect(counts(zero)).toEqual(counts(instant));
    expect(happenings(zero)).toEqual(happenings(instant));
  });

  it('comes to the same end as the calibrated mode', () => {
    const ends = [INSTANT, constantLatency()].map((latency) => {
      const bed = play(latency);
      const perOwner = bed
        .pods()
        .map(
          (pod) =>
            `${pod.owner?.kind} ${pod.phase} ${pod.ready} ${pod.terminating} ${pod.shape.spec.containers[0]?.image}`,
        );
      return perOwner.sort();
    });
    expect(ends[1]).toEqual(ends[0]);
  });
});
