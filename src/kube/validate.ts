// Whether the API server would take an object, and if not, why: JSON types and unknown fields first (strict
// decoding), then the rules of the kind. Objects of unknown kinds are not judged.
// Deviation: the API server tells of the rules only when the types are right; here all is told at once.
// Source of each rule: the file of its family under validation/.

import type { Problem } from '../base/errors.ts';
import { lookupKind, nearestKind } from './kinds.ts';
import type { LocatedObject } from './read-manifests.ts';
import type { KubeObject } from './types.ts';
import { appsRules } from './validation/apps.ts';
import { clusterRules } from './validation/cluster.ts';
import { Field, type FieldProblem, formatPath } from './validation/field.ts';
import { jobRules } from './validation/job.ts';
import { checkMetadata } from './validation/metadata.ts';
import { podRules } from './validation/pod.ts';
import { policyRules } from './validation/policy.ts';
import { type Shape, ShapeReader } from './validation/shape.ts';
import { clusterShapes } from './validation/shapes/cluster.ts';
import { podShapes } from './validation/shapes/pod.ts';
import { policyShapes } from './validation/shapes/policy.ts';
import { workloadShapes } from './validation/shapes/workload.ts';
import { storageRules } from './validation/storage.ts';
import { immutableProblems } from './validation/update.ts';

export { type FieldProblem, formatPath } from './validation/field.ts';

type Rule = (object: never, at: Field) => void;

const SHAPES = new Map<string, Shape>(
  Object.entries({ ...podShapes, ...workloadShapes, ...clusterShapes, ...policyShapes }),
);
const RULES = new Map<string, Rule>(
  Object.entries({
    ...podRules,
    ...appsRules,
    ...jobRules,
    ...clusterRules,
    ...storageRules,
    ...policyRules,
  }),
);

function removedProblem({ apiVersion, kind }: KubeObject, served: readonly string[]): FieldProblem {
  return {
    path: ['apiVersion'],
    message: `no matches for kind "${kind}" in version "${apiVersion}": use ${served[0]}`,
  };
}

/** Everything the API server would refuse about creating `object`; empty if nothing, or if the kind is unknown. */
export function validateObject(object: KubeObject): FieldProblem[] {
  const lookup = lookupKind(object.apiVersion, object.kind);
  if (lookup.status === 'removed') return [removedProblem(object, lookup.kind.apiVersions)];
  const shape = lookup.status === 'known' ? SHAPES.get(object.kind) : undefined;
  if (!shape) {
    const near =
      object.apiVersion === 'v1' || object.apiVersion === 'apps/v1' ? nearestKind(object.kind) : undefined;
    return near
      ? [{ path: ['kind'], message: `unknown kind "${object.kind}": did you mean "${near}"?` }]
      : [];
  }
  const ofShape = new Field();
  const reader = new ShapeReader();
  const parts = reader.read(object, shape, ofShape) as KubeObject;
  const read = { ...parts, metadata: parts.metadata ?? {} };
  const ofRules = new Field();
  checkMetadata(read.metadata, object.kind, ofRules.at('metadata'));
  RULES.get(object.kind)?.(read as never, ofRules);
  return [...ofShape.problems, ...ofRules.problems.filter((problem) => !reader.isDoubtful(problem))];
}

/** Everything the API server would refuse about replacing `old` by `object`. */
export function validateUpdate(old: KubeObject, object: KubeObject): FieldProblem[] {
  return [...validateObject(object), ...immutableProblems(old, object)];
}

/** The problems of an object of a file, with file, line and column. */
export function locatedProblems(located: LocatedObject, problems: readonly FieldProblem[]): Problem[] {
  const { object, file } = located;
  return problems.map(({ path, message }) => ({
    file,
    ...located.locate(path),
    path: `${object.kind} "${object.metadata.name ?? ''}" ${formatPath(path)}`.trimEnd(),
    message,
  }));
}
