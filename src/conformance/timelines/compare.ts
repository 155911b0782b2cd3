/**
 * Do two timelines of one script agree? The rules are those of compare.py beside the recordings, with the same verdicts.
 */
import { comparePods } from './compare-pods.ts';
import { compareStatus } from './compare-status.ts';
import { Findings } from './findings.ts';
import type { Timeline } from './timeline.ts';

/** Of the time since the last step, on top of the tolerance: chains of delays add up. */
const DRIFT_RATIO = 0.02;
/** The phases of a lease's period and a monitor's, together. */
const SHIFT_S_MAX = 11;

export interface Comparison {
  readonly name: string;
  readonly agrees: boolean;
  readonly toleranceS: number;
  /** How far the simulated timeline was moved after changes of nodes' readiness. */
  readonly shiftS: number;
  readonly findings: Findings;
}

/** Moves the times of `simulated`, which is then of no further use. */
export function compareTimelines(
  recorded: Timeline,
  simulated: Timeline,
  toleranceS = recorded.toleranceS,
): Comparison {
  const shiftS = simulated.alignTo(recorded);
  const findings = new Findings();
  if (shiftS > SHIFT_S_MAX) {
    findings.differ('Node', '', `changes its readiness ${shiftS.toFixed(1)} s away from the recording`);
  }
  const allowedS = (t: number): number => toleranceS + DRIFT_RATIO * (t - recorded.lastStepS(t));
  // What happens later may or may not fall into the recording.
  const lastS = recorded.endS - allowedS(recorded.endS);
  comparePods(recorded, simulated, { allowedS, lastS }, findings);
  compareStatus(recorded, simulated, { allowedS, lastS }, findings);
  compareEvictions(recorded, simulated, findings);
  return { name: recorded.name, agrees: findings.isEmpty, toleranceS, shiftS, findings };
}

function compareEvictions(recorded: Timeline, simulated: Timeline, findings: Findings): void {
  const [a, b] = [recorded, simulated].map(({ rows }) => {
    const counts = { accepted: 0, refused: 0 };
    for (const { kind, result } of rows) {
      if (kind === 'Eviction' && (result === 'accepted' || result === 'refused')) counts[result]++;
    }
    return counts;
  }) as [{ accepted: number; refused: number }, { accepted: number; refused: number }];
  const slack = Math.max(3, 0.25 * a.refused);
  if (a.accepted === b.accepted && Math.abs(a.refused - b.refused) <= slack) return;
  const text = (c: typeof a) => `${c.accepted} accepted and ${c.refused} refused`;
  findings.differ('Eviction', '', `recorded ${text(a)}, simulated ${text(b)}`);
}
