// DefaultTolerationSeconds: pods stay 300 s on a node that is not ready or cannot be reached, unless they say otherwise.
// Source: plugin/pkg/admission/defaulttolerationseconds/admission.go, 1.37.

import type { Toleration } from '../../kube/types.ts';
import { type ShapePlugin, withSpec } from './shape-plugin.ts';

const KEYS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const SECONDS = 300;

export const defaultTolerationSeconds: ShapePlugin = (shape) => {
  const tolerations = shape.spec.tolerations ?? [];
  const covers = (toleration: Toleration, key: string) =>
    (!toleration.key || toleration.key === key) && (!toleration.effect || toleration.effect === 'NoExecute');
  const missing = KEYS.filter((key) => !tolerations.some((toleration) => covers(toleration, key)));
  if (missing.length === 0) return shape;
  const added = missing.map(
    (key): Toleration => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: SECONDS }),
  );
  return withSpec(shape, { tolerations: [...tolerations, ...added] });
};
