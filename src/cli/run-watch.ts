// What is done between the slices of a run: progress is shown, Ctrl-C is heard, memory is watched, and what was recorded so
// far goes to the disk.

import type { StreamedTables } from '../report/result-files.ts';
import type { StopReason } from '../report/run-report.ts';
import type { RunProgress } from '../simulator/simulate.ts';
import type { Interrupt } from './interrupt.ts';
import { MemoryWatch } from './memory/memory-watch.ts';
import type { Progress } from './progress.ts';

/** What a process that is killed may lose. */
const FLUSH_MS = 1000;

export class RunWatch {
  /** Why the run is to stop before its end, if it is. */
  stopReason: StopReason | undefined;
  readonly #interrupt: Interrupt;
  readonly #progress: Progress;
  readonly #tables: StreamedTables;
  readonly #memory = new MemoryWatch();
  #flushedMs = performance.now();

  constructor(interrupt: Interrupt, progress: Progress, tables: StreamedTables) {
    this.#interrupt = interrupt;
    this.#progress = progress;
    this.#tables = tables;
  }

  /** Whether the run is to go on. */
  async onSlice(state: RunProgress): Promise<boolean> {
    this.#progress.update(state);
    // Signals are heard between slices.
    await new Promise(setImmediate);
    this.#flush();
    if (this.#interrupt.isRequested) this.stopReason = 'interrupted';
    else if (this.#memory.isShort()) this.stopReason = 'out of memory';
    return this.stopReason === undefined;
  }

  #flush(): void {
    const nowMs = performance.now();
    if (nowMs - this.#flushedMs < FLUSH_MS) return;
    this.#tables.flush();
    this.#flushedMs = nowMs;
  }
}
