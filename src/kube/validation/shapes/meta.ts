// Field tables of metadata and the shapes many kinds share. Source: apimachinery apis/meta/v1, 1.37.

import { each, fields, list, map } from '../shape.ts';

export const strings = list('string');
export const stringMap = map('string');
export const resourceList = map('quantity');

export const ownerReference = fields({
  ...each('string', 'apiVersion kind name uid'),
  ...each('boolean', 'controller blockOwnerDeletion'),
});

export const objectMeta = fields({
  ...each(
    'string',
    'name generateName namespace selfLink uid resourceVersion creationTimestamp deletionTimestamp',
  ),
  ...each('int', 'generation deletionGracePeriodSeconds'),
  ...each(stringMap, 'labels annotations'),
  ownerReferences: list(ownerReference),
  finalizers: strings,
  managedFields: 'any',
});

export const requirement = fields({ ...each('string', 'key operator'), values: strings });

export const labelSelector = fields({ matchLabels: stringMap, matchExpressions: list(requirement) });

export const nodeSelectorTerm = fields({ ...each(list(requirement), 'matchExpressions matchFields') });

export const nodeSelector = fields({ nodeSelectorTerms: list(nodeSelectorTerm) });

/** What every object begins with. */
export const objectBase = fields({
  ...each('string', 'apiVersion kind'),
  metadata: objectMeta,
  status: 'any',
});
