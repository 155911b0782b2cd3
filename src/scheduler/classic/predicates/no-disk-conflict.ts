/**
 * NoDiskConflict: disks that a node can mount only once; the rule is that of VolumeRestrictions.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/predicates/predicates.go NoDiskConflict.
 */
import type { Plugin } from '../../framework/plugin.ts';
import { unschedulable } from '../../framework/status.ts';
import { disksOf, hasDiskConflict } from '../../plugins/volume-restrictions.ts';

const TAKEN = 'node(s) had no available disk';

export function noDiskConflict(name = 'NoDiskConflict'): Plugin<undefined> {
  const status = unschedulable(name, TAKEN);
  return {
    name,
    preFilter: ({ cls }) => (disksOf(cls).length === 0 ? { skip: true } : { state: undefined }),
    filterScope: 'node',
    classKey: (cls) => JSON.stringify(disksOf(cls)),
    filter: (_, node, { cls, cluster }) =>
      hasDiskConflict(disksOf(cls), node, cluster) ? status : undefined,
  };
}
