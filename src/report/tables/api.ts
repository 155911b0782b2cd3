/** api.csv: the load of the API server. */
import { compareStrings } from '../../base/orders.ts';
import type { ApiLoad } from '../../metrics/run-metrics.ts';
import { column, type Table } from '../table.ts';

interface Row {
  readonly verb: string;
  readonly resource: string;
  /** '' = all of them, refused or not. */
  readonly code: string;
  readonly n: number;
}

export const API: Table<Row> = {
  file: 'api.csv',
  description: 'Requests to the API server by verb and kind, then those that it refused by status code.',
  columns: [
    column('verb', '', 'create, update, patch, delete, get, list, watch, …', (row) => row.verb),
    column('resource', '', 'Kind, with its subresource', (row) => row.resource),
    column('code', '', 'HTTP status of refused requests; `*` counts all', (row) => row.code || '*'),
    column('requests', '', 'How many', (row) => row.n),
  ],
};

export function apiRows({ requests, failures }: ApiLoad): Row[] {
  return [...rowsOf(requests), ...rowsOf(failures)];
}

/** Of all kinds together. */
export function totalOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, n) => sum + n, 0);
}

/** From `verb [subresource] resource [code]`, as in `create Pod`, `patch Pod/status`, `update status Node 409`. */
const SHAPE = /^(\S+) (?:(status) )?(\S+?)(?: (\d+))?$/;

function rowsOf(counts: ReadonlyMap<string, number>): Row[] {
  return [...counts]
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([what, n]) => {
      const [, verb = what, status, kind = '', code = ''] = SHAPE.exec(what) ?? [];
      return { verb, resource: status ? `${kind}/${status}` : kind, code, n };
    });
}
