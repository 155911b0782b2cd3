import { describe, expect, it } from 'vitest';
import type { DaemonSet, DaemonSetSpec, Node, Taint } from '../../../kube/types.ts';
import { appsWorkload, Bed, template } from '../../testing/bed.ts';

function set(spec: Partial<DaemonSetSpec> = {}): DaemonSet {
  return appsWorkload<DaemonSet>('DaemonSet', 'agent', spec);
}

function taint(bed: Bed, name: string, ...taints: Taint[]): void {
  bed.patch<Node>('Node', name, (node) => ({ ...node, spec: { ...node.spec, taints } }), '');
}

const rolling = (maxSurge: number | string, maxUnavailable: number | string) => ({
  updateStrategy: { type: 'RollingUpdate' as const, rollingUpdate: { maxSurge, maxUnavailable } },
});
const setImage = (bed: Bed, image: string) =>
  bed.patch<DaemonSet>('DaemonSet', 'agent', (object) => ({
    ...object,
    spec: { ...object.spec, template: template('agent', image) },
  }));
const places = (bed: Bed) =>
  bed
    .pods(({ active }) => active)
    .map(({ nodeName }) => nodeName)
    .sort();

// Pods are ready 5 s after their creation and gone 2 s after their deletion.
describe('DaemonSet', () => {
  it('has a pod on every node, also on one that joins, and on a cordoned one', () => {
    const bed = new Bed({ nNodes: 2 });
    bed.patch<Node>(
      'Node',
      'node-0',
      (node) => ({ ...node, spec: { ...node.spec, unschedulable: true } }),
      '',
    );
    bed.user.create(set());
    bed.at(10, () => bed.addNode('late'));
    bed.run(20);
    expect(places(bed)).toEqual(['late', 'node-0', 'node-1']);
    expect(bed.times('agent').created).toEqual([0, 0, 10]);
  });

  it('passes nodes by that it does not tolerate or select', () => {
    const bed = new Bed({ nNodes: 2 });
    taint(bed, 'node-0', { key: 'gpu', effect: 'NoSchedule' });
    bed.addNode('ssd', { disk: 'ssd' });
    bed.user.create(set({ template: template('agent', 'app:1', { nodeSelector: { disk: 'ssd' } }) }));
    bed.run(10);
    expect(places(bed)).toEqual(['ssd']);
  });

  it.each([
    ['Exists', 'Exists' as const, []],
    ['no operator', undefined, [85.1]],
  ])(
    'outlives an unreachable node, though its template tolerates that for 5 s with %s',
    (_, operator, ends) => {
      const bed = new Bed({ nNodes: 2 });
      const taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' as const };
      const tolerations = [{ ...taint, ...(operator && { operator }), tolerationSeconds: 5 }];
      bed.user.create(set({ template: template('agent', 'app:1', { tolerations }) }));
      // Tainted NoExecute at 80.1.
      bed.at(33, () => bed.kubelets.stop('node-1'));
      bed.run(120);
      expect(bed.times('agent').terminating).toEqual(ends);
    },
  );

  it('stays beside a NoSchedule taint, and leaves a NoExecute taint', () => {
    const bed = new Bed({ nNodes: 2 });
    bed.user.create(set());
    bed
      .at(10, () => taint(bed, 'node-0', { key: 'a', effect: 'NoSchedule' }))
      .at(20, () => taint(bed, 'node-1', { key: 'b', effect: 'NoExecute' }));
    bed.run(30);
    expect(places(bed)).toEqual(['node-0']);
    expect(bed.times('agent').terminating).toEqual([20]);
  });

  it('replaces what is not available first, and nothing else while that is all that may be missing', () => {
    const bed = new Bed({ nNodes: 3 });
    bed.user.create(set(rolling(0, 1)));
    bed
      .at(10, () => bed.kubelets.stop('node-0'))
      .at(100, () => setImage(bed, 'app:2'))
      .at(130, () => bed.kubelets.start('node-0'));
    bed.run(129);
    // Its pod went unready with its node; it is told to go, and the new one cannot start there.
    expect(bed.times('agent').terminating).toEqual([100]);
    bed.run(200);
    expect(bed.times('agent').terminating.length).toBe(3);
  });

  it('leaves pods on lost nodes alone', () => {
    const bed = new Bed({ nNodes: 2 });
    bed.user.create(set());
    bed.at(10, () => bed.kubelets.stop('node-0'));
    bed.run(600);
    expect(bed.times('agent').terminating).toEqual([]);
  });

  it('is placed by its controller where that is wanted', () => {
    const bed = new Bed({ nNodes: 2, controllers: { daemonSets: 'controller' } });
    bed.user.create(set());
    bed.simulation.advance(100, 0);
    const first = bed.recorder.rows.filter(({ kind }) => kind === 'Pod').map(({ node }) => node);
    expect(first.slice(0, 2)).toEqual(['node-0', 'node-1']);
  });

  it.each([
    ['one node at a time', rolling(0, 1), { terminating: [10, 17, 24], created: [0, 0, 0, 12, 19, 26] }],
    [
      'half of the nodes, rounded up, at a time',
      rolling(0, '50%'),
      { terminating: [10, 10, 17], created: [0, 0, 0, 12, 12, 19] },
    ],
    ['new pods beside the old', rolling(1, 0), { created: [0, 0, 0, 10, 15, 20], terminating: [15, 20, 25] }],
  ])('updates %s', (_title, strategy, expected) => {
    const bed = new Bed();
    bed.user.create(set(strategy));
    bed.at(10, () => setImage(bed, 'app:2'));
    bed.run(60);
    expect(bed.times('agent')).toMatchObject(expected);
    expect(bed.get<DaemonSet>('DaemonSet', 'agent')?.status).toMatchObject({
      desiredNumberScheduled: 3,
      updatedNumberScheduled: 3,
      numberReady: 3,
    });
  });

  it('replaces unavailable old pods whatever the budget', () => {
    const bed = new Bed({ kubelet: { neverReady: ['app:bad'] } });
    bed.user.create(set({ template: template('agent', 'app:bad') }));
    bed.at(10, () => setImage(bed, 'app:2'));
    bed.run(30);
    expect(bed.times('agent').terminating).toEqual([10, 10, 10]);
  });

  it('replaces failed pods at once, then with a back-off of 1 s, 2 s, … from the failure on', () => {
    const bed = new Bed({ nNodes: 1, kubelet: { startSeconds: 0, readySeconds: 0 } });
    bed.user.create(set());
    const fail = () => bed.kubelets.finish(bed.pods(({ terminal }) => !terminal)[0]!, 'Failed');
    // The 4 s that began at 14 s are over at 18 s, but the look at 15.1 s comes back after 4 s.
    for (const at of [10, 10.2, 12, 15.1]) bed.at(at, fail);
    bed.run(30);
    expect(bed.times('agent').created).toEqual([0, 10, 11.2, 14, 19.1]);
  });

  it('does not update by itself with OnDelete', () => {
    const bed = new Bed();
    bed.user.create(set({ updateStrategy: { type: 'OnDelete' } }));
    bed.at(10, () => setImage(bed, 'app:2'));
    bed.run(30);
    expect(bed.times('agent').terminating).toEqual([]);
  });
});
