/** Whole runs of a scenario: from the first event to the last, all metrics on, nothing written. */
import { type Files, loadScenario, type Scenario, simulate } from '../../src/index.ts';
import { AllocationMeter } from '../limits/allocation-meter.ts';

export interface WholeRun {
  readonly cpuSeconds: number;
  /** Pods that came to an end in the run. */
  readonly nEnded: number;
  readonly allocatedBytes: number;
}

/** @param onSlice called between slices of the run with the number of pods that have ended so far */
export async function wholeRun(
  scenario: Scenario,
  files: Files,
  onSlice: (nEnded: number) => void = () => {},
): Promise<WholeRun> {
  let nEnded = 0;
  const meter = new AllocationMeter();
  const start = process.cpuUsage();
  await simulate(scenario, files, {
    sinks: { pod: ({ finishedUs }) => finishedUs !== undefined && nEnded++ },
    onSlice: () => {
      meter.look();
      onSlice(nEnded);
      return true;
    },
  });
  const { user, system } = process.cpuUsage(start);
  return { cpuSeconds: (user + system) / 1e6, nEnded, allocatedBytes: meter.bytes };
}

/** CPU seconds of a scenario's run from an instant of its own time on, the loading left out. */
export async function secondsOf(file: string, files: Files, fromUs = 0): Promise<number> {
  const scenario = await loadScenario(file, files);
  let start = process.cpuUsage();
  let isCounting = fromUs === 0;
  await simulate(scenario, files, {
    sinks: { pod: () => {} },
    onSlice: ({ nowUs }) => {
      if (isCounting || nowUs < fromUs) return true;
      isCounting = true;
      start = process.cpuUsage();
      return true;
    },
  });
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
