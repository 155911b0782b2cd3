import { describe, expect, it } from 'vitest';
import { BugError } from '../base/assert.ts';
import { EnvironmentError, InputError } from '../base/errors.ts';
import { EVENT_PRIORITIES } from '../cluster/event-priorities.ts';
import { Simulation } from '../sim/simulation.ts';
import { exitCodeOf, messageOf } from './exit.ts';
import { UsageError } from './usage.ts';

const noSuchFile = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', syscall: 'open' });
const wrongArgument = Object.assign(new TypeError('wrong'), { code: 'ERR_INVALID_ARG_TYPE' });

describe('exit codes', () => {
  it.each([
    ['input', new InputError('x'), 2],
    ['usage', new UsageError('x'), 2],
    ['the machine', new EnvironmentError('x'), 1],
    ['the system', noSuchFile, 1],
    ['a broken promise', new BugError('x'), 70],
    ['a mistake in the program', wrongArgument, 70],
    ['something that is no error', 'text', 70],
  ])('%s', (_, error, code) => expect(exitCodeOf(error)).toBe(code));
});

describe('messages', () => {
  it('list all problems of the input and count them', () => {
    const error = new InputError([{ file: 'a', line: 1, column: 2, message: 'x' }, { message: 'y' }]);
    expect(messageOf(error, [])).toBe('a:1:2: x\ny\n2 problems; nothing was written');
  });

  it('list so many problems only, and count the others', () => {
    const error = new InputError(Array.from({ length: 1202 }, (_, i) => ({ message: `p${i}` })));
    const lines = messageOf(error, []).split('\n');
    expect(lines.slice(198)).toEqual([
      'p198',
      'p199',
      '… and 1,002 more problems',
      '1,202 problems; nothing was written',
    ]);
  });

  it('show no stack for what is not a bug', () => {
    expect(messageOf(new EnvironmentError('the disk is full'), [])).toBe('wavetank: the disk is full');
  });

  it('tell of a bug its time, event, entity, place and how to see it again', () => {
    const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
    const kind = simulation.defineKind('workload/arrival', () => {
      throw new TypeError('x is undefined');
    });
    simulation.at(90_000_000, kind, 7, 8);
    let message = '';
    try {
      simulation.advance(1, Number.POSITIVE_INFINITY);
    } catch (error) {
      message = messageOf(error, ['run', 'my scenario.yaml', '--seed', '7']);
      expect(exitCodeOf(error)).toBe(70);
    }
    expect(message).toContain('at 90000000 us in event "workload/arrival" (7, 8): x is undefined');
    expect(message).toContain('virtual time 1m30s');
    expect(message).toContain('exit.test.ts');
    expect(message).toContain("replay: npx wavetank run 'my scenario.yaml' --seed 7");
  });
});
