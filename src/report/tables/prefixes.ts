/** Table of a plan over a list of nodes: every prefix of it that was judged. */
import type { JudgedPrefix, PrefixResult } from '../../experiment/prefix/prefix.ts';
import { column, type Table } from '../table.ts';
import { missedText } from './experiments.ts';

export interface PrefixRow {
  readonly scheduler: string;
  readonly prefix: JudgedPrefix<unknown>;
  readonly nNodesMin: number;
}

/** `scheduler`: "own" is that of the scenario. */
export function prefixRows(scheduler: string, { judged, nNodesMin }: PrefixResult<unknown>): PrefixRow[] {
  return judged.map((prefix) => ({ scheduler, prefix, nNodesMin }));
}

export const prefixesTable: Table<PrefixRow> = {
  file: 'prefixes.csv',
  description: 'Every number of nodes that was judged, ascending: the first so many of the list.',
  columns: [
    column(
      'scheduler',
      '',
      "own: the scenario's; MostAllocated: the same plan with it.",
      ({ scheduler }) => scheduler,
    ),
    column('nodes', '', 'Nodes of the list, from its start.', ({ prefix }) => prefix.nNodes),
    column('bound', '', 'Fewer nodes cannot do as well.', ({ nNodesMin }) => nNodesMin),
    column('met', '', 'Whether all objectives are met: yes or no.', ({ prefix }) =>
      prefix.judged.met ? 'yes' : 'no',
    ),
    column('certain', '', 'Whether the replications decided it: yes or no.', ({ prefix }) =>
      prefix.judged.certain ? 'yes' : 'no',
    ),
    column('missed', '', 'Objectives that are missed, with the value found.', ({ prefix }) =>
      missedText(prefix.judged.judgement),
    ),
  ],
};
