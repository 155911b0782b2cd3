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
    onWin: () => say(`${election?.leader ?? 0} leads`),
    onLoss: () => say('nobody leads'),
  });
  election.start();
  return { bed, election, happened };
}

describe('leader election', () => {
  it('keeps its leader while it can renew, and writes the lease every two seconds', () => {
    const { bed, election, happened } = setUp(3);
    bed.run(3600);
    expect(happened).toEqual(['0 0 leads']);
    expect(election.leader).toBe(0);
    const nRequests = bed.server.counters.requests.get('update Lease')!;
    // 1800 renewals, and two candidates that look every 2 s to 4.4 s.
    expect(nRequests).toBeGreaterThan(1800 + (2 * 3600) / 4.4);
    expect(nRequests).toBeLessThan(1800 + (2 * 3600) / 2);
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

  it('stays leader over a short loss of etcd and gives up when it has not renewed for ten seconds', () => {
    const { bed, election, happened } = setUp(2);
    bed.at(11, () => bed.server.etcd.stop(2));
    bed.at(17, () => bed.server.etcd.start(2));
    bed.run(30);
    expect(election.leader).toBe(0);
    // Renewed at 30 s for the last time: at 40 s the renewal deadline is over.
    bed.at(31, () => bed.server.etcd.stop(2));
    bed.run(39.9);
    expect(election.leader).toBe(0);
    bed.run(40);
    expect(election.leader).toBe(-1);
    expect(happened.at(-1)).toBe('40 nobody leads');
    bed.at(100, () => bed.server.etcd.start(2));
    bed.run(101.4);
    expect(election.leader).toBe(-1);
    bed.run(110);
    expect(election.leader).not.toBe(-1);
  });
});
