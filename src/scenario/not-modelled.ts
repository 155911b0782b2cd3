/**
 * What in a scenario's objects has no effect in the model although it would have in a real cluster: named to the user,
 * a sentence each. Whole kinds that are not modelled are counted when objects are read (object-set.ts).
 */
import type { ContainerStatus, KubeObject, Node, Pod, PodSpec } from '../kube/types.ts';
import { podSpecOf } from './pod-spec-path.ts';
import type { Scenario } from './scenario.ts';
import { listText, nameText } from './wording.ts';

/** A field of pods or nodes, and what the model does instead of heeding it. */
interface Gap<T> {
  readonly uses: (value: T) => boolean;
  readonly what: string;
  readonly instead: string;
}

type AnySpec = Partial<PodSpec> & {
  readonly schedulingGroup?: unknown;
  readonly workloadRef?: unknown;
};

const POD_GAPS: readonly Gap<AnySpec>[] = [
  {
    uses: ({ resourceClaims }) => (resourceClaims?.length ?? 0) > 0,
    what: 'resourceClaims (dynamic resource allocation)',
    instead: 'their pods are scheduled as if they claimed nothing',
  },
  {
    uses: ({ schedulingGroup, workloadRef }) => schedulingGroup !== undefined || workloadRef !== undefined,
    what: 'scheduling groups',
    instead: 'each of their pods is scheduled on its own',
  },
  {
    uses: ({ readinessGates }) => (readinessGates?.length ?? 0) > 0,
    what: 'readinessGates',
    instead: 'their pods are ready as soon as their containers are',
  },
  {
    uses: ({ volumes = [] }) => volumes.some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined),
    what: 'sizeLimit of emptyDir volumes',
    instead: 'nothing is written to them, so that no pod is evicted for exceeding it',
  },
];

/** Of pods in a snapshot: what kept containers from running is not in the objects. */
const STATUS_GAPS: readonly Gap<Pod>[] = [
  {
    uses: ({ status }) => status?.containerStatuses?.some(isStuck) ?? false,
    what: 'What keeps containers from running (CrashLoopBackOff, ImagePullBackOff, …)',
    instead: 'here they start like any others',
  },
];

const NODE_GAPS: readonly Gap<Node>[] = [
  {
    uses: ({ status }) => (status?.declaredFeatures?.length ?? 0) > 0,
    what: 'declaredFeatures',
    instead: 'pods are scheduled whether or not a node has the features that they need',
  },
];

/** Sentences as in `Pod default/a has resourceClaims …: …`. */
export function notModelled(scenario: Scenario): string[] {
  const later = scenario.timeline.flatMap(({ objects }) => objects);
  const objects = [...scenario.snapshot, ...scenario.objects, ...later];
  const nodes = [...scenario.nodes, ...later.filter(isNode)];
  return [
    ...POD_GAPS.map((gap) =>
      sentence(gap, [...usersAmong(objects, gap), ...usersAmongEntries(scenario, gap)]),
    ),
    ...STATUS_GAPS.map((gap) =>
      sentence(gap, scenario.snapshot.filter(isPod).filter(gap.uses).map(nameText)),
    ),
    ...NODE_GAPS.map((gap) => sentence(gap, nodes.filter(gap.uses).map(nameText))),
  ].filter((text) => text !== '');
}

function sentence<T>({ what, instead }: Gap<T>, users: readonly string[]): string {
  if (users.length === 0) return '';
  return `${what} of ${listText(users)}: ${instead}.`;
}

function usersAmong(objects: readonly KubeObject[], gap: Gap<AnySpec>): string[] {
  return objects.filter((object) => isUsed(podSpecOf<AnySpec>(object), gap)).map(nameText);
}

/** Generators and traces with a pod of their own. */
function usersAmongEntries({ spec }: Scenario, gap: Gap<AnySpec>): string[] {
  return spec.workload.flatMap((entry) => {
    if ('trace' in entry) return isUsed(entry.pod?.spec, gap) ? [`the trace ${entry.trace}`] : [];
    if (!('generator' in entry)) return [];
    const isUser = entry.templates.some(({ pod }) => isUsed(pod?.spec, gap));
    return isUser ? [`the generator ${entry.generator}`] : [];
  });
}

function isUsed(spec: AnySpec | undefined, { uses }: Gap<AnySpec>): boolean {
  return spec !== undefined && uses(spec);
}

/** Not merely on its way. */
function isStuck({ state }: ContainerStatus): boolean {
  const reason = state?.waiting?.reason;
  return reason !== undefined && reason !== 'ContainerCreating' && reason !== 'PodInitializing';
}

function isPod(object: KubeObject): object is Pod {
  return object.kind === 'Pod';
}

function isNode(object: KubeObject): object is Node {
  return object.kind === 'Node';
}
