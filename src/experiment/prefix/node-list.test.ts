import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Demand, PodDemand, Pool } from '../plan/demand.ts';
import { loadSolver } from '../plan/highs-solver.ts';
import type { Solver } from '../plan/linear-model.ts';
import { ListRoom, type NodeList } from './node-list.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const kind = (name: string, cpu: number, nDevices = 0): Pool => ({
  name,
  nodeType: name,
  allocatable: { cpu, gpu: nDevices },
  nPodsMax: 10,
  nDevices,
  pricePerHour: null,
  nMin: 0,
  nMax: 10,
  zones: [''],
});
const list = (kinds: readonly Pool[], kindOf: readonly number[], nFixed = 0): NodeList => ({
  kinds,
  kindOf,
  nFixed,
});
const pod = (name: string, cpu: number, count: number): PodDemand => ({ name, requests: { cpu }, count });
const sharing = (share: number, count: number): PodDemand => ({
  name: `share-${share}`,
  requests: { cpu: 0, gpu: share },
  devices: { count: 1, share },
  count,
});
const room = (nodes: NodeList, ...pods: PodDemand[]) => new ListRoom(nodes, { pods, daemons: [] }, solver);

/** The fewest pods left over, by trying every placement. */
function fewestLeft(nodes: NodeList, { pods }: Demand): number {
  const units = nodes.kindOf.flatMap((k) => {
    const { nDevices = 0, allocatable } = nodes.kinds[k]!;
    return [{ cpu: allocatable.cpu!, devices: Array.from({ length: nDevices }, () => 10) }];
  });
  const wanted = pods.flatMap((one) => Array.from({ length: one.count }, () => one));
  const place = (i: number): number => {
    const next = wanted[i];
    if (next === undefined) return 0;
    let best = 1 + place(i + 1);
    const share = Math.round(10 * (next.devices?.share ?? 0));
    for (const unit of units) {
      if (unit.cpu < next.requests.cpu!) continue;
      unit.cpu -= next.requests.cpu!;
      if (share === 0) best = Math.min(best, place(i + 1));
      for (let d = 0; share > 0 && d < unit.devices.length; d++) {
        if (unit.devices[d]! < share) continue;
        unit.devices[d]! -= share;
        best = Math.min(best, place(i + 1));
        unit.devices[d]! += share;
      }
      unit.cpu += next.requests.cpu!;
    }
    return best;
  };
  return place(0);
}

describe('ListRoom', () => {
  const kinds = [kind('small', 2), kind('large', 8)];

  it.each<[string, () => ListRoom, (number | undefined)[]]>([
    ['counts along the list', () => room(list(kinds, [0, 0, 1, 1]), pod('a', 2, 6)), [0, 3, 3]],
    ['has what is there in any case', () => room(list(kinds, [1, 0, 0, 0], 1), pod('a', 2, 6)), [0, 2, 1]],
    ['knows when nothing helps', () => room(list(kinds, [0, 0]), pod('a', 4, 1)), [1, undefined, 0]],
    [
      'knows that shares above a half lie alone',
      () => room(list([kind('gpu', 9, 2)], [0, 0]), sharing(0.6, 4)),
      [0, 2, 2],
    ],
    [
      'leaves what does not fit the devices',
      () => room(list([kind('gpu', 9, 2)], [0]), sharing(0.6, 3)),
      [1, undefined, 1],
    ],
  ])('%s', (_, make, expected) => {
    const one = make();
    expect([one.nUnplacedMin(9), one.nNodesMin(0), one.nNodesMin(1)]).toEqual(expected);
  });

  it('names the fullest resource', () => {
    const shares = room(list([kind('gpu', 9, 2)], [0, 0]), sharing(0.6, 3), pod('a', 1, 2));
    expect(shares.fullest(1)).toEqual({ resource: 'GPUs (shares in 1/2)', ratio: 1.5 });
  });

  it('never says that more stay out than need to', () => {
    const pods = fc.array(
      fc.record({
        name: fc.constant('p'),
        requests: fc.record({ cpu: fc.integer({ min: 1, max: 5 }) }),
        count: fc.integer({ min: 1, max: 2 }),
        devices: fc.option(
          fc.record({ count: fc.constant(1), share: fc.integer({ min: 1, max: 10 }).map((n) => n / 10) }),
          { nil: undefined },
        ),
      }),
      { minLength: 1, maxLength: 3 },
    );
    const kindOf = fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 3 });
    const three = [kind('a', 4, 1), kind('b', 6, 2), kind('c', 3)];
    fc.assert(
      fc.property(pods, kindOf, (some, order) => {
        const wanted = some.map(({ devices, ...one }) => (devices ? { ...one, devices } : one));
        const nodes = list(three, order);
        const demand = { pods: wanted, daemons: [] };
        const bound = new ListRoom(nodes, demand, solver).nUnplacedMin(order.length);
        expect(bound).toBeLessThanOrEqual(fewestLeft(nodes, demand));
      }),
      { numRuns: 150 },
    );
  });
});
