import { describe, expect, it } from 'vitest';
import type { Deployment, PodDisruptionBudget, Toleration } from '../../kube/types.ts';
import { constantLatency } from '../latency.ts';
import { appsWorkload, Bed, template, workload } from '../testing/bed.ts';

const web = (replicas: number, tolerations: Toleration[] = []) =>
  appsWorkload<Deployment>('Deployment', 'web', {
    replicas,
    template: template('web', 'app:1', { tolerations }),
  });

const scale = (bed: Bed, replicas: number) =>
  bed.patch<Deployment>('Deployment', 'web', (object) => ({ ...object, spec: { ...object.spec, replicas } }));

describe('disruption budgets', () => {
  const budget = (spec: object) =>
    workload<PodDisruptionBudget>('policy/v1', 'PodDisruptionBudget', 'web', {
      selector: { matchLabels: { app: 'web' } },
      ...spec,
    });

  it.each([
    [{ maxUnavailable: 1 }, { desiredHealthy: 9, disruptionsAllowed: 1, expectedPods: 10 }],
    [{ maxUnavailable: '25%' }, { desiredHealthy: 7, disruptionsAllowed: 3, expectedPods: 10 }],
    [{ minAvailable: 4 }, { desiredHealthy: 4, disruptionsAllowed: 6, expectedPods: 10 }],
    [{ minAvailable: '85%' }, { desiredHealthy: 9, disruptionsAllowed: 1, expectedPods: 10 }],
    [{ minAvailable: 20 }, { desiredHealthy: 20, disruptionsAllowed: 0 }],
  ])('of %j allow %j of ten pods', (spec, expected) => {
    const bed = new Bed();
    bed.user.create(web(10));
    bed.user.create(budget(spec));
    bed.run(20);
    expect(bed.get<PodDisruptionBudget>('PodDisruptionBudget', 'web')?.status).toMatchObject({
      currentHealthy: 10,
      ...expected,
    });
  });

  it.each([
    [{ maxUnavailable: 1 }, { disruptionsAllowed: 0 }],
    [{ minAvailable: '50%' }, { disruptionsAllowed: 0 }],
    [{ minAvailable: 1 }, { disruptionsAllowed: 2, currentHealthy: 3, expectedPods: 3 }],
  ])('of %j over a Job, which has no scale, show %j', (spec, expected) => {
    const bed = new Bed();
    const pods = template('web', 'job:1', { restartPolicy: 'Never' });
    bed.user.create(workload('batch/v1', 'Job', 'web', { parallelism: 3, completions: 3, template: pods }));
    bed.at(10, () => bed.user.create(budget(spec)));
    bed.run(20);
    expect(bed.get<PodDisruptionBudget>('PodDisruptionBudget', 'web')?.status).toEqual(
      'currentHealthy' in expected ? expect.objectContaining(expected) : expected,
    );
  });

  it('follow the scale that is asked for, and the health of pods', () => {
    const bed = new Bed();
    bed.user.create(web(4));
    bed.user.create(budget({ maxUnavailable: 1 }));
    bed.at(20, () => scale(bed, 6)).at(30, () => bed.kubelets.finish(bed.pods()[0]!, 'Failed'));
    bed.run(50);
    const seen = bed.history(
      'PodDisruptionBudget',
      ({ allowed, healthy, desired }) => `${healthy} of ${desired}, ${allowed}`,
    );
    expect(seen.slice(-5)).toEqual([
      '5 "4 of 3, 1"',
      '20 "4 of 5, 0"',
      '25 "6 of 5, 1"',
      '30 "5 of 5, 0"',
      '35 "6 of 5, 1"',
    ]);
  });

  // Sent at 20, decided 12 ms later (three writes), answered 1 ms after that; 525 ms more for the one that conflicts.
  it.each([
    ['stays', undefined, ['20.013 done', '20.538 429 TooManyRequests']],
    ['is deleted meanwhile', 20.1, ['20.013 done', '20.538 404 NotFound']],
  ])(
    'let two evictions at once conflict: one tries again with the budget that it read, which %s',
    (_, at, answers) => {
      const bed = new Bed({ latency: constantLatency(4000, 1000, 2000) });
      bed.user.create(web(2));
      bed.user.create(budget({ maxUnavailable: 1 }));
      const heard: string[] = [];
      bed.at(20, () => {
        for (const pod of bed.pods()) {
          bed.user.evictPod(pod, undefined, (error) =>
            heard.push(`${bed.simulation.nowUs / 1e6} ${error ? `${error.code} ${error.reason}` : 'done'}`),
          );
        }
      });
      if (at)
        bed.at(at, () => bed.user.delete({ kind: 'PodDisruptionBudget', namespace: 'default', name: 'web' }));
      bed.run(25);
      expect(heard).toEqual(answers);
    },
  );

  it('are never violated by evictions', () => {
    const bed = new Bed({ nNodes: 4 });
    bed.user.create(web(8));
    bed.user.create(budget({ maxUnavailable: 2 }));
    let fewest = 8;
    for (let tenth = 100; tenth < 300; tenth++) {
      bed.at(tenth / 10, () => {
        for (const pod of bed.pods(({ active, ready }) => active && ready)) bed.user.evictPod(pod);
      });
      bed.run(tenth / 10);
      fewest = Math.min(fewest, bed.pods(({ active, ready }) => active && ready).length);
    }
    expect(fewest).toBe(6);
  });
});
