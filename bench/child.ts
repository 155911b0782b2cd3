/** Runs one case in a process of its own and prints its figures as a line of JSON: `child.ts NAME REPETITIONS`. */
import { CASES, type Case, N_WARM_UP } from './cases.ts';
import { churn } from './scheduling/churn.ts';
import { measure } from './scheduling/measure.ts';

/** Pods per CPU second of single repetitions. */
export interface Figures {
  /** The first, compilation included. */
  readonly cold: number;
  readonly rates: readonly number[];
  /** With the creation of the pods, their way through the API and into the queue. */
  readonly ratesFromCreation: readonly number[];
  /** Why cycles were left to the plain scan. */
  readonly plain: readonly string[];
  readonly peakRssMiB: number;
}

function figures(each: Case, nRepetitions: number): Figures {
  const n = N_WARM_UP + nRepetitions;
  const rates: number[] = [];
  const fromCreation: number[] = [];
  let plain: readonly string[] = [];
  if (each.kind === 'churn') {
    for (const rate of churn(each.of)) if (rates.push(rate) === n) break;
  } else {
    for (let i = 0; i < n; i++) {
      const measured = measure(each.of);
      rates.push(measured.podsPerCpuSecond);
      fromCreation.push(measured.podsPerCpuSecondFromCreation);
      plain = measured.plain;
    }
  }
  return {
    cold: rates[0]!,
    rates: rates.slice(N_WARM_UP),
    ratesFromCreation: fromCreation.slice(N_WARM_UP),
    plain,
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

const [name, repetitions] = process.argv.slice(2);
const found = CASES.find((each) => each.name === name);
if (!found) throw new Error(`no case is named ${name}`);
console.log(JSON.stringify(figures(found, Number(repetitions ?? found.nRepetitions))));
