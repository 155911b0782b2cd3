/** Runs one case in a process of its own and prints its figures as a line of JSON: `child.ts NAME REPETITIONS`. */
import { DiskFiles } from '../src/cli/disk-files.ts';
import { CASES, type Case } from './cases.ts';
import { kernelRates } from './kernel/event-queue.ts';
import { churn } from './scheduling/churn.ts';
import { measure, type SchedulingCase } from './scheduling/measure.ts';
import { bytesPerFinishedPod, livesPerCpuSecond } from './whole/short-pods.ts';
import { startUpSeconds } from './whole/start-up.ts';
import { secondsOf } from './whole/whole-run.ts';

/** In the case's unit. */
export interface Figures {
  /** The first repetition, compilation included. */
  readonly cold: number;
  /** Those that count. */
  readonly rates: readonly number[];
  /** With the creation of the pods, their way through the API and into the queue. */
  readonly ratesFromCreation: readonly number[];
  /** Why cycles were left to the plain scan. */
  readonly plain: readonly string[];
  readonly peakRssMiB: number;
}

type Measured = Omit<Figures, 'peakRssMiB'>;

async function figures(each: Case, nRepetitions: number): Promise<Measured> {
  const { nWarmUp } = each;
  if (each.kind === 'kernel')
    return { ...kernelRates(each.of, nWarmUp, nRepetitions), ratesFromCreation: [], plain: [] };
  if (each.kind === 'scheduling') return scheduling(each.of, nWarmUp, nRepetitions);
  const once = repetition(each);
  const rates: number[] = [];
  for (let i = 0; i < nWarmUp + nRepetitions; i++) rates.push(await once());
  return { cold: rates[0]!, rates: rates.slice(nWarmUp), ratesFromCreation: [], plain: [] };
}

function scheduling(of: SchedulingCase, nWarmUp: number, nRepetitions: number): Measured {
  const all = Array.from({ length: nWarmUp + nRepetitions }, () => measure(of));
  const counted = all.slice(nWarmUp);
  return {
    cold: all[0]!.podsPerCpuSecond,
    rates: counted.map(({ podsPerCpuSecond }) => podsPerCpuSecond),
    ratesFromCreation: counted.map((each) => each.podsPerCpuSecondFromCreation),
    plain: all.at(-1)!.plain,
  };
}

function repetition(each: Exclude<Case, { kind: 'kernel' | 'scheduling' }>): () => number | Promise<number> {
  if (each.kind === 'churn') {
    const rounds = churn(each.of);
    return () => rounds.next().value as number;
  }
  if (each.kind === 'start-up') return startUpSeconds;
  if (each.kind === 'scenario') {
    const files = new DiskFiles(process.env.WAVETANK_DATA);
    return () => secondsOf(each.file, files);
  }
  return each.kind === 'lives' ? () => livesPerCpuSecond(each.of) : () => bytesPerFinishedPod(each.of);
}

const [name, repetitions] = process.argv.slice(2);
const found = CASES.find((each) => each.name === name);
if (!found) throw new Error(`no case is named ${name}`);
const measured = await figures(found, Number(repetitions ?? found.nRepetitions));
const peakRssMiB = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ ...measured, peakRssMiB } satisfies Figures));
