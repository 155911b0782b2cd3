import { describe, expect, it } from 'vitest';
import { clusterOf, cycleOf, nodeOf, podOf } from '../testing/plugin-probe.ts';
import { FilterRun } from './filter-run.ts';
import type { PodMove, Prepared } from './plugin.ts';
import { type AnyPlugin, Profile } from './profile.ts';
import { errorStatus, type Status, unresolvable, unschedulable } from './status.ts';

const cluster = clusterOf([nodeOf('a'), nodeOf('b')]);
const cycle = cycleOf(cluster, podOf({}));
const asked: string[] = [];

/** A plugin that says what it is told to say. */
function saying(name: string, prepared: Prepared<unknown> | undefined, status?: Status): AnyPlugin {
  return {
    name,
    ...(prepared && {
      preFilter: () => {
        asked.push(`${name} first`);
        return prepared;
      },
    }),
    filter: (state) => {
      asked.push(state === undefined ? name : `${name} with ${state}`);
      return status;
    },
  };
}
function run(plugins: readonly AnyPlugin[], checksAllFilters = false): FilterRun {
  asked.length = 0;
  return new FilterRun(new Profile({ schedulerName: 'test', plugins, checksAllFilters }), cycle);
}
const no = (name: string) => unschedulable(name, `${name} says no`);
const never = (name: string) => unresolvable(name, `${name} says never`);
const onlyOn = (...names: string[]) => ({ state: 's', nodeNames: new Set(names) });

describe('Filter', () => {
  it('asks the plugins in order until one rejects, each with its own state', () => {
    const filters = run([saying('x', { state: 1 }), saying('y', undefined, no('y')), saying('z', undefined)]);
    expect(filters.filter(0)).toEqual(no('y'));
    expect(asked).toEqual(['x first', 'x with 1', 'y']);
  });

  it('leaves out plugins that skipped', () => {
    const filters = run([saying('x', { skip: true }, no('x')), saying('y', undefined)]);
    expect(filters.filter(0)).toBeUndefined();
    expect(asked).toEqual(['x first', 'y']);
  });

  it('asks all where the profile wants it, and is hopeless if one is', () => {
    const filters = run(
      [saying('x', undefined, no('x')), saying('y', undefined), saying('z', undefined, never('z'))],
      true,
    );
    expect(filters.filter(0)).toEqual(unresolvable('x', 'x says no', 'z says never'));
    expect(asked).toEqual(['x', 'y', 'z']);
  });

  it('ends at an error even where all are asked', () => {
    const failed = errorStatus('y', 'broken');
    const filters = run(
      [saying('x', undefined, no('x')), saying('y', undefined, failed), saying('z', undefined)],
      true,
    );
    expect(filters.filter(0)).toBe(failed);
    expect(asked).toEqual(['x', 'y']);
  });

  it('tells the states of the plugins that take part of pods that move', () => {
    const told: unknown[] = [];
    const listening = (name: string, prepared: Prepared<unknown>): AnyPlugin => ({
      ...saying(name, prepared),
      podMoved: (state) => told.push(state),
    });
    const move = { cls: cycle.cls, terminating: false, node: 0, sign: 1, row: -1 } satisfies PodMove;
    run([listening('x', { state: 1 }), listening('y', { skip: true })]).podMoved(move);
    expect(told).toEqual([1]);
  });
});

describe('PreFilter', () => {
  it('ends at once at a hopeless rejection', () => {
    const { outcome } = run([saying('x', { status: never('x') }), saying('y', { state: 1 })]);
    expect(outcome.rejection).toEqual(never('x'));
    expect(asked).toEqual(['x first']);
  });

  it('asks the others after a plain rejection', () => {
    const { outcome } = run([saying('x', { status: no('x') }), saying('y', { state: 1 })]);
    expect(outcome.rejection).toEqual(no('x'));
    expect(asked).toEqual(['x first', 'y first']);
  });

  it('looks at the nodes that all plugins name', () => {
    const { outcome } = run([saying('x', onlyOn('a', 'b')), saying('y', onlyOn('b', 'c'))]);
    expect([...outcome.nodeNames!]).toEqual(['b']);
    expect(outcome.namedBy).toEqual(['x', 'y']);
    expect(outcome.absentStatus!.reasons).toEqual(["node(s) didn't satisfy plugin(s) [x y]"]);
  });

  it('rejects a pod for which no node is left, and names who named', () => {
    expect(run([saying('x', onlyOn())]).outcome.rejection!.reasons).toEqual([
      "node(s) didn't satisfy plugin x",
    ]);
    expect(run([saying('y', onlyOn('a')), saying('x', onlyOn('b'))]).outcome.rejection!.reasons).toEqual([
      "node(s) didn't satisfy plugin(s) [x y] simultaneously",
    ]);
  });
});
