// Rules of priorities, budgets, quotas, limits and autoscalers. Source: pkg/apis/{scheduling,policy,autoscaling}
// /validation, pkg/apis/core/validation, 1.37.

import { parseQuantity } from '../../base/quantity.ts';
import type {
  HorizontalPodAutoscaler,
  HpaScalingRules,
  LimitRange,
  LimitRangeItem,
  MetricSpec,
  MetricTarget,
  PodDisruptionBudget,
  PriorityClass,
  ResourceQuota,
} from '../types.ts';
import { checkIntOrPercent } from './apps.ts';
import type { Field } from './field.ts';
import { checkLabelSelector } from './metadata.ts';
import { checkAmounts } from './resource-rules.ts';

const USER_PRIORITY_MAX = 1_000_000_000;
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};
const WINDOW_SECONDS_MAX = 3600;
const PERIOD_SECONDS_MAX = 1800;
const SCOPES = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
  'VolumeAttributesClass',
];

function checkPriorityClass({ metadata, value, preemptionPolicy }: PriorityClass, at: Field): void {
  const name = metadata.name ?? '';
  if (typeof value !== 'number') at.at('value').required();
  else if (name.startsWith('system-')) {
    if (SYSTEM_PRIORITIES[name] !== value) {
      at.at('metadata', 'name').forbidden(
        "priority class names with 'system-' prefix are reserved for system use only",
      );
    }
  } else if (value > USER_PRIORITY_MAX) {
    at.at('value').forbidden(`maximum allowed value of a user defined priority is ${USER_PRIORITY_MAX}`);
  } else if (value < -2147483648) at.at('value').invalid(value, 'must be a 32-bit integer');
  at.at('preemptionPolicy').oneOf(preemptionPolicy, ['PreemptLowerPriority', 'Never']);
}

function checkBudget({ spec }: PodDisruptionBudget, root: Field): void {
  const at = root.at('spec');
  const isSet = (value: unknown) => value !== undefined && value !== null;
  if (isSet(spec?.minAvailable) && isSet(spec?.maxUnavailable)) {
    at.invalid(spec, 'minAvailable and maxUnavailable cannot be both set');
  }
  for (const field of ['minAvailable', 'maxUnavailable'] as const) {
    const value = spec?.[field];
    const number = checkIntOrPercent(value, at.at(field));
    if (typeof value === 'string' && (number ?? 0) > 100)
      at.at(field).invalid(value, 'must not be greater than 100%');
  }
  checkLabelSelector(spec?.selector, at.at('selector'));
  at.at('unhealthyPodEvictionPolicy').oneOf(spec?.unhealthyPodEvictionPolicy, [
    'IfHealthyBudget',
    'AlwaysAllow',
  ]);
}

function checkQuota({ spec }: ResourceQuota, root: Field): void {
  const at = root.at('spec');
  checkAmounts(spec?.hard, at.at('hard'));
  for (const [i, scope] of (spec?.scopes ?? []).entries()) at.at('scopes', i).oneOf(scope, SCOPES);
  for (const [i, { scopeName, operator, values }] of (
    spec?.scopeSelector?.matchExpressions ?? []
  ).entries()) {
    const here = at.at('scopeSelector', 'matchExpressions', i);
    here.at('scopeName').oneOf(scopeName, SCOPES);
    here.at('operator').oneOf(operator, ['In', 'NotIn', 'Exists', 'DoesNotExist']);
    const needsValues = operator === 'In' || operator === 'NotIn';
    if (needsValues && !values?.length)
      here
        .at('values')
        .required("must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
    else if (!needsValues && values?.length)
      here
        .at('values')
        .invalid(values, "must be no value when `operator` is 'Exists' or 'DoesNotExist' for scope selector");
  }
}

/** Each amount of `lower` at most the one of `upper`. */
function checkOrdered(
  item: LimitRangeItem,
  lower: keyof LimitRangeItem,
  upper: keyof LimitRangeItem,
  at: Field,
): void {
  const [low, high] = [item[lower], item[upper]];
  if (typeof low !== 'object' || typeof high !== 'object') return;
  for (const [name, quantity] of Object.entries(low ?? {})) {
    const bound = high?.[name];
    if (bound !== undefined && parseQuantity(quantity).nano > parseQuantity(bound).nano) {
      at.at(lower, name).invalid(
        String(quantity),
        `${lower} value ${quantity} is greater than ${upper} value ${bound}`,
      );
    }
  }
}

function checkLimitRange({ spec }: LimitRange, root: Field): void {
  const at = root.at('spec', 'limits');
  at.distinct(
    (spec?.limits ?? []).map(({ type }) => type),
    'type',
  );
  for (const [i, item] of (spec?.limits ?? []).entries()) {
    const here = at.at(i);
    if (!item.type) here.at('type').required();
    for (const list of ['min', 'max', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const) {
      checkAmounts(item[list], here.at(list));
    }
    for (const list of ['default', 'defaultRequest'] as const) {
      if (item.type === 'Pod' && item[list])
        here.at(list).forbidden("may not be specified when `type` is 'Pod'");
    }
    checkOrdered(item, 'min', 'max', here);
    checkOrdered(item, 'min', 'defaultRequest', here);
    checkOrdered(item, 'defaultRequest', 'max', here);
    checkOrdered(item, 'default', 'max', here);
    checkOrdered(item, 'defaultRequest', 'default', here);
  }
}

function checkTarget(target: MetricTarget | undefined, at: Field): void {
  if (!target?.type) at.at('type').required('must specify a metric target type');
  at.at('type').oneOf(target?.type, ['Utilization', 'Value', 'AverageValue']);
  at.at('averageUtilization').positive(target?.averageUtilization);
  for (const field of ['value', 'averageValue'] as const) {
    const quantity = target?.[field];
    if (quantity && parseQuantity(quantity).nano <= 0n)
      at.at(field).invalid(String(quantity), 'must be positive');
  }
  const nSet = [target?.averageUtilization, target?.value, target?.averageValue].filter(
    (one) => one != null,
  ).length;
  if (nSet === 0) at.required('must set either a target raw value or a target utilization');
}

const METRIC_FIELDS = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
} as const;

function checkMetric(metric: MetricSpec, at: Field): void {
  if (!metric.type) at.at('type').required('must specify a metric source type');
  at.at('type').oneOf(metric.type, Object.keys(METRIC_FIELDS));
  const field = METRIC_FIELDS[metric.type];
  if (!field) return;
  const source = metric[field];
  if (!source) at.at(field).required(`must populate information for the given metric source`);
  else checkTarget(source.target, at.at(field, 'target'));
}

function checkScaling(rules: HpaScalingRules | undefined, at: Field): void {
  const window = rules?.stabilizationWindowSeconds;
  at.at('stabilizationWindowSeconds').nonNegative(window);
  if (window && window > WINDOW_SECONDS_MAX) {
    at.at('stabilizationWindowSeconds').invalid(
      window,
      `must be less than or equal to ${WINDOW_SECONDS_MAX}`,
    );
  }
  at.at('selectPolicy').oneOf(rules?.selectPolicy, ['Max', 'Min', 'Disabled']);
  if (rules?.policies?.length === 0) at.at('policies').required('must specify at least one Policy');
  for (const [i, { type, value, periodSeconds }] of (rules?.policies ?? []).entries()) {
    const here = at.at('policies', i);
    here.at('type').oneOf(type || '?', ['Pods', 'Percent']);
    here.at('value').positive(value ?? 0);
    here.at('periodSeconds').positive(periodSeconds ?? 0);
    if (periodSeconds > PERIOD_SECONDS_MAX) {
      here.at('periodSeconds').invalid(periodSeconds, `must be less than or equal to ${PERIOD_SECONDS_MAX}`);
    }
  }
}

function checkAutoscaler({ spec }: HorizontalPodAutoscaler, root: Field): void {
  const at = root.at('spec');
  if (!spec?.scaleTargetRef?.kind) at.at('scaleTargetRef', 'kind').required();
  if (!spec?.scaleTargetRef?.name) at.at('scaleTargetRef', 'name').required();
  const min = spec?.minReplicas ?? 1;
  const max = spec?.maxReplicas ?? 0;
  if (min < 1) at.at('minReplicas').invalid(min, 'must be greater than or equal to 1');
  if (max < 1) at.at('maxReplicas').invalid(max, 'must be greater than 0');
  else if (max < min) at.at('maxReplicas').invalid(max, 'must be greater than or equal to `minReplicas`');
  for (const [i, metric] of (spec?.metrics ?? []).entries()) checkMetric(metric, at.at('metrics', i));
  checkScaling(spec?.behavior?.scaleUp, at.at('behavior', 'scaleUp'));
  checkScaling(spec?.behavior?.scaleDown, at.at('behavior', 'scaleDown'));
}

export const policyRules = {
  PriorityClass: checkPriorityClass,
  PodDisruptionBudget: checkBudget,
  ResourceQuota: checkQuota,
  LimitRange: checkLimitRange,
  HorizontalPodAutoscaler: checkAutoscaler,
};
