import { describe, expect, it } from 'vitest';
import { type Diagnosis, fitErrorText, reasonCounts } from './fit-error.ts';
import { type Status, unresolvable, unschedulable } from './status.ts';

const cpu = unschedulable('NodeResourcesFit', 'Insufficient cpu');
const both = unschedulable('NodeResourcesFit', 'Insufficient cpu', 'Insufficient memory');
const taint = unresolvable('TaintToleration', 'node(s) had untolerated taint(s)');

function diagnosis(statuses: readonly Status[], more: Partial<Diagnosis> = {}): Diagnosis {
  return {
    nNodes: statuses.length,
    nodeStatus: new Map(statuses.map((status, i) => [i, status])),
    absentStatus: undefined,
    preFilterMessage: '',
    postFilterMessage: '',
    ...more,
  };
}

describe('the text of a pod that fits nowhere', () => {
  it.each<[string, Diagnosis, string]>([
    ['counts nodes by reason', diagnosis([cpu, cpu]), '0/2 nodes are available: 2 Insufficient cpu.'],
    [
      'counts a node for each of its reasons',
      diagnosis([both, cpu]),
      '0/2 nodes are available: 1 Insufficient memory, 2 Insufficient cpu.',
    ],
    [
      'sorts by the text with its number, so 10 comes before 2',
      diagnosis([...Array(10).fill(taint), cpu, cpu]),
      '0/12 nodes are available: 10 node(s) had untolerated taint(s), 2 Insufficient cpu.',
    ],
    [
      'counts the nodes that were left out by the reason of leaving them out',
      diagnosis([cpu], { nNodes: 5, absentStatus: unresolvable('', 'left out') }),
      '0/5 nodes are available: 1 Insufficient cpu, 4 left out.',
    ],
    [
      'says nothing of nodes that were left out without a reason',
      diagnosis([cpu], { nNodes: 5 }),
      '0/5 nodes are available: 1 Insufficient cpu.',
    ],
    [
      'gives the reason of PreFilter alone',
      diagnosis([cpu], { preFilterMessage: 'no such claim' }),
      '0/1 nodes are available: no such claim.',
    ],
    [
      'ends with what preemption found',
      diagnosis([cpu], { postFilterMessage: 'preemption: no.' }),
      '0/1 nodes are available: 1 Insufficient cpu. preemption: no.',
    ],
    ['is short without nodes', diagnosis([]), '0/0 nodes are available:'],
  ])('%s', (_, given, text) => {
    expect(fitErrorText(given)).toBe(text);
  });

  it('counts in order of first appearance', () => {
    expect([...reasonCounts(diagnosis([taint, both, cpu]))]).toEqual([
      ['node(s) had untolerated taint(s)', 1],
      ['Insufficient cpu', 2],
      ['Insufficient memory', 1],
    ]);
  });
});
