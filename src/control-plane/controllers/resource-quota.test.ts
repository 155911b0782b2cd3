import { describe, expect, it } from 'vitest';
import type { Job } from '../../kube/types.ts';
import { Bed, template, workload } from '../testing/bed.ts';

describe('resource quotas', () => {
  it('give back what finished and deleted pods used', () => {
    const bed = new Bed({
      kubelet: { startSeconds: 1, readySeconds: 1, runSeconds: 6, terminateSeconds: 1 },
    });
    bed.user.create(workload('v1', 'ResourceQuota', 'q', { hard: { pods: '2', 'requests.cpu': '1' } }));
    const used = () =>
      (bed.get('ResourceQuota', 'q') as unknown as { status?: { used?: object } }).status?.used;
    bed.at(1, () =>
      bed.user.create(
        workload<Job>('batch/v1', 'Job', 'work', {
          completions: 2,
          parallelism: 2,
          template: template('work', 'job:1', { restartPolicy: 'Never' }),
        }),
      ),
    );
    bed.run(7);
    expect(used()).toEqual({ pods: '2', 'requests.cpu': '200m' });
    bed.run(9);
    expect(used()).toEqual({ pods: '0', 'requests.cpu': '0' });
  });
});
