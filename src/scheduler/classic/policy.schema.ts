/**
 * The classic scheduler as a scenario selects it: a legacy Policy (predicates and priorities with weights), with the
 * release whose code decides. Everything that kube-scheduler refused at its start is refused here.
 * Source: kubernetes v1.17.17 pkg/scheduler/api/v1/types.go, apis/config/validation, algorithm_factory.go.
 */
import { z } from 'zod';
import { nearestName } from '../../base/nearest.ts';

/** In the order in which they are evaluated: the first that fails ends it. */
export const PREDICATE_NAMES = [
  'CheckNodeCondition',
  'CheckNodeUnschedulable',
  'GeneralPredicates',
  'HostName',
  'PodFitsHostPorts',
  'PodFitsPorts',
  'MatchNodeSelector',
  'PodFitsResources',
  'NoDiskConflict',
  'PodToleratesNodeTaints',
  'PodToleratesNodeNoExecuteTaints',
  'CheckNodeLabelPresence',
  'CheckServiceAffinity',
  'MaxEBSVolumeCount',
  'MaxGCEPDVolumeCount',
  'MaxCSIVolumeCountPred',
  'MaxAzureDiskVolumeCount',
  'MaxCinderVolumeCount',
  'CheckVolumeBinding',
  'NoVolumeZoneConflict',
  'CheckNodeMemoryPressure',
  'CheckNodePIDPressure',
  'CheckNodeDiskPressure',
  'EvenPodsSpread',
  'MatchInterPodAffinity',
] as const;
export type PredicateName = (typeof PREDICATE_NAMES)[number];

export const PRIORITY_NAMES = [
  'BalancedResourceAllocation',
  'EqualPriority',
  'EvenPodsSpreadPriority',
  'ImageLocalityPriority',
  'InterPodAffinityPriority',
  'LeastRequestedPriority',
  'MostRequestedPriority',
  'NodeAffinityPriority',
  'NodePreferAvoidPodsPriority',
  'RequestedToCapacityRatioPriority',
  'ResourceLimitsPriority',
  'SelectorSpreadPriority',
  'ServiceSpreadingPriority',
  'TaintTolerationPriority',
] as const;
export type PriorityName = (typeof PRIORITY_NAMES)[number];

/** Gone in 1.17. */
const ONLY_IN_1_16: ReadonlySet<string> = new Set([
  'CheckNodeCondition',
  'CheckNodeMemoryPressure',
  'CheckNodePIDPressure',
  'CheckNodeDiskPressure',
  'EqualPriority',
]);
/** Named without an argument they would not know what to look for. */
const NEEDS_ARGUMENT: ReadonlySet<string> = new Set(['CheckNodeLabelPresence', 'CheckServiceAffinity']);
/** Totals stay exact. */
const WEIGHT_MAX = 2 ** 31 - 1;

const label = z.string().min(1).describe('Key of a node label');

const predicate = z.strictObject({
  name: z.string().min(1).describe('A predicate of the release; free to choose where there is an argument'),
  argument: z
    .strictObject({
      serviceAffinity: z
        .strictObject({ labels: z.array(label).describe('Keys of node labels') })
        .optional()
        .describe('CheckServiceAffinity: pods of a service go to nodes that agree in these labels'),
      labelsPresence: z
        .strictObject({
          labels: z.array(label).describe('Keys of node labels'),
          presence: z.boolean().default(false).describe('Nodes must have them; false: must not'),
        })
        .optional()
        .describe('CheckNodeLabelPresence: nodes must have all these labels, or none of them'),
    })
    .optional()
    .describe('Exactly one of these; it decides what the predicate does'),
});

const shape = z
  .array(
    z.strictObject({
      utilization: z
        .int()
        .min(0, 'utilization values must not be less than 0')
        .max(100, 'utilization values must not be greater than 100')
        .describe('Percent that is requested'),
      score: z
        .int()
        .min(0, 'score values must not be less than 0')
        .max(10, 'score values must not be greater than 10')
        .describe('0 to 10 in both releases'),
    }),
  )
  .min(1, 'at least one point must be specified')
  .superRefine((points, context) => {
    points.forEach(({ utilization }, i) => {
      const previous = points[i - 1]?.utilization;
      if (previous === undefined || previous < utilization) return;
      const message = `utilization values must be sorted: ${previous} is followed by ${utilization}`;
      context.addIssue({ code: 'custom', path: [i, 'utilization'], message });
    });
  })
  .describe('Points of a broken line, by growing utilization');

const priority = z.strictObject({
  name: z.string().min(1).describe('A priority of the release; free to choose where there is an argument'),
  weight: z
    .int()
    .min(1, 'a priority must have a positive weight')
    .max(WEIGHT_MAX, 'the weight is too large')
    .describe('What its scores are multiplied by'),
  argument: z
    .strictObject({
      serviceAntiAffinity: z
        .strictObject({ label })
        .optional()
        .describe("Few of a service's pods among nodes that share the value of the label"),
      labelPreference: z
        .strictObject({
          label,
          presence: z.boolean().default(false).describe('Prefers nodes that have it; false: that do not'),
        })
        .optional()
        .describe('Nodes that have the label, or that do not'),
      requestedToCapacityRatioArguments: z
        .strictObject({
          shape,
          resources: z
            .array(
              z.strictObject({
                name: z.string().min(1).describe('As in requests'),
                weight: z.int().min(0, 'must not be negative').default(1).describe('0 counts as 1'),
              }),
            )
            .default([])
            .describe('Default: cpu and memory alike'),
        })
        .optional()
        .describe('A score by how much of the node is requested'),
    })
    .optional()
    .describe('Exactly one of these; it decides what the priority does'),
});

export const classicPolicy = z
  .strictObject({
    policy: z
      .enum(['classic-1.16', 'classic-1.17'])
      .describe('The release that decides: scores are 0 to 10 in 1.16 and 0 to 100 in 1.17'),
    apiVersion: z.enum(['v1']).optional().describe('As in policy files'),
    kind: z.enum(['Policy']).optional().describe('As in policy files'),
    schedulerName: z
      .string()
      .min(1)
      .default('default-scheduler')
      .describe('Pods with this spec.schedulerName are scheduled'),
    provider: z
      .enum(['DefaultProvider', 'ClusterAutoscalerProvider'])
      .default('DefaultProvider')
      .describe('Where predicates or priorities come from that are not listed'),
    featureGates: z
      .strictObject({
        TaintNodesByCondition: z.boolean().default(true).describe('Conditions are taints; off only in 1.16'),
        EvenPodsSpread: z.boolean().default(false).describe('Topology spread constraints count'),
      })
      .default({ TaintNodesByCondition: true, EvenPodsSpread: false })
      .describe('Features that change the default and the mandatory predicates'),
    predicates: z
      .array(predicate.superRefine(partCheck('predicate', PREDICATE_NAMES)))
      .max(24, 'at most 24')
      .optional()
      .describe("Default: the provider's"),
    priorities: z
      .array(priority.superRefine(partCheck('priority', PRIORITY_NAMES)))
      .optional()
      .describe("Default: the provider's"),
    hardPodAffinitySymmetricWeight: z
      .int()
      .min(0, 'must be in the range 1-100')
      .max(100, 'must be in the range 1-100')
      .default(1)
      .describe('Weight of the required affinity of pods that are there; 0 counts as 1'),
    alwaysCheckAllPredicates: z.boolean().default(false).describe('Tell all reasons, not the first alone'),
    percentageOfNodesToScore: z
      .int()
      .min(0, 'not in valid range [0-100]')
      .max(100, 'not in valid range [0-100]')
      .default(0)
      .describe('How many percent of the nodes must be found feasible before the search ends; 0 = adaptive'),
    extenders: z.array(z.unknown()).max(0, 'extenders are not modelled').optional().describe('Must be empty'),
  })
  .superRefine((policy, context) => {
    const report: Report = (path, message) => context.addIssue({ code: 'custom', path, message });
    if (policy.policy === 'classic-1.17' && !policy.featureGates.TaintNodesByCondition) {
      report(['featureGates', 'TaintNodesByCondition'], 'cannot be switched off in 1.17');
    }
    if (policy.policy !== 'classic-1.17') return;
    checkRelease(policy.predicates ?? [], 'predicate', report);
    checkRelease(policy.priorities ?? [], 'priority', report);
    checkCustomPriorities(policy.priorities ?? [], report);
  })
  .describe('The classic scheduler: predicates and priorities');

export type ClassicPolicy = z.infer<typeof classicPolicy>;
export type PredicatePolicy = z.infer<typeof predicate>;
export type PriorityPolicy = z.infer<typeof priority>;

type Report = (path: (string | number)[], message: string) => void;

interface Part {
  readonly name: string;
  readonly argument?: object | undefined;
}

type Kind = 'predicate' | 'priority';

/** An argument makes a part of its own; without one the name must be known. */
function partCheck(kind: Kind, known: readonly string[]) {
  return ({ name, argument }: Part, context: z.core.$RefinementCtx): void => {
    const report = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (argument) {
      const n = Object.values(argument).filter((value) => value !== undefined).length;
      if (n !== 1) report('argument', `exactly 1 ${kind} argument is required, found ${n}`);
    } else if (NEEDS_ARGUMENT.has(name)) report('name', `${kind} "${name}" needs an argument`);
    else if (!known.includes(name)) {
      const nearest = nearestName(name, known);
      report('name', `${kind} type not found for "${name}"${nearest ? `; did you mean ${nearest}?` : ''}`);
    }
  };
}

function checkRelease(parts: readonly Part[], kind: Kind, report: Report): void {
  parts.forEach(({ name, argument }, i) => {
    if (argument || !ONLY_IN_1_16.has(name)) return;
    const list = kind === 'predicate' ? 'predicates' : 'priorities';
    report([list, i, 'name'], `${kind} "${name}" does not exist in 1.17; 1.16 has it`);
  });
}

/** Several label preferences (anti-affinities) become one priority in 1.17, which has one weight. */
function checkCustomPriorities(priorities: readonly PriorityPolicy[], report: Report): void {
  const firstOf = new Map<string, PriorityPolicy>();
  priorities.forEach((one, i) => {
    const kind = Object.keys(one.argument ?? {})[0];
    if (kind === undefined) return;
    const first = firstOf.get(kind);
    if (!first) firstOf.set(kind, one);
    else if (kind === 'requestedToCapacityRatioArguments') {
      report(['priorities', i, 'argument'], `priority "${one.name}" redeclares "${first.name}"`);
    } else if (first.weight !== one.weight) {
      report(
        ['priorities', i, 'weight'],
        `${kind} priority "${one.name}" has a different weight than "${first.name}"`,
      );
    }
  });
}
