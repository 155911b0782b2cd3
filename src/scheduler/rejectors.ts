/**
 * Which plugins rejected a pod: only events that these registered for can bring it back.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/types.go Diagnosis.AddPluginStatus.
 */

import type { FilterRun } from './framework/filter-run.ts';
import type { Diagnosis } from './framework/fit-error.ts';
import type { Profile } from './framework/profile.ts';
import type { Status } from './framework/status.ts';

/** One bit per plugin, by its position in the profile. */
export function rejectorsOf(profile: Profile, diagnosis: Diagnosis, run: FilterRun): number {
  let mask = 0;
  const add = (name: string) => {
    const position = profile.plugins.findIndex((plugin) => plugin.name === name);
    if (position !== -1) mask |= 1 << position;
  };
  const seen = new Set<Status>();
  for (const status of diagnosis.nodeStatus.values()) {
    if (seen.has(status)) continue;
    seen.add(status);
    add(status.plugin);
  }
  if (run.outcome.rejection) add(run.outcome.rejection.plugin);
  run.outcome.namedBy.forEach(add);
  return mask >>> 0;
}
