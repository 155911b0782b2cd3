/** Writes a timeline down: one row each time that the recorded fields of an object change, as a watcher sees it. */
import type { ApiProcess } from '../kube/api.ts';
import { podRow, RECORDED_KINDS, type Row, rowOf } from '../kube/timeline-rows.ts';
import type { KubeObject } from '../kube/types.ts';

export class TimelineRecorder {
  readonly rows: Row[] = [];
  readonly #nowUs: () => number;
  /** The text of each object's last row. */
  readonly #last = new Map<string, string>();

  /** `nowUs` counts from the start of the script. */
  constructor(process: ApiProcess, nowUs: () => number) {
    this.#nowUs = nowUs;
    process.pods().handle({
      added: (pod) => this.#note('Pod', podRow(pod)),
      modified: (pod) => this.#note('Pod', podRow(pod)),
      deleted: (pod) => this.#gone('Pod', pod.name),
    });
    for (const kind of RECORDED_KINDS) {
      process.informer<KubeObject>(kind).handle({
        added: (object) => this.#note(kind, rowOf(object)),
        modified: (object) => this.#note(kind, rowOf(object)),
        deleted: ({ metadata }) => this.#gone(kind, metadata.name!),
      });
    }
  }

  /** Adds the time, in seconds to the millisecond. */
  add(row: Row): void {
    this.rows.push({ ...row, t: Math.floor(this.#nowUs() / 1000) / 1000 });
  }

  #note(kind: string, row: Row): void {
    const key = `${kind}/${row.name}`;
    const text = JSON.stringify(row);
    if (this.#last.get(key) === text) return;
    this.#last.set(key, text);
    this.add({ kind, ...row });
  }

  #gone(kind: string, name: string): void {
    this.#last.delete(`${kind}/${name}`);
    this.add({ kind, name, gone: true });
  }
}
