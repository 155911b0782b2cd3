// Field tables of priorities, budgets, quotas, limits and autoscalers. Source: k8s.io/api, 1.37.

import { each, fields, list } from '../shape.ts';
import { labelSelector, objectBase, resourceList, strings } from './meta.ts';

const scopeSelector = fields({
  matchExpressions: list(fields({ ...each('string', 'scopeName operator'), values: strings })),
});

const target = fields({
  type: 'string',
  ...each('quantity', 'value averageValue'),
  averageUtilization: 'int',
});
const metric = fields({ name: 'string', selector: labelSelector });
const reference = fields(each('string', 'apiVersion kind name'));

const metricSpec = fields({
  type: 'string',
  resource: fields({ name: 'string', target }),
  containerResource: fields({ ...each('string', 'name container'), target }),
  pods: fields({ metric, target }),
  object: fields({ describedObject: reference, metric, target }),
  external: fields({ metric, target }),
});

const scalingRules = fields({
  stabilizationWindowSeconds: 'int',
  selectPolicy: 'string',
  policies: list(fields({ type: 'string', ...each('int', 'value periodSeconds') })),
  tolerance: 'quantity',
});

export const policyShapes = {
  PriorityClass: fields(
    { value: 'int', globalDefault: 'boolean', ...each('string', 'description preemptionPolicy') },
    objectBase,
  ),
  PodDisruptionBudget: fields(
    {
      spec: fields({
        ...each('intOrString', 'minAvailable maxUnavailable'),
        selector: labelSelector,
        unhealthyPodEvictionPolicy: 'string',
      }),
    },
    objectBase,
  ),
  ResourceQuota: fields({ spec: fields({ hard: resourceList, scopes: strings, scopeSelector }) }, objectBase),
  LimitRange: fields(
    {
      spec: fields({
        limits: list(
          fields({
            type: 'string',
            ...each(resourceList, 'max min default defaultRequest maxLimitRequestRatio'),
          }),
        ),
      }),
    },
    objectBase,
  ),
  HorizontalPodAutoscaler: fields(
    {
      spec: fields({
        scaleTargetRef: reference,
        ...each('int', 'minReplicas maxReplicas targetCPUUtilizationPercentage'),
        metrics: list(metricSpec),
        behavior: fields(each(scalingRules, 'scaleUp scaleDown')),
      }),
    },
    objectBase,
  ),
};
