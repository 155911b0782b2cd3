import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../sim/random-streams.ts';
import { Simulation } from '../../sim/simulation.ts';
import { type FailureModel, Failures } from './failures.ts';

const constant = (value: number) => ({ kind: 'constant', value }) as const;

function setUp(models: readonly Partial<FailureModel>[], seed = 'test') {
  const simulation = new Simulation({ priorities: { 'node/fail': 0, 'node/repair': 0 } });
  const told: string[] = [];
  const failures = new Failures(
    simulation,
    new RandomStreams(seed),
    models.map((model) => ({
      domain: 'node',
      labels: {},
      up: constant(100),
      down: constant(10),
      fails: 'machine',
      ...model,
    })),
    {
      fail: (name, what) => told.push(`${simulation.nowUs} ${name} ${what} down`),
      repair: (name, what) => told.push(`${simulation.nowUs} ${name} ${what} up`),
    },
  );
  const until = (us: number) => simulation.advance(1e6, us);
  return { simulation, failures, told, until };
}

describe('failures by chance', () => {
  it('come after the time up and last for the time down', () => {
    const { failures, told, until } = setUp([{}]);
    failures.nodeJoined('a', {});
    until(230);
    expect(told).toEqual([
      '100 a machine down',
      '110 a machine up',
      '210 a machine down',
      '220 a machine up',
    ]);
  });

  it('take all nodes of a domain at once, those too that join while it is down', () => {
    const { failures, told, until } = setUp([{ domain: 'rack' }]);
    failures.nodeJoined('a', { rack: '1' });
    failures.nodeJoined('b', { rack: '1' });
    failures.nodeJoined('none', {});
    until(105);
    failures.nodeJoined('late', { rack: '1' });
    until(110);
    expect(told).toEqual([
      '100 a machine down',
      '100 b machine down',
      '105 late machine down',
      '110 a machine up',
      '110 b machine up',
      '110 late machine up',
    ]);
  });

  it('keep a node down until everything that took it down is repaired', () => {
    const { failures, told, until } = setUp([
      { down: constant(50) },
      { domain: 'zone', up: constant(120), down: constant(100) },
    ]);
    failures.nodeJoined('a', { zone: 'z' });
    until(219);
    expect(told).toEqual(['100 a machine down']);
    until(220);
    expect(told.at(-1)).toBe('220 a machine up');
  });

  it('strike only nodes with the labels, and none that has left', () => {
    const { failures, told, until } = setUp([{ labels: { pool: 'spot' } }]);
    failures.nodeJoined('spot', { pool: 'spot' });
    failures.nodeJoined('gone', { pool: 'spot' });
    failures.nodeJoined('other', { pool: 'base' });
    failures.nodeLeft('gone');
    until(105);
    expect(told).toEqual(['100 spot machine down']);
  });

  it('of one domain do not depend on which others there are', () => {
    const random: Partial<FailureModel> = {
      up: { kind: 'exponential', mean: 1000 },
      down: { kind: 'exponential', mean: 100 },
    };
    const run = (names: string[]) => {
      const { failures, told, until } = setUp([random]);
      for (const name of names) failures.nodeJoined(name, {});
      until(20_000);
      return told.filter((line) => line.includes(' a '));
    };
    const alone = run(['a']);
    expect(alone.length).toBeGreaterThan(10);
    expect(run(['x', 'a', 'y'])).toEqual(alone);
  });

  it('do not keep a run alive, repairs do', () => {
    const { simulation, failures, until } = setUp([{}]);
    failures.nodeJoined('a', {});
    expect(simulation.idle).toBe(true);
    until(105);
    expect(simulation.idle).toBe(false);
  });
});
