import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment, Node } from '../../../kube/types.ts';
import { constantLatency } from '../../latency.ts';
import { appsWorkload, Bed, template } from '../../testing/bed.ts';
import { DEFAULT_RATES, evictionRate, Zone, zoneState } from './zones.ts';

const tolerate = (key: string, tolerationSeconds: number) => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists' as const,
  effect: 'NoExecute' as const,
  tolerationSeconds,
});

function stop(bed: Bed, count: number): void {
  for (let n = 0; n < count; n++) bed.kubelets.stop(`node-${n}`);
}

function nodeHistory(bed: Bed, name: string): string[] {
  return bed.history(
    'Node',
    ({ ready, taints }) =>
      `${ready} ${(taints as string[]).map((taint) => taint.replace('node.kubernetes.io/', '')).join(' ')}`,
    name,
  );
}

/** Leases are renewed every 10 s from 0 on; passes come every 5 s. */
describe('a silent node', () => {
  it('is unknown at the first pass 50 s after the pass that saw its last renewal, and tainted for eviction 100 ms later', () => {
    const bed = new Bed({ zones: ['a', 'b', 'c'] });
    bed.at(33, () => bed.kubelets.stop('node-1'));
    bed.run(120);
    // Renewed at 30 s, seen by the pass at 30 s.
    expect(nodeHistory(bed, 'node-1')).toEqual([
      '0 "True "',
      '80 "Unknown "',
      '80 "Unknown unreachable=:NoSchedule"',
      '80.1 "Unknown unreachable=:NoExecute unreachable=:NoSchedule"',
    ]);
  });

  it('loses its pods 300 s later, and its replacements come at once', () => {
    const bed = new Bed({ nNodes: 3, zones: ['a', 'b', 'c'] });
    bed.user.create(appsWorkload<Deployment>('Deployment', 'web', { replicas: 3 }));
    bed.at(33, () => bed.kubelets.stop('node-1'));
    bed.run(500);
    expect(bed.times('web')).toMatchObject({ created: [0, 0, 0, 380.1], terminating: [380.1], gone: [] });
    expect(bed.pods(({ disruption }) => disruption === 'DeletionByTaintManager')).toHaveLength(1);
  });

  it('makes its pods unready at once', () => {
    const bed = new Bed({ zones: ['a', 'b', 'c'] });
    bed.user.create(appsWorkload<Deployment>('Deployment', 'web', { replicas: 3 }));
    bed.at(33, () => bed.kubelets.stop('node-1'));
    bed.run(90);
    expect(bed.history('Deployment', ({ ready }) => ready)).toEqual(['0 0', '5 3', '80 2']);
  });

  it('is forgiven when it is back in time', () => {
    const bed = new Bed({ zones: ['a', 'b', 'c'] });
    bed
      .at(33, () => bed.kubelets.stop('node-1'))
      .at(79, () => bed.kubelets.client.renewLease('node-1', bed.simulation.nowUs, 10e6));
    bed.run(300);
    expect(nodeHistory(bed, 'node-1')).toEqual(['0 "True "']);
  });

  it.each([
    [20, 100.1],
    [200, 280.1],
    [0, 80.1],
  ])('keeps pods that tolerate it for %i s until %d s', (seconds, until) => {
    const bed = new Bed({ nNodes: 2, zones: ['a', 'b'] });
    const tolerations = [tolerate('unreachable', seconds), tolerate('not-ready', seconds)];
    bed.user.create(
      appsWorkload<Deployment>('Deployment', 'web', {
        replicas: 2,
        template: template('web', 'app:1', { tolerations }),
      }),
    );
    bed.at(33, () => bed.kubelets.stop('node-1'));
    bed.run(400);
    expect(bed.times('web').terminating).toEqual([until]);
  });
});

describe('many silent nodes', () => {
  it('of one zone are tainted one every ten seconds', () => {
    const bed = new Bed({ nNodes: 10, zones: ['a'] });
    bed.at(33, () => stop(bed, 3));
    bed.run(200);
    const tainted = [0, 1, 2].map(
      (n) =>
        nodeHistory(bed, `node-${n}`)
          .find((line) => line.includes('NoExecute'))
          ?.split(' ')[0],
    );
    expect(tainted).toEqual(['80.1', '90.1', '100.1']);
  });

  it('are left alone when they are most of a small zone', () => {
    const bed = new Bed({ nNodes: 6, zones: ['a'] });
    bed.at(33, () => stop(bed, 4));
    bed.run(200);
    const tainted = bed.recorder.rows.filter(({ taints }) => String(taints).includes('NoExecute'));
    // The pass that finds them out judges the zone as well, before the first taint.
    expect(tainted).toHaveLength(0);
  });

  // A pass judges the zone when it has told all pods, one request after the other on each node.
  it.each([
    [2, 0],
    [40, 1],
  ])(
    'with %i pods each on most of a small zone lose %i of their number before it is judged',
    (nPods, nLost) => {
      const bed = new Bed({ nNodes: 6, zones: ['a'], latency: constantLatency(4000, 1000, 2000) });
      for (let n = 0; n < 4; n++) {
        const name = `web-${n}`;
        const nodeSelector = { 'kubernetes.io/hostname': `node-${n}` };
        bed.user.create(
          appsWorkload<Deployment>('Deployment', name, {
            replicas: nPods,
            template: template(name, 'app:1', { nodeSelector }),
          }),
        );
      }
      bed.at(33, () => stop(bed, 4));
      bed.run(120);
      const tainted = [0, 1, 2, 3].filter((n) => nodeHistory(bed, `node-${n}`).at(-1)?.includes('NoExecute'));
      expect(tainted).toHaveLength(nLost);
    },
  );

  it('are left alone when they are all: the trouble is the control plane’s', () => {
    const bed = new Bed({ nNodes: 3, zones: ['a', 'b', 'c'] });
    bed.user.create(appsWorkload<Deployment>('Deployment', 'web', { replicas: 3 }));
    bed.at(33, () => stop(bed, 3));
    bed.run(600);
    expect(bed.times('web').terminating).toEqual([]);
    expect([0, 1, 2].map((n) => nodeHistory(bed, `node-${n}`).at(-1)?.includes('NoExecute'))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('conditions and cordons', () => {
  it.each([
    ['Ready', 'False', 'not-ready'],
    ['MemoryPressure', 'True', 'memory-pressure'],
    ['DiskPressure', 'True', 'disk-pressure'],
    ['PIDPressure', 'True', 'pid-pressure'],
    ['NetworkUnavailable', 'True', 'network-unavailable'],
  ])('%s=%s keeps new pods away by %s', (type, status, key) => {
    const bed = new Bed({ zones: ['a', 'b', 'c'] });
    const set = (value: string) =>
      bed.user.patchStatus<Node, undefined, undefined>(
        { kind: 'Node', name: 'node-0' },
        (node) => {
          const others = (node.status?.conditions ?? []).filter((condition) => condition.type !== type);
          return {
            ...node,
            status: { ...node.status, conditions: [...others, { type, status: value as 'True' }] },
          };
        },
        undefined,
      );
    bed.at(7, () => set(status)).at(9, () => set(status === 'True' ? 'False' : 'True'));
    bed.run(12);
    const taints = bed.history('Node', (row) => row.taints, 'node-0');
    expect(taints).toEqual(['0 []', `7 ["node.kubernetes.io/${key}=:NoSchedule"]`, '9 []']);
  });

  it('cordons by a taint too', () => {
    const bed = new Bed();
    bed.at(7, () =>
      bed.patch<Node>(
        'Node',
        'node-0',
        (node) => ({ ...node, spec: { ...node.spec, unschedulable: true } }),
        '',
      ),
    );
    bed.run(8);
    expect(bed.history('Node', ({ taints }) => taints, 'node-0').at(-1)).toBe(
      '7 ["node.kubernetes.io/unschedulable=:NoSchedule"]',
    );
  });
});

describe('zones', () => {
  it.each([
    [5, 0, 'Normal'],
    [5, 2, 'Normal'],
    [3, 3, 'Normal'],
    [2, 3, 'PartialDisruption'],
    [0, 1, 'FullDisruption'],
  ] as const)('with %i ready and %i lost nodes are in state %s', (nReady, nNotReady, state) => {
    expect(zoneState(nReady, nNotReady, DEFAULT_RATES)).toBe(state);
  });

  it.each([
    ['Normal', 10, 0.1],
    ['FullDisruption', 10, 0.1],
    ['PartialDisruption', 50, 0],
    ['PartialDisruption', 51, 0.01],
  ] as const)('in state %s with %i nodes evict %d nodes a second', (state, nNodes, rate) => {
    expect(evictionRate(state, nNodes, DEFAULT_RATES)).toBe(rate);
  });

  it('start with a token, and with none when the bucket was empty at a change of rate', () => {
    const zone = new Zone(0.1);
    expect([zone.tryTake(0), zone.tryTake(9_999_999), zone.tryTake(10_000_000)]).toEqual([true, false, true]);
    zone.setRate(0.01, 12_000_000);
    expect([zone.tryTake(12_000_000), zone.tryTake(112_000_000)]).toEqual([false, true]);
    zone.setRate(0, 300_000_000);
    expect(zone.tryTake(1e12)).toBe(false);
    zone.setRate(0.1, 400_000_000);
    expect(zone.tryTake(400_000_000)).toBe(false);
  });
});

describe('leases without an event each', () => {
  const PASS_S = 5;

  /** Renewals, the watch and the passes one by one: the slow and obvious form. */
  function unknownAtS(firstS: number, periodS: number, stopS: number): number {
    const renewals: number[] = [];
    for (let atS = firstS; atS <= stopS; atS += periodS) renewals.push(atS);
    let seen: number | undefined;
    let probeS = PASS_S;
    for (let passS = PASS_S; ; passS += PASS_S) {
      const newest = renewals.findLast((atS) => atS <= passS);
      if (newest !== seen) {
        seen = newest;
        probeS = passS;
      }
      if (passS >= probeS + 50) return passS;
    }
  }

  it('give nodes up at the same instants as leases with one', () => {
    const tenths = (max: number) => fc.integer({ min: 0, max: max * 10 }).map((n) => n / 10);
    fc.assert(
      fc.property(tenths(10), fc.constantFrom(5, 7.5, 10, 12.5), tenths(120), (firstS, periodS, afterS) => {
        const bed = new Bed({ nNodes: 2, zones: ['a', 'b'] });
        const stopS = firstS + afterS;
        bed.at(firstS, () => bed.kubelets.client.renewLease('node-0', bed.simulation.nowUs, periodS * 1e6));
        bed.at(stopS, () => bed.kubelets.stop('node-0'));
        bed.run(stopS + 80);
        const lost = nodeHistory(bed, 'node-0').find((line) => line.includes('Unknown'));
        // The bed's own renewals began at 0; the first of the new period may come later than one of theirs.
        expect(Number(lost?.split(' ')[0])).toBe(unknownAtS(firstS, periodS, stopS));
      }),
      { numRuns: 100 },
    );
  });
});
