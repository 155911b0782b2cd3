// From a scenario to the arithmetic of its list of nodes: which are alike, and what a probe on all of them asks for.

import { InputError } from '../../base/errors.ts';
import type { Solver } from '../../experiment/plan/linear-model.ts';
import { ListRoom, type NodeList } from '../../experiment/prefix/node-list.ts';
import type { PrefixProblem } from '../../experiment/prefix/prefix.ts';
import type { JudgeOptions } from '../../experiment/search/search.ts';
import type { Node } from '../../kube/types.ts';
import { observeDemand } from '../../simulator/demand.ts';
import { listedNodes } from '../../simulator/first-nodes.ts';
import { loadPoint, type PointSetting } from '../../simulator/points.ts';
import type { EngineFiles } from '../engine/engine.ts';
import { readInstanceTypes } from '../read-scenario.ts';
import { givenPool, kindsOf } from './node-kinds.ts';
import type { Base } from './open-base.ts';
import { isNobodyToWait } from './plan-objectives.ts';

export interface OpenedPrefix extends PrefixProblem {
  /** Pods that end by themselves. */
  readonly nTransient: number;
}

/** @throws InputError for a scenario without a list of nodes */
export async function openPrefix(
  { scenario: { file }, files }: Base,
  setting: PointSetting,
  judgeOptions: JudgeOptions,
  flags: EngineFiles,
  solver: Solver,
): Promise<OpenedPrefix> {
  const scenario = await loadPoint(setting, files, await readInstanceTypes(flags.catalog, files));
  const nodes = listedNodes(scenario);
  if (nodes.length === 0) {
    const message = 'there is no list of nodes: neither manifests nor a snapshot nor a trace has any';
    throw new InputError([{ file, path: 'plan.prefix', message }]);
  }
  const fixed = [...scenario.groups.values()].flatMap((group) => group.startNodes());
  const kinds = kindsOf([...fixed, ...nodes]);
  const { pods, daemons, peaks, passing } = await observeDemand(scenario, files, kinds);
  const list = listOf(kinds, [...fixed, ...nodes], fixed.length);
  return {
    nListed: nodes.length,
    atEnd: new ListRoom(list, { pods, daemons }, solver),
    peaks: isNobodyToWait(judgeOptions)
      ? peaks.map((peak) => new ListRoom(list, { pods: peak, daemons }, solver))
      : [],
    nTransient: passing.reduce((sum, { count }) => sum + count, 0),
  };
}

function listOf(
  kinds: ReadonlyMap<string, readonly Node[]>,
  nodes: readonly Node[],
  nFixed: number,
): NodeList {
  const kindOf = new Map(
    [...kinds.values()].flatMap((members, k) => members.map((node) => [node, k] as const)),
  );
  return {
    kinds: [...kinds].map(([name, members]) => givenPool(name, members)),
    kindOf: nodes.map((node) => kindOf.get(node)!),
    nFixed,
  };
}
