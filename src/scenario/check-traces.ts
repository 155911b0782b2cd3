/** Reads the traces of a scenario to their end, as a run would, and throws nothing away but the pods. */
import { openTrace } from '../workload/trace-of.ts';
import type { Files } from './files.ts';
import type { Scenario } from './scenario.ts';

/** @throws InputError with the wrong rows of a trace, unless they are to be skipped */
export async function checkTraces(scenario: Scenario, files: Files): Promise<void> {
  for (const [entry, file] of scenario.traceFiles) {
    const trace = openTrace(entry, file, files.lines(file));
    while (!trace.done) {
      if (trace.peek() === undefined) await trace.refill();
      else trace.shift();
    }
  }
}
