import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../sim/random-streams.ts';
import { LeaderElections } from './leader-election.ts';
import { Bed } from './testing/bed.ts';

const S = 1_000_000;

function setUp(nReplicas: number, seed = 1) {
  const bed = new Bed({ nNodes: 0 });
  const happened: string[] = [];
  const say = (what: string) => happened.push(`${bed.simulation.nowUs / S} ${what}`);
  const stream = new RandomStreams(seed).open('control-plane/leader-election');
  const election = new LeaderElections(bed.simulation, bed.server).create({
    nReplicas,
    stream,
    onWin: () => say(`${election.leader} leads`),
    onLoss: () => say('nobody leads'),
  });
  election.start();
  return { bed, election, happened };
}

describe('leader election', () => {
  it('keeps its leader while it can renew, and writes the lease every two seconds', () => {
    const { bed, election, happened } = setUp(3);
    bed.run(3600);
    expect(happened).toEqual([]);
    expect(election.leader).toBe(0);
    const { requests } = bed.server.load();
    // At the start and every two seconds; two candidates look every 2 s to 4.4 s.
    expect(requests.get('update Lease')).toBe(1801);
    expect(requests.get('get Lease')).toBeGreaterThan((2 * 3600) / 4.4);
    expect(requests.get('get Lease')).toBeLessThan((2 * 3600) / 2);
  });

  it('comes out the same whether anybody looks at it or not', () => {
    const faults = fc.array(
      fc.record({
        atS: fc.integer({ min: 1, max: 300 }),
        isEtcd: fc.boolean(),
        forS: fc.integer({ min: 1, max: 30 }),
      }),
      { maxLength: 4 },
    );
    const outcome = (
      seed: number,
      list: readonly { atS: number; isEtcd: boolean; forS: number }[],
      looks: boolean,
    ) => {
      const { bed, election, happened } = setUp(3, seed);
      for (const { atS, isEtcd, forS } of list) {
        if (!isEtcd) bed.at(atS, () => election.kill());
        else bed.at(atS, () => bed.server.etcd.stop(3));
        if (isEtcd) bed.at(atS + forS, () => bed.server.etcd.start(3));
      }
      for (let s = 0.7; looks && s < 400; s += 0.7) bed.at(s, () => bed.server.load());
      bed.run(400);
      const { requests, etcdWrites } = bed.server.load();
      return [...happened, requests.get('get Lease'), requests.get('update Lease'), etcdWrites];
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), faults, (seed, list) => {
        expect(outcome(seed, list, true)).toEqual(outcome(seed, list, false));
      }),
      { numRuns: 100 },
    );
  });

  it('has a new leader 13 s to 22 s after a crash, whenever it comes and however the candidates draw', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 30, max: 60 }), (seed, crashS) => {
        const { bed, election } = setUp(2, seed);
        bed.run(crashS);
        expect(election.kill()).toBe(0);
        bed.run(crashS + 12.9);
        expect(election.leader).toBe(-1);
        bed.run(crashS + 22);
        expect(election.leader).not.toBe(-1);
      }),
      { numRuns: 200 },
    );
  });

  it('lets a lone replica wait for its own old lease after a crash: nobody gives it back', () => {
    const { bed, election } = setUp(1);
    bed.run(30.5);
    election.kill();
    bed.run(30.5 + 15.9);
    expect(election.leader).toBe(-1);
    bed.run(30.5 + 23);
    expect(election.leader).toBe(0);
  });

  it('stays leader over a short loss of etcd and gives up ten seconds after the first renewal that failed', () => {
    const { bed, election, happened } = setUp(2);
    bed.at(11, () => bed.server.etcd.stop(2));
    bed.at(17, () => bed.server.etcd.start(2));
    bed.run(30);
    expect(election.leader).toBe(0);
    // Renewed at 30 s for the last time; from 32 s on it tries in vain.
    bed.at(31, () => bed.server.etcd.stop(2));
    bed.run(41.9);
    expect(election.leader).toBe(0);
    bed.run(42);
    expect(election.leader).toBe(-1);
    expect(happened.at(-1)).toBe('42 nobody leads');
    bed.at(100, () => bed.server.etcd.start(2));
    bed.run(101.4);
    expect(election.leader).toBe(-1);
    bed.run(125);
    expect(election.leader).not.toBe(-1);
  });

  it('gives up when no API server runs for so long', () => {
    const { bed, election } = setUp(2);
    bed.at(31, () => bed.server.connections.stopServer(0));
    bed.run(41.9);
    expect(election.leader).toBe(0);
    bed.run(42);
    expect(election.leader).toBe(-1);
    bed.at(60, () => bed.server.connections.startServer(0));
    bed.run(80);
    expect(election.leader).not.toBe(-1);
  });
});
