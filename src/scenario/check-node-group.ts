/**
 * What Kubernetes would refuse about the nodes of a group, and amounts that no machine has: nearly always a unit that
 * was forgotten (`memory: 32` is 32 bytes).
 */
import { parseMilli, parseValue } from '../base/quantity.ts';
import type { KubeObject } from '../kube/types.ts';
import { type FieldProblem, validateObject } from '../kube/validate.ts';

type Path = readonly (string | number)[];
type Amounts = Readonly<Record<string, string | number>>;

/** The part of a group that is checked here. */
export interface GroupParts {
  readonly allocatable?: Amounts | undefined;
  readonly capacity?: Amounts | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly taints?: readonly unknown[] | undefined;
}

const MIB = 2 ** 20;
/** Larger than any machine by a factor of about a hundred. */
const CPU_MAX = 100_000;
const MEMORY_BYTES_MAX = 2 ** 50;

/** Where the parts of a group lie in the Node that is checked in its place. */
const PLACES: readonly (readonly [node: Path, group: string])[] = [
  [['status', 'allocatable'], 'allocatable'],
  [['status', 'capacity'], 'capacity'],
  [['metadata', 'labels'], 'labels'],
  [['spec', 'taints'], 'taints'],
];

/** Problems with paths in the group. */
export function nodeGroupProblems(group: GroupParts): FieldProblem[] {
  const { allocatable, capacity, labels, taints } = group;
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node', ...(labels && { labels }) },
    spec: taints ? { taints } : {},
    status: { ...(allocatable && { allocatable }), ...(capacity && { capacity }) },
  };
  const refused = validateObject(node as KubeObject).map(inGroup);
  if (refused.length > 0) return refused;
  return [...absurdAmounts('allocatable', allocatable), ...absurdAmounts('capacity', capacity)];
}

function inGroup({ path, message }: FieldProblem): FieldProblem {
  for (const [node, group] of PLACES) {
    if (node.every((part, i) => path[i] === part))
      return { path: [group, ...path.slice(node.length)], message };
  }
  return { path, message };
}

function absurdAmounts(part: string, amounts: Amounts = {}): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { cpu, memory, pods } = amounts;
  const add = (name: string, message: string) => problems.push({ path: [part, name], message });
  if (cpu !== undefined && parseMilli(cpu) > CPU_MAX * 1000) {
    add('cpu', `found ${cpu} cores, more than any machine has${hint(cpu, 'm')}`);
  }
  const bytes = memory === undefined ? MIB : parseValue(memory);
  if (bytes < MIB || bytes > MEMORY_BYTES_MAX) {
    const nearest = bytes < MIB ? hint(memory, 'Gi') : '';
    add('memory', `found ${memory}, which is ${bytes} bytes: no machine has that${nearest}`);
  }
  if (pods !== undefined && parseMilli(pods) % 1000 !== 0)
    add('pods', `found ${pods}, expected a whole number`);
  return problems;
}

/** A number without a unit probably lacks this one. */
function hint(amount: string | number | undefined, unit: string): string {
  return /^\d+$/.test(String(amount)) ? `; did you mean ${amount}${unit}?` : '';
}
