import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Change, ChangeLog } from './change-log.ts';

describe('the change log', () => {
  it('gives back the last entries, as many as the ring holds', () => {
    const kinds = Object.values(Change);
    const entry = fc.tuple(fc.constantFrom(...kinds), fc.nat(99), fc.nat(99));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
        const log = new ChangeLog(3);
        for (const [kind, node, cls] of entries) log.append(kind, node, cls);
        expect(log.head).toBe(entries.length);
        entries.forEach((wanted, i) => {
          expect(log.reaches(i)).toBe(entries.length - i <= 8);
          if (log.reaches(i)) expect([log.kindAt(i), log.nodeAt(i), log.classAt(i)]).toEqual(wanted);
        });
      }),
    );
  });

  it.each<[string, Change, number, number]>([
    ['a pod changes no structure', Change.PodAdded, 0, 0],
    ['nor does one put back after a trial', Change.TerminatingPodAdded, 0, 0],
    ['a changed node changes structure and nodes', Change.NodeUpdated, 1, 1],
    ['so does a new or lost one', Change.NodeSetChanged, 1, 1],
    ['another object leaves the nodes alone', Change.ObjectsChanged, 1, 0],
  ])('%s', (_, kind, structure, nodes) => {
    const log = new ChangeLog(3);
    log.append(kind, 0, 0);
    expect([log.structureVersion, log.nodesVersion]).toEqual([structure, nodes]);
  });
});
