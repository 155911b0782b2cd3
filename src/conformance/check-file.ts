/** Replays the lines of a recording, whatever kind of line it is, and counts the agreement. */
import type { Agreement } from './agreement.ts';
import { CLASSIC_VERSIONS, checkClassic } from './classic.ts';
import { checkDefaultProfile } from './default-profile.ts';
import { checkPlugins } from './plugins.ts';
import { checkPreempt } from './preempt.ts';
import { checkSampling } from './sampling.ts';
import { checkSequence } from './sequence.ts';

/** The Kubernetes release whose decisions are modelled. */
export const MODERN_VERSION = 'v1.37.2';

type Check = (line: never, agreement: Agreement) => void;

interface LineKind {
  readonly name: string;
  readonly versions: readonly string[];
  /** Tells the kind by the fields of a line. */
  readonly recognizes: (line: Record<string, unknown>) => boolean;
  readonly check: Check;
}

const MODERN = [MODERN_VERSION];

const KINDS: readonly LineKind[] = [
  {
    name: 'classic',
    versions: CLASSIC_VERSIONS,
    recognizes: (line) => 'maxPriority' in line,
    check: checkClassic,
  },
  { name: 'plugins', versions: MODERN, recognizes: (line) => 'profiles' in line, check: checkPlugins },
  {
    name: 'sampling',
    versions: MODERN,
    recognizes: (line) => 'percentageOfNodesToScore' in line,
    check: checkSampling,
  },
  { name: 'sequence', versions: MODERN, recognizes: (line) => 'pods' in line, check: checkSequence },
  {
    name: 'preempt',
    versions: MODERN,
    recognizes: (line) => firstExpectation(line)?.code !== undefined,
    check: checkPreempt,
  },
  {
    name: 'default profile',
    versions: MODERN,
    recognizes: (line) => firstExpectation(line)?.feasible !== undefined,
    check: checkDefaultProfile,
  },
];

/** Checks one line; what cannot be read or run is noted with its number, and the rest still counts. */
export function checkLine(text: string, lineNumber: number, agreement: Agreement): void {
  try {
    const line = parseLine(text);
    const kind = KINDS.find(({ recognizes }) => recognizes(line));
    if (!kind) throw new Error(`unknown kind of line; known are ${KINDS.map(({ name }) => name).join(', ')}`);
    checkVersion(line, kind);
    kind.check(line as never, agreement);
  } catch (error) {
    agreement.broken.push({ line: lineNumber, message: (error as Error).message });
  }
}

function parseLine(text: string): Record<string, unknown> {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    throw new Error('not JSON (is the file truncated?)');
  }
  if (typeof line !== 'object' || line === null || Array.isArray(line)) throw new Error('not a JSON object');
  return line as Record<string, unknown>;
}

function checkVersion(line: Record<string, unknown>, { name, versions }: LineKind): void {
  const version = String(line.kubernetes ?? line.version);
  if (versions.includes(version)) return;
  throw new Error(
    `recorded from Kubernetes ${version}; ${name} lines can be checked for ${versions.join(', ')}`,
  );
}

function firstExpectation(line: Record<string, unknown>): Record<string, unknown> | undefined {
  const [first] = Array.isArray(line.cases) ? line.cases : [];
  return (first as { expect?: Record<string, unknown> } | undefined)?.expect;
}
