import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Leases } from './leases.ts';

/** Every renewal as a write of its own: the slow and obvious form. */
class SingleLeases {
  readonly writes: { node: string; atUs: number }[] = [];
  #running = new Map<string, { nextUs: number; periodUs: number; isMissed?: boolean }>();
  #isOut = false;

  advance(fromUs: number, toUs: number): void {
    for (let now = fromUs + 1; now <= toUs; now++) {
      for (const [node, lease] of this.#running) {
        if (lease.nextUs !== now) continue;
        lease.nextUs += lease.periodUs;
        if (this.#isOut) lease.isMissed = true;
        else this.writes.push({ node, atUs: now });
      }
    }
  }

  renew(node: string, firstUs: number, periodUs: number, nowUs: number): void {
    this.#running.set(node, { nextUs: firstUs, periodUs });
    if (firstUs !== nowUs) return;
    this.#running.set(node, { nextUs: firstUs + periodUs, periodUs });
    if (!this.#isOut) this.writes.push({ node, atUs: nowUs });
  }

  end(node: string): void {
    this.#running.delete(node);
  }

  setOut(isOut: boolean, nowUs: number): void {
    this.#isOut = isOut;
    for (const [node, lease] of this.#running) {
      if (!isOut && lease.isMissed) this.writes.push({ node, atUs: nowUs });
      lease.isMissed = false;
    }
  }

  lastUs(node: string, atUs: number): number | undefined {
    return this.writes.findLast((write) => write.node === node && write.atUs <= atUs)?.atUs;
  }
}

const action = fc.record({
  afterUs: fc.integer({ min: 1, max: 30 }),
  what: fc.constantFrom('renew', 'renewLater', 'end', 'out', 'back', 'look'),
  node: fc.constantFrom('a', 'b'),
  periodUs: fc.integer({ min: 1, max: 12 }),
});

describe('leases', () => {
  it('answer and count as single renewals would, outages included', () => {
    const property = fc.property(
      fc.array(action, { maxLength: 30 }),
      fc.integer({ min: 0, max: 5 }),
      (actions, hearUs) => {
        let nowUs = 0;
        let isOut = false;
        const leases = new Leases(() => nowUs, hearUs);
        const single = new SingleLeases();
        for (const { afterUs, what, node, periodUs } of actions) {
          single.advance(nowUs, nowUs + afterUs);
          nowUs += afterUs;
          if (what === 'renew' || what === 'renewLater') {
            // A first renewal at the very instant of an outage's end or start is a matter of order; later ones are not.
            const firstUs = nowUs + (what === 'renewLater' || isOut ? 3 : 0);
            leases.renew(node, firstUs, periodUs);
            single.end(node);
            single.renew(node, firstUs, periodUs, nowUs);
          } else if (what === 'end') {
            leases.end(node);
            single.end(node);
          } else if (what === 'out' && !isOut) {
            isOut = true;
            leases.suspend();
            single.setOut(true, nowUs);
          } else if (what === 'back' && isOut) {
            isOut = false;
            leases.resume();
            single.setOut(false, nowUs);
          }
          for (const each of ['a', 'b'])
            expect(leases.renewedUs(each)).toBe(single.lastUs(each, nowUs - hearUs));
          expect(leases.nRenewals).toBe(single.writes.length);
        }
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it('name the nodes whose renewals are not certain', () => {
    let nowUs = 0;
    const leases = new Leases(() => nowUs, 0);
    leases.renew('a', 0, 10);
    leases.renew('b', 0, 10);
    leases.end('b');
    expect([...leases.lapsed()]).toEqual(['b']);
    leases.suspend();
    nowUs = 5;
    expect([...leases.lapsed()]).toEqual(['a', 'b']);
    leases.resume();
    nowUs = 80_000_000;
    expect([...leases.lapsed()]).toEqual(['b']);
  });
});
