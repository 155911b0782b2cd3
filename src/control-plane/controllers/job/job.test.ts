import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PodObject } from '../../../kube/pod-object.ts';
import type { Job, JobSpec } from '../../../kube/types.ts';
import { Bed, template, workload } from '../../testing/bed.ts';
import { formatIndexes, parseIndexes } from './indexes.ts';

const KUBELET = { startSeconds: 1, readySeconds: 1, terminateSeconds: 1, runSeconds: 6 };

function job(spec: Partial<JobSpec>, restartPolicy: 'Never' | 'OnFailure' = 'Never'): Job {
  return workload<Job>('batch/v1', 'Job', 'work', {
    template: template('work', 'job:1', { restartPolicy }),
    ...spec,
  });
}

/** Runs a Job; its pods run for 6 s from 1 s after their creation, the first `nFail` of them end in failure. */
function play(spec: Partial<JobSpec>, nFail = 0, untilSeconds = 200, act?: (bed: Bed) => void) {
  const bed = new Bed({ kubelet: { ...KUBELET, fail: { work: nFail } } });
  bed.user.create(job(spec));
  act?.(bed);
  bed.run(untilSeconds);
  return { bed, times: bed.times('work'), status: bed.get<Job>('Job', 'work')?.status };
}

const conditions = (status: Job['status']) =>
  (status?.conditions ?? []).map(({ type, reason }) => `${type} ${reason}`);

describe('Job', () => {
  // A pod created at t ends at t + 7; the Job looks at what happened one second later.
  it('keeps as many pods running as may run, until enough have succeeded', () => {
    const { times, status } = play({ completions: 5, parallelism: 2 });
    expect(times.created).toEqual([0, 0, 8, 8, 16]);
    expect(status).toMatchObject({ succeeded: 5, failed: 0, active: 0 });
    expect(conditions(status)).toEqual([
      'SuccessCriteriaMet CompletionsReached',
      'Complete CompletionsReached',
    ]);
  });

  it('as a work queue starts nothing more once a pod has succeeded', () => {
    const { times, status } = play({ parallelism: 3 }, 1);
    expect(times.created).toEqual([0, 0, 0]);
    expect(status).toMatchObject({ succeeded: 2, failed: 1 });
  });

  // Failures at 7 s, then after waits of 10 s, 20 s and 40 s from the end of the last pod.
  it('waits 10 s, 20 s, 40 s, … before it replaces failed pods', () => {
    const { times } = play({ backoffLimit: 10 }, 3);
    expect(times.created).toEqual([0, 17, 44, 91]);
  });

  // A pod that is not Ready since 4 s and is deleted at 8 s failed at 4 s; it is replaced 10 s after its failure.
  it.each([
    ['has been unready for a while', 4, 14],
    ['is ready', undefined, 18],
  ])('replaces a pod that is deleted while it %s', (_title, unreadyS, replacedS) => {
    const unready = (bed: Bed) => {
      const [pod] = bed.pods();
      bed.user.patchPodStatus(
        pod!,
        (stored, nowUs) => Object.assign(stored.draft(), { ready: false, readyChangedUs: nowUs }),
        undefined,
      );
    };
    const { times } = play({ parallelism: 1, completions: 1, backoffLimit: 3 }, 0, 30, (bed) => {
      if (unreadyS !== undefined) bed.at(unreadyS, () => unready(bed));
      bed.at(5, () => bed.kubelets.stop('node-0')).at(8, () => bed.user.deletePod(bed.pods()[0]!));
    });
    expect(times.created).toEqual([0, replacedS]);
  });

  it('forgets failures with a success', () => {
    const { times } = play({ completions: 2, backoffLimit: 10 }, 1, 200, (bed) =>
      bed.at(26.5, () => bed.kubelets.finish(bed.pods(({ phase }) => phase === 'Running')[0]!, 'Failed')),
    );
    // Failed at 7 s, replaced at 17 s, succeeded at 24 s; the next, of 25 s, fails at 26 s (cut) and is replaced 10 s later.
    expect(times.created).toEqual([0, 17, 25, 36]);
  });

  it('fails when there are more failures than its limit, pods first, verdict last', () => {
    const { times, status } = play({ parallelism: 2, completions: 4, backoffLimit: 0 }, 1);
    expect(times.failed).toEqual([7]);
    expect(conditions(status)).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
    expect(status).toMatchObject({ active: 0, terminating: 0 });
  });

  it('ends at its deadline and deletes what runs', () => {
    const { times, status } = play({ completions: 50, activeDeadlineSeconds: 30 });
    // Pods of 0, 8, 16 and 24 s; the last one is deleted at 30 s, gone at 31 s, and counted a second later.
    expect(times).toMatchObject({ created: [0, 8, 16, 24], terminating: [30], gone: [31] });
    expect(status).toMatchObject({ succeeded: 3, failed: 1 });
    expect(conditions(status).at(-1)).toBe('Failed DeadlineExceeded');
  });

  it.each([
    ['kubernetes.io/job-controller', 1],
    ['example.com/queue', 0],
  ])('managed by %s gets %i pods', (managedBy, nPods) => {
    expect(play({ managedBy }).times.created).toHaveLength(nPods);
  });

  it('counts its deadline from the last time that it was resumed', () => {
    const suspend = (bed: Bed, isSuspended: boolean) =>
      bed.patch<Job>('Job', 'work', (object) => ({
        ...object,
        spec: { ...object.spec, suspend: isSuspended },
      }));
    const { times } = play({ completions: 50, activeDeadlineSeconds: 10 }, 0, 100, (bed) =>
      bed.at(5, () => suspend(bed, true)).at(40, () => suspend(bed, false)),
    );
    expect(times).toMatchObject({ created: [0, 40, 48], terminating: [5, 50] });
  });

  it('runs each index once, lowest first, and retries what failed', () => {
    const { bed, status } = play({ completions: 4, parallelism: 2, completionMode: 'Indexed' }, 1);
    const indexes = bed.pods().map(({ identity, phase }) => `${identity.index} ${phase}`);
    expect(indexes).toEqual(['0 Failed', '1 Succeeded', '0 Succeeded', '2 Succeeded', '3 Succeeded']);
    expect(status).toMatchObject({ succeeded: 4, failed: 1, completedIndexes: '0-3' });
    expect(bed.pods()[0]!.name).toMatch(/^work-0-[a-z0-9]{5}$/);
  });

  it('counts retries for each index apart with backoffLimitPerIndex', () => {
    const { bed, status } = play(
      { completions: 2, parallelism: 2, completionMode: 'Indexed', backoffLimitPerIndex: 1 },
      0,
      200,
      (bed) => {
        const fail = () => {
          for (const pod of bed.pods(({ identity, phase }) => identity.index === 0 && phase === 'Running')) {
            bed.kubelets.finish(pod, 'Failed');
          }
        };
        bed.at(3, fail).at(20, fail);
      },
    );
    expect(bed.pods().map(({ identity }) => identity.index)).toEqual([0, 1, 0]);
    expect(status).toMatchObject({ completedIndexes: '1', failedIndexes: '0', failed: 2, succeeded: 1 });
    expect(conditions(status).at(-1)).toBe('Failed FailedIndexes');
  });

  it('succeeds early by its success policy and deletes the rest', () => {
    const successPolicy = { rules: [{ succeededIndexes: '0', succeededCount: 1 }] };
    const { bed, times, status } = play(
      { completions: 3, parallelism: 3, completionMode: 'Indexed', successPolicy },
      0,
      60,
      (bed) =>
        bed.at(4.5, () =>
          bed.kubelets.finish(bed.pods().find(({ identity }) => identity.index === 0)!, 'Succeeded'),
        ),
    );
    expect(times.terminating).toEqual([5.5, 5.5]);
    expect(conditions(status)).toEqual(['SuccessCriteriaMet SuccessPolicy', 'Complete SuccessPolicy']);
    expect(bed.pods().filter(({ phase }) => phase === 'Succeeded')).toHaveLength(1);
  });

  const exitCode = (code: number) => (pod: PodObject) =>
    Object.assign(pod.draft(), { phase: 'Failed' as const, exitCode: code, finishedUs: 3e6 });
  it.each([
    ['FailJob ends it at once', 'FailJob', ['FailureTarget PodFailurePolicy', 'Failed PodFailurePolicy'], 1],
    [
      'Ignore replaces the pod without counting it',
      'Ignore',
      ['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached'],
      0,
    ],
    ['Count counts it', 'Count', ['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded'], 1],
  ] as const)('judges failures by its policy: %s', (_title, action, expected, failed) => {
    const rules = [{ action, onExitCodes: { operator: 'In' as const, values: [42] } }];
    const { status } = play({ backoffLimit: 0, podFailurePolicy: { rules } }, 0, 100, (bed) =>
      bed.at(3, () => bed.user.patchPodStatus(bed.pods()[0]!, exitCode(42), undefined)),
    );
    expect(conditions(status)).toEqual(expected);
    expect(status?.failed).toBe(failed);
  });

  it('deletes its pods when suspended, and starts anew when resumed', () => {
    const suspend = (bed: Bed, value: boolean) =>
      bed.patch<Job>('Job', 'work', (object) => ({ ...object, spec: { ...object.spec, suspend: value } }));
    const { times, status } = play({ parallelism: 2, completions: 2 }, 0, 60, (bed) =>
      bed.at(3, () => suspend(bed, true)).at(20, () => suspend(bed, false)),
    );
    expect(times).toMatchObject({ created: [0, 0, 20, 20], terminating: [3, 3] });
    expect(status).toMatchObject({ succeeded: 2 });
  });

  it('waits 10 s after a deletion, whichever pods may be replaced', () => {
    const run = (podReplacementPolicy: 'Failed' | 'TerminatingOrFailed') =>
      play({ podReplacementPolicy, backoffLimit: 5 }, 0, 60, (bed) =>
        bed
          .at(3, () => bed.user.deletePod(bed.pods()[0]!))
          .at(3.5, () => bed.kubelets.finish(bed.pods()[0]!, 'Failed')),
      ).times.created;
    // The back-off of 10 s counts from the deletion at 3 s, or from the end, which is cut to 3 s and seen at 4.5 s.
    expect(run('TerminatingOrFailed')).toEqual([0, 13]);
    expect(run('Failed')).toEqual([0, 13]);
  });

  it('does not replace a pod that is only terminating when only failed ones may be replaced', () => {
    const { times, status } = play({ podReplacementPolicy: 'Failed', backoffLimit: 5 }, 0, 60, (bed) =>
      bed.at(3, () => bed.user.deletePod(bed.pods()[0]!)),
    );
    expect(times.created).toEqual([0]);
    expect(status).toMatchObject({ active: 0, terminating: 1 });
    expect(status?.failed ?? 0).toBe(0);
  });

  it('goes some time after it has ended, with its pods', () => {
    const { bed } = play({ ttlSecondsAfterFinished: 20 }, 0, 27.9);
    expect(bed.get('Job', 'work')).toBeDefined();
    bed.run(29);
    expect(bed.get('Job', 'work')).toBeUndefined();
    expect(bed.pods()).toEqual([]);
  });
});

describe('completion indexes', () => {
  it.each([
    [[], ''],
    [[3], '3'],
    [[1, 2], '1,2'],
    [[0, 1, 2, 5, 7, 8, 9], '0-2,5,7-9'],
  ])('%j are written %j', (indexes, text) => {
    expect(formatIndexes(indexes)).toBe(text);
  });

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40)), (indexes) => {
        expect([...parseIndexes(formatIndexes(indexes), 41)].sort((a, b) => a - b)).toEqual(
          indexes.sort((a, b) => a - b),
        );
      }),
    );
  });
});
