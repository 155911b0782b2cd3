// Rules of Jobs and CronJobs. Source: pkg/apis/batch/validation, 1.37. Selectors that the API server generated, as
// snapshots have them, are accepted.

import { parseCron } from '../cron.ts';
import { timeZoneOffset } from '../time-zone.ts';
import type { CronJob, Job, JobSpec, PodFailurePolicyRule } from '../types.ts';
import type { Field } from './field.ts';
import { checkLabelSelector } from './metadata.ts';
import { checkTemplate } from './pod.ts';

const INDEXED_PARALLELISM_MAX = 100_000;
const RULES_MAX = 20;
const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
  'ttlSecondsAfterFinished',
] as const;

function checkIndexing(spec: JobSpec, at: Field): void {
  const isIndexed = spec.completionMode === 'Indexed';
  at.at('completionMode').oneOf(spec.completionMode, ['NonIndexed', 'Indexed']);
  if (isIndexed) {
    if (typeof spec.completions !== 'number') {
      at.at('completions').required('when completion mode is Indexed');
    }
    if ((spec.parallelism ?? 0) > INDEXED_PARALLELISM_MAX) {
      at.at('parallelism').invalid(
        spec.parallelism,
        `must be less than or equal to ${INDEXED_PARALLELISM_MAX}`,
      );
    }
  } else {
    for (const field of ['backoffLimitPerIndex', 'successPolicy'] as const) {
      if (spec[field]) at.at(field).invalid(spec[field], 'requires indexed completion mode');
    }
  }
  if (typeof spec.maxFailedIndexes === 'number' && typeof spec.backoffLimitPerIndex !== 'number') {
    at.at('backoffLimitPerIndex').required('when maxFailedIndexes is specified');
  }
}

function checkExitCodes(rule: PodFailurePolicyRule, containers: readonly string[], at: Field): void {
  const codes = rule.onExitCodes;
  if (!codes) return;
  at.at('operator').oneOf(codes.operator || '?', ['In', 'NotIn']);
  if (!codes.values?.length) at.at('values').invalid(codes.values ?? [], 'at least one value is required');
  if (codes.operator === 'In' && codes.values?.includes(0)) {
    at.at('values').invalid(0, 'must not be 0 for the In operator');
  }
  if (codes.containerName && !containers.includes(codes.containerName)) {
    at.at('containerName').invalid(
      codes.containerName,
      'must be one of the container or initContainer names in the pod template',
    );
  }
}

function checkFailurePolicy(spec: JobSpec, at: Field): void {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const pod = spec.template?.spec;
  if (spec.podFailurePolicy && pod?.restartPolicy !== 'Never') {
    at.at('template', 'spec', 'restartPolicy').invalid(
      pod?.restartPolicy ?? 'Always',
      'only "Never" is supported when podFailurePolicy is specified',
    );
  }
  if (rules.length > RULES_MAX)
    at.at('podFailurePolicy', 'rules').add(`Too many: ${rules.length}: must have at most ${RULES_MAX} items`);
  const containers = [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])].map(({ name }) => name);
  for (const [i, rule] of rules.entries()) {
    const here = at.at('podFailurePolicy', 'rules', i);
    here.at('action').oneOf(rule.action || '?', ['Count', 'FailIndex', 'FailJob', 'Ignore']);
    if (rule.action === 'FailIndex' && typeof spec.backoffLimitPerIndex !== 'number') {
      here.at('action').invalid(rule.action, 'requires the backoffLimitPerIndex to be set');
    }
    checkExitCodes(rule, containers, here.at('onExitCodes'));
    const hasConditions = !!rule.onPodConditions?.length;
    if (rule.onExitCodes && hasConditions)
      here.invalid(rule.action, 'specifying both OnExitCodes and OnPodConditions is not supported');
    else if (!rule.onExitCodes && !hasConditions)
      here.invalid(rule.action, 'specifying one of OnExitCodes and OnPodConditions is required');
  }
}

function checkJobSpec(spec: JobSpec | null | undefined, at: Field): void {
  if (!spec) {
    at.required();
    return;
  }
  for (const field of COUNTS) at.at(field).nonNegative(spec[field]);
  checkIndexing(spec, at);
  checkFailurePolicy(spec, at);
  checkLabelSelector(spec.selector, at.at('selector'));
  at.at('podReplacementPolicy').oneOf(spec.podReplacementPolicy, ['Failed', 'TerminatingOrFailed']);
  if (spec.podFailurePolicy && spec.podReplacementPolicy === 'TerminatingOrFailed') {
    at.at('podReplacementPolicy').unsupported(spec.podReplacementPolicy, ['Failed']);
  }
  checkTemplate(spec.template, at.at('template'));
  const policy = spec.template?.spec?.restartPolicy;
  if (spec.template && (!policy || policy === 'Always')) {
    at.at('template', 'spec', 'restartPolicy').required('valid values: "OnFailure", "Never"');
  }
}

/** Runs a parser for its complaint alone. */
function checkParses(parse: () => unknown, value: string, at: Field): void {
  try {
    parse();
  } catch (error) {
    at.invalid(value, (error as Error).message);
  }
}

function checkCronJob({ spec }: CronJob, root: Field): void {
  const at = root.at('spec');
  if (!spec?.schedule) at.at('schedule').required();
  else checkParses(() => parseCron(spec.schedule), spec.schedule, at.at('schedule'));
  const zone = spec?.timeZone;
  if (typeof zone === 'string') checkParses(() => timeZoneOffset(zone), zone, at.at('timeZone'));
  at.at('concurrencyPolicy').oneOf(spec?.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']);
  for (const field of [
    'startingDeadlineSeconds',
    'successfulJobsHistoryLimit',
    'failedJobsHistoryLimit',
  ] as const) {
    at.at(field).nonNegative(spec?.[field]);
  }
  checkJobSpec(spec?.jobTemplate?.spec, at.at('jobTemplate', 'spec'));
}

export const jobRules = {
  Job: ({ spec }: Job, at: Field) => checkJobSpec(spec, at.at('spec')),
  CronJob: checkCronJob,
};
