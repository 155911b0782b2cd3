import { describe, expect, it } from 'vitest';
import { defaultProfile } from '../src/scheduler/default-profile.ts';
import { schedulerModelSchema } from '../src/scheduler/scheduler-model.schema.ts';
import { RandomStreams } from '../src/sim/random-streams.ts';
import { MINUTE_US, node, type Rig, SECOND_US, schedulerRig, shape } from './support/scheduler-rig.ts';

/** A pod of 1 CPU that finds no room on a node of half a CPU. */
function withWaitingPod(rig: Rig): Rig {
  rig.addNode(node('small', { cpu: '500m' }));
  rig.addPod('a', shape());
  return rig;
}

describe('kube-scheduler', () => {
  it('binds a pod to the only node that has room', () => {
    const rig = schedulerRig();
    rig.addNode(node('small', { cpu: '500m' }));
    rig.addNode(node('large'));
    rig.addPod('a', shape());
    rig.run(SECOND_US);
    expect(rig.nodeOf('a')).toBe('large');
  });

  it('says why a pod fits nowhere, and binds it once a node with room comes', () => {
    const rig = withWaitingPod(schedulerRig());
    rig.run(5 * SECOND_US);
    expect(rig.pod('a')).toMatchObject({
      nodeName: '',
      scheduledReason: 'Unschedulable',
      scheduledMessage: expect.stringContaining('0/1 nodes are available: 1 Insufficient cpu.'),
    });
    rig.addNode(node('large'));
    rig.run(6 * SECOND_US);
    expect(rig.nodeOf('a')).toBe('large');
  });

  it('does not try a pod again for an event that cannot help it', () => {
    const rig = withWaitingPod(schedulerRig());
    rig.run(20 * SECOND_US);
    rig.addNode(node('small too', { cpu: '900m' }));
    rig.setNode('small', (made) => ({ ...made, metadata: { ...made.metadata, labels: { x: 'y' } } }));
    rig.run(40 * SECOND_US);
    expect(rig.log).toEqual(['0 a Unschedulable']);
  });

  it('tries a pod again after 5 minutes without an event, on a tick of 30 s', () => {
    const rig = schedulerRig();
    rig.run(7 * SECOND_US);
    withWaitingPod(rig);
    rig.run(20 * MINUTE_US);
    expect(rig.log).toEqual([
      '7 a Unschedulable',
      '330 a Unschedulable',
      '660 a Unschedulable',
      '990 a Unschedulable',
    ]);
  });

  it('retries a pod before its back-off is over when there is nothing else to do', () => {
    const rig = withWaitingPod(schedulerRig());
    rig.run(100_000);
    rig.addNode(node('large'));
    rig.run(200_000);
    expect(rig.log).toEqual(['0 a Unschedulable', '0.1 a -> large']);
  });

  it('leaves pods of another scheduler alone', () => {
    const rig = schedulerRig();
    rig.addNode(node('n'));
    rig.addPod('a', shape('1', { schedulerName: 'other' }));
    rig.run(10 * MINUTE_US);
    expect(rig.pod('a')).toMatchObject({ nodeName: '', scheduledReason: '' });
  });

  it('counts pods that others have bound', () => {
    const rig = schedulerRig();
    rig.addNode(node('n', { cpu: '1500m' }));
    rig.addPod('theirs', shape('1', { schedulerName: 'other' }), { nodeName: 'n' });
    rig.addPod('a', shape());
    rig.run(SECOND_US);
    expect(rig.nodeOf('a')).toBe('');
  });

  it('gives room back when a pod is deleted', () => {
    const rig = schedulerRig();
    rig.addNode(node('n', { cpu: '1' }));
    rig.addPod('a', shape());
    rig.addPod('b', shape());
    rig.run(20 * SECOND_US);
    expect(rig.nodeOf('b')).toBe('');
    rig.removePod('a');
    rig.run(21 * SECOND_US);
    expect(rig.nodeOf('b')).toBe('n');
  });

  it('gives room back when a pod has finished', () => {
    const rig = schedulerRig();
    rig.addNode(node('n', { cpu: '1' }));
    rig.addPod('a', shape());
    rig.addPod('b', shape());
    rig.run(20 * SECOND_US);
    rig.user.patchPodStatus(
      rig.pod('a'),
      (pod) => Object.assign(pod.draft(), { phase: 'Succeeded' as const }),
      undefined,
    );
    rig.run(21 * SECOND_US);
    expect(rig.nodeOf('b')).toBe('n');
  });

  it('counts a deleted pod until it is gone', () => {
    const rig = schedulerRig();
    rig.addNode(node('n', { cpu: '1' }));
    rig.addPod('a', shape());
    rig.run(SECOND_US);
    rig.user.deletePod(rig.pod('a'));
    rig.addPod('b', shape());
    rig.run(20 * SECOND_US);
    expect(rig.nodeOf('b')).toBe('');
  });

  it('counts the pods of a node that went and came back under its name', () => {
    const rig = schedulerRig();
    rig.addNode(node('n', { cpu: '1' }));
    rig.addPod('a', shape());
    rig.run(SECOND_US);
    rig.removeNode('n');
    rig.run(2 * SECOND_US);
    rig.addNode(node('n', { cpu: '1' }));
    rig.addPod('b', shape());
    rig.run(20 * SECOND_US);
    expect(rig.nodeOf('b')).toBe('');
  });

  it('lets a gated pod in when its last gate is gone', () => {
    const rig = schedulerRig();
    rig.addNode(node('n'));
    rig.addPod('a', shape('1', { schedulingGates: [{ name: 'g' }] }));
    rig.run(MINUTE_US);
    expect([rig.nodeOf('a'), rig.scheduler.queue.nGated]).toEqual(['', 1]);
    rig.user.patch(
      { kind: 'Pod', namespace: 'default', name: 'a' },
      (pod) => {
        const { schedulingGates: _, ...spec } = (pod as unknown as { spec: Record<string, unknown> }).spec;
        return { ...pod, spec } as typeof pod;
      },
      undefined,
    );
    rig.run(2 * MINUTE_US);
    expect(rig.nodeOf('a')).toBe('n');
  });

  it('takes pods of higher priority first', () => {
    const rig = schedulerRig();
    rig.create({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'high' },
      value: 5,
    } as never);
    rig.addPod('a', shape());
    rig.addPod('b', shape('1', { priorityClassName: 'high' }));
    rig.addNode(node('n'));
    rig.run(SECOND_US);
    expect(rig.log).toEqual(['0 b -> n', '0 a -> n']);
  });

  it('sends a pinned pod to its node', () => {
    const rig = schedulerRig();
    for (const name of ['n1', 'n2', 'n3']) rig.addNode(node(name));
    rig.addPod('a', shape(), { pinnedNode: 'n2' });
    rig.addPod('b', shape(), { pinnedNode: 'gone' });
    rig.run(SECOND_US);
    expect([rig.nodeOf('a'), rig.nodeOf('b')]).toEqual(['n2', '']);
  });
});

describe('without any node', () => {
  it('an attempt counts as an error: back-off of 1, 2, 4, 8, 10 s, each to the next whole second', () => {
    const rig = schedulerRig();
    rig.addPod('a', shape());
    rig.run(45 * SECOND_US);
    expect(rig.log.map((line) => line.split(' ')[0])).toEqual(['0', '2', '5', '10', '19', '30', '41']);
    expect(rig.pod('a').scheduledMessage).toBe('no nodes available to schedule pods');
  });

  it('an endless run ends although the pod would be tried for ever', () => {
    const rig = schedulerRig();
    rig.addPod('a', shape());
    expect(rig.run(Number.POSITIVE_INFINITY)).toBe('done');
    expect(rig.log).toHaveLength(5);
  });
});

describe('a binding that fails', () => {
  it('gives the room back and tries the pod again after its back-off', () => {
    const rig = schedulerRig({ nBindFailures: 2 });
    rig.addNode(node('n', { cpu: '1' }));
    rig.addPod('a', shape());
    rig.run(MINUTE_US);
    expect(rig.log).toEqual(['0 a -> n', '0 a SchedulerError', '2 a -> n', '2 a SchedulerError', '5 a -> n']);
    expect(rig.nodeOf('a')).toBe('n');
  });

  it('says so in the condition', () => {
    const rig = schedulerRig({ nBindFailures: 1 });
    rig.addNode(node('n'));
    rig.addPod('a', shape());
    rig.run(SECOND_US);
    expect(rig.pod('a')).toMatchObject({
      scheduledReason: 'SchedulerError',
      scheduledMessage: 'running Bind plugin "DefaultBinder": etcdserver: request timed out',
    });
  });

  it('lets other pods have the room meanwhile', () => {
    const rig = schedulerRig({ nBindFailures: 1 });
    rig.addNode(node('n', { cpu: '1' }));
    rig.addPod('a', shape());
    rig.addPod('b', shape());
    rig.run(MINUTE_US);
    expect([rig.nodeOf('a'), rig.nodeOf('b')]).toEqual(['', 'n']);
  });
});

describe('profiles', () => {
  it('serve the pods that name them, each with its own plugins', () => {
    const mostAllocated = {
      name: 'NodeResourcesFit',
      args: { scoringStrategy: { type: 'MostAllocated' } },
    };
    const only = {
      score: { disabled: [{ name: '*' }], enabled: [{ name: 'NodeResourcesFit' }] },
    };
    const rig = schedulerRig({
      config: {
        profiles: [
          { schedulerName: 'spreading', plugins: only },
          { schedulerName: 'packing', plugins: only, pluginConfig: [mostAllocated] },
        ],
      },
    });
    rig.addNode(node('empty'));
    rig.addNode(node('used'));
    rig.addPod('old', shape('2', { schedulerName: 'nobody' }), { nodeName: 'used' });
    rig.addPod('a', shape('1', { schedulerName: 'spreading' }));
    rig.addPod('b', shape('1', { schedulerName: 'packing' }));
    rig.addPod('c', shape());
    rig.run(SECOND_US);
    expect(['a', 'b', 'c'].map(rig.nodeOf)).toEqual(['empty', 'used', '']);
  });

  it('of two schedulers see what the other has bound', () => {
    const rig = schedulerRig();
    rig.schedulerOf(rig.server.process('second'), {
      profiles: [defaultProfile({ schedulerName: 'second' })],
    });
    rig.addNode(node('n', { cpu: '1' }));
    rig.addPod('a', shape());
    rig.run(SECOND_US);
    rig.addPod('b', shape('1', { schedulerName: 'second' }));
    rig.run(2 * SECOND_US);
    expect([rig.nodeOf('a'), rig.nodeOf('b'), rig.pod('b').scheduledReason]).toEqual([
      'n',
      '',
      'Unschedulable',
    ]);
  });
});

describe('of equal nodes', () => {
  const chosen = (tieBreak: 'heap' | 'random' | 'first', seed = 1) => {
    const model = schedulerModelSchema.parse({ tieBreak });
    const rig = schedulerRig({ model, streams: new RandomStreams(seed) });
    for (let i = 0; i < 40; i++) rig.addNode(node(`n${i}`));
    rig.addPod('a', shape());
    rig.run(SECOND_US);
    return rig.nodeOf('a');
  };

  it('the first in walking order is taken by default, as a heap of equals has it', () => {
    expect([chosen('heap'), chosen('first')]).toEqual(['n0', 'n0']);
  });

  it('any is taken at random, by the seed', () => {
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(new Set(seeds.map((seed) => chosen('random', seed))).size).toBeGreaterThan(4);
    expect(chosen('random', 3)).toBe(chosen('random', 3));
  });
});

describe('a scheduler that dies', () => {
  it('is followed by one that knows what was bound and what waits', () => {
    const rig = schedulerRig();
    rig.addNode(node('n', { cpu: '2' }));
    rig.addPod('a', shape());
    rig.run(SECOND_US);
    rig.scheduler.stop();
    rig.process.stop();
    rig.addPod('b', shape());
    rig.addPod('c', shape());
    rig.run(20 * SECOND_US);
    expect(rig.nodeOf('b')).toBe('');
    rig.process.start();
    rig.scheduler.lead();
    rig.run(40 * SECOND_US);
    expect(['a', 'b', 'c'].map(rig.nodeOf)).toEqual(['n', 'n', '']);
  });
});

describe('a run', () => {
  const bindings = (step: number) => {
    const rig = schedulerRig({ isInstant: false, hasLatency: true });
    for (let i = 0; i < 20; i++) rig.addNode(node(`n${i}`, { cpu: '3', labels: { zone: `z${i % 3}` } }));
    for (let i = 0; i < 70; i++) rig.addPod(`p${i}`, shape(`${1 + (i % 3)}`));
    if (step === 0) rig.run(MINUTE_US);
    else while (rig.simulation.advance(step, MINUTE_US) === 'more');
    return rig.log;
  };

  it('goes the same way every time, however it is sliced', () => {
    const whole = bindings(0);
    expect(whole.length).toBeGreaterThan(60);
    expect(bindings(1)).toEqual(whole);
    expect(bindings(7)).toEqual(whole);
  });
});
