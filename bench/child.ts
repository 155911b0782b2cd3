/** Runs one case in a process of its own and prints its figures as a line of JSON: `child.ts NAME REPETITIONS`. */
import { DiskFiles } from '../src/cli/disk-files.ts';
import { memoryFiles } from '../src/index.ts';
import { CASES, type Case } from './cases.ts';
import { kernelRates } from './kernel/event-queue.ts';
import { measureMachine } from './limits/machine-speed.ts';
import { churn } from './scheduling/churn.ts';
import { measure, type SchedulingCase } from './scheduling/measure.ts';
import { nodeEvents } from './scheduling/node-events.ts';
import { commandRun } from './whole/command.ts';
import { CONTROL_PLANE_FROM_US, controlPlaneFiles } from './whole/control-plane.ts';
import { bytesPerNode } from './whole/node-memory.ts';
import { speedUp } from './whole/replications.ts';
import { bytesPerFinishedPod, lives, type ShortPods } from './whole/short-pods.ts';
import { startUpSeconds } from './whole/start-up.ts';
import { secondsOf } from './whole/whole-run.ts';

/** Instead of a case: how fast this machine is. */
export const MACHINE = 'machine';

/** In the case's unit. */
export interface Figures {
  /** The first repetition, compilation included. */
  readonly cold: number;
  /** Those that count. */
  readonly rates: readonly number[];
  /** With the creation of the pods, their way through the API and into the queue. */
  readonly ratesFromCreation: readonly number[];
  /** Why cycles were left to the plain scan, and what else there is to say. */
  readonly notes: readonly string[];
  /** Bytes of objects made for each item; 0 if not measured. */
  readonly allocatedBytes: number;
  readonly peakRssMiB: number;
}

type Measured = Omit<Figures, 'peakRssMiB'> & Partial<Pick<Figures, 'peakRssMiB'>>;

const NO_MORE = { ratesFromCreation: [], notes: [], allocatedBytes: 0 };

async function figures(each: Case, nRepetitions: number): Promise<Measured> {
  const { nWarmUp } = each;
  if (each.kind === 'kernel') return { ...kernelRates(each.of, nWarmUp, nRepetitions), ...NO_MORE };
  if (each.kind === 'scheduling') return scheduling(each.of, nWarmUp, nRepetitions);
  if (each.kind === 'command') return command(each.of);
  if (each.kind === 'lives') return manyLives(each.of, nWarmUp, nRepetitions);
  const once = repetition(each);
  const rates: number[] = [];
  for (let i = 0; i < nWarmUp + nRepetitions; i++) rates.push(await once());
  return { cold: rates[0]!, rates: rates.slice(nWarmUp), ...NO_MORE };
}

function scheduling(of: SchedulingCase, nWarmUp: number, nRepetitions: number): Measured {
  const all = Array.from({ length: nWarmUp + nRepetitions }, () => measure(of));
  const counted = all.slice(nWarmUp);
  return {
    cold: all[0]!.podsPerCpuSecond,
    rates: counted.map(({ podsPerCpuSecond }) => podsPerCpuSecond),
    ratesFromCreation: counted.map((each) => each.podsPerCpuSecondFromCreation),
    notes: all.at(-1)!.plain.map((reason) => `left to the plain scan: ${reason}`),
    // Too little where garbage was collected.
    allocatedBytes: Math.max(0, ...counted.map(({ allocatedBytesPerPod }) => allocatedBytesPerPod)),
  };
}

async function manyLives(of: ShortPods, nWarmUp: number, nRepetitions: number): Promise<Measured> {
  const all = [];
  for (let i = 0; i < nWarmUp + nRepetitions; i++) all.push(await lives(of));
  const rates = all.map(({ perCpuSecond }) => perCpuSecond);
  const { allocatedBytes } = all.at(-1)!;
  return { ...NO_MORE, cold: rates[0]!, rates: rates.slice(nWarmUp), allocatedBytes };
}

async function command(of: ShortPods): Promise<Measured> {
  const { cpuSeconds, peakRssMiB, rssMiBByMillion } = await commandRun(of);
  // A pod makes the same objects in a small run.
  const { allocatedBytes } = await lives({ nNodes: 1000, nPods: 20_000 });
  const notes = rssMiBByMillion.length > 1 ? [`peak MiB in each million: ${rssMiBByMillion.join(' ')}`] : [];
  return { ...NO_MORE, cold: cpuSeconds, rates: [cpuSeconds], peakRssMiB, notes, allocatedBytes };
}

type Repeated = Exclude<Case, { kind: 'kernel' | 'scheduling' | 'command' | 'lives' }>;

function repetition(each: Repeated): () => number | Promise<number> {
  switch (each.kind) {
    case 'churn': {
      const rounds = churn(each.of);
      return () => rounds.next().value as number;
    }
    case 'node-events': {
      const rounds = nodeEvents(each.of);
      return () => rounds.next().value as number;
    }
    case 'scenario': {
      const files = new DiskFiles(process.env.WAVETANK_DATA);
      return () => secondsOf(each.file, files);
    }
    case 'control-plane': {
      const files = memoryFiles(controlPlaneFiles(each.of));
      return () => secondsOf('scenario.json', files, CONTROL_PLANE_FROM_US[each.of]);
    }
    case 'pod-memory':
      return () => bytesPerFinishedPod(each.of);
    case 'node-memory':
      return () => bytesPerNode(each.of);
    case 'replications':
      return () => speedUp(each.of);
    case 'start-up':
      return startUpSeconds;
  }
}

async function caseFigures(name: string, repetitions: string | undefined): Promise<Figures> {
  const found = CASES.find((each) => each.name === name);
  if (!found) throw new Error(`no case is named ${name}`);
  const measured = await figures(found, Number(repetitions ?? found.nRepetitions));
  return { peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024), ...measured };
}

const [name, repetitions] = process.argv.slice(2);
console.log(JSON.stringify(name === MACHINE ? measureMachine() : await caseFigures(name!, repetitions)));
