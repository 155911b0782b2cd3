// The answer of a plan over a list of nodes for people: how many, how near the bound that is, and what binds it.

import type { PrefixResult } from '../../experiment/prefix/prefix.ts';
import { missedText } from '../../report/tables/experiments.ts';
import { countText, percentText, plural } from '../../report/text.ts';
import { metricText } from './metric-text.ts';
import type { OpenedPrefix } from './prefix-problem.ts';

export function prefixLines(
  name: string,
  opened: OpenedPrefix,
  result: PrefixResult<unknown>,
  most: PrefixResult<unknown> | undefined,
): string[] {
  const { nListed, atEnd, nTransient } = opened;
  const { answer, judged, worse } = result;
  const head = `${name} · ${plural(atEnd.nPods, 'pod')} that stay, ${plural(nListed, 'node')} in the list, ${plural(judged.length, 'length')} judged`;
  if (answer === undefined) return [head, '', 'No prefix was judged.'];
  return [
    head,
    '',
    ...(answer.judged.met ? [] : unmetLines(opened, result)),
    `Prefix    the first ${countText(answer.nNodes)} of ${plural(nListed, 'node')}${answer.judged.met ? '' : ' do as well as all of them'}`,
    boundLine(answer.nNodes, result.nNodesMin),
    ...mostLines(most),
    ...bindingLines(opened, result, answer.nNodes),
    ...(answer.judged.certain
      ? []
      : ['Unsure    replications ran out before the verdict was certain: allow more in plan.replications']),
    ...(nTransient > 0
      ? [`Note      ${plural(nTransient, 'pod')} that end by themselves are judged; ${transientText(opened)}`]
      : []),
    ...(worse.length > 0
      ? [`Note      longer prefixes were seen to do worse: ${worse.slice(0, 5).map(countText).join(', ')}`]
      : []),
  ];
}

function unmetLines({ atEnd, nListed }: OpenedPrefix, { judged }: PrefixResult<unknown>): string[] {
  const all = judged.at(-1)!.judged.judgement;
  const nUnplaced = atEnd.nUnplacedMin(nListed);
  const { resource, ratio } = atEnd.fullest(nListed);
  const why =
    nUnplaced === 0
      ? 'by arithmetic all pods might fit'
      : `no scheduler places more than ${countText(atEnd.nPods - nUnplaced)} of ${plural(atEnd.nPods, 'pod')} on it`;
  return [
    `No prefix meets the objectives: the whole list misses ${missedText(all, metricText)}`,
    `          ${why}: of ${resource}, ${percentText(ratio)} of what it has is requested`,
    '',
  ];
}

function boundLine(nNodes: number, nNodesMin: number): string {
  const gapRatio = nNodes === 0 ? 0 : (nNodes - nNodesMin) / nNodes;
  return `Bound     ${countText(nNodesMin)} by linear relaxation; no prefix that does so is more than ${percentText(gapRatio)} shorter`;
}

function mostLines(most: PrefixResult<unknown> | undefined): string[] {
  if (!most?.answer) return [];
  const { nNodes, judged } = most.answer;
  const missed = judged.met ? '' : `, and even all miss ${missedText(judged.judgement, metricText)}`;
  return [`Beside    a scheduler that fills nodes (MostAllocated): the first ${countText(nNodes)}${missed}`];
}

function bindingLines(
  { atEnd, peaks }: OpenedPrefix,
  { judged }: PrefixResult<unknown>,
  nNodes: number,
): string[] {
  const fullest = [atEnd, ...peaks]
    .map((room) => room.fullest(nNodes))
    .reduce((most, one) => (one.ratio > most.ratio ? one : most));
  const fewer = judged.find((prefix) => prefix.nNodes === nNodes - 1);
  return [
    `Binding   ${fullest.resource}: ${percentText(fullest.ratio)} of what the nodes have for pods is requested`,
    ...(fewer && !fewer.judged.met
      ? [`          one node less misses ${missedText(fewer.judged.judgement, metricText)}`]
      : []),
  ];
}

function transientText({ peaks }: OpenedPrefix): string {
  return peaks.length > 0
    ? 'the bound knows their peaks'
    : 'the bound knows nothing of them (it does where "queue.unschedulable.max <= 0")';
}
