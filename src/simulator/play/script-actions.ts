/** A script's steps as the actions that scenarios have too, and its nodes. */
import { parseDurationUs } from '../../base/duration.ts';
import type { KubeObject, Node } from '../../kube/types.ts';
import type { Action } from '../../scenario/timeline.schema.ts';
import type { TimedAction } from '../../scenario/timeline.ts';
import type { NodeMaker } from '../actions/action-context.ts';
import type { Script, ScriptNodes, ScriptStep } from './script.schema.ts';

/** What registering a node takes the recording program, one after the other. */
export const REGISTER_US = 10_000;

/** One step: the actions that it consists of, in their order. */
export interface PlayedStep {
  readonly atUs: number;
  readonly step: ScriptStep;
  readonly actions: readonly TimedAction[];
}

export function playedSteps(script: Script): PlayedStep[] {
  return script.steps.map((step, stepIdx) => {
    const atUs = parseDurationUs(step.at);
    const timed = (action: Action, delayUs = 0): TimedAction => ({
      ...action,
      atUs: atUs + delayUs,
      place: { file: script.name, line: 1, column: 1 },
      objects: (step.apply ?? []) as unknown as KubeObject[],
    });
    const group = groupName(stepIdx);
    const joining = Array.from({ length: step.addNodes?.count ?? 0 }, (_, nodeIdx) =>
      timed({ name: 'addNodes', args: { group, count: 1 } }, nodeIdx * REGISTER_US),
    );
    return { atUs, step, actions: [...actionsOf(step).map((action) => timed(action)), ...joining] };
  });
}

function groupName(stepIdx: number): string {
  return `step-${stepIdx}`;
}

/** All but the nodes that join. */
function actionsOf(step: ScriptStep): Action[] {
  const { patch, delete: gone, taint } = step;
  const actions: (Action | undefined)[] = [
    step.apply && { name: 'apply', args: step.apply },
    patch && { name: 'patch', args: patch },
    gone && { name: 'delete', args: gone },
    onNode('stopKubelet', step.stopKubelet),
    onNode('startKubelet', step.startKubelet),
    taint && { name: 'taint', args: { on: taint.node, taints: taint.taints } },
    onNode('cordon', step.cordon),
    onNode('uncordon', step.uncordon),
    onNode('drain', step.drain),
    toPods('failPods', step.failPods),
    toPods('completePods', step.completePods),
    toPods('unreadyPods', step.unreadyPods),
  ];
  return actions.filter((action) => action !== undefined);
}

function onNode(
  name: 'stopKubelet' | 'startKubelet' | 'cordon' | 'uncordon' | 'drain',
  args: string | undefined,
): Action | undefined {
  return args === undefined ? undefined : { name, args };
}

function toPods(
  name: 'failPods' | 'completePods' | 'unreadyPods',
  pods: ScriptStep['failPods'],
): Action | undefined {
  if (!pods) return undefined;
  const pairs = pods.selector.split(',').map((pair) => pair.split(/==?/) as [string, string]);
  const { count = 0 } = pods;
  return { name, args: { selector: Object.fromEntries(pairs), ...(count > 0 && { count }) } };
}

/** The groups of nodes that join later, by the names that the actions have for them. */
export function laterGroups(script: Script): Map<string, NodeMaker> {
  const groups = new Map<string, NodeMaker>();
  for (const [stepIdx, { addNodes }] of script.steps.entries()) {
    if (addNodes)
      groups.set(groupName(stepIdx), { count: 0, newNode: (index) => scriptNode(addNodes, index) });
  }
  return groups;
}

/** A node that no kubelet has reported about yet. */
export function scriptNode(group: ScriptNodes, index: number): Node {
  const name = `${group.prefix}${index}`;
  const zone = group.zones?.[index % group.zones.length];
  const capacity = { cpu: group.cpu, memory: group.memory, pods: group.pods };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        ...group.labels,
        ...(zone !== undefined && { 'topology.kubernetes.io/zone': zone }),
      },
    },
    spec: { taints: group.taints ?? [] },
    status: { capacity, allocatable: capacity },
  } as Node;
}
