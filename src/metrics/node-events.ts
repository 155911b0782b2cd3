/** What a change of a Node means in events.csv: it comes, goes, is or is not Ready, schedulable, under pressure. */
import type { Node } from '../kube/types.ts';

export interface NodeEvent {
  readonly event: string;
  /** Reason, in Kubernetes' words. */
  readonly detail: string;
}

/** Conditions that are told of: what to say when they begin and when they end. */
const CONDITIONS = [
  ['Ready', 'Ready', 'NotReady'],
  ['MemoryPressure', 'MemoryPressure', 'NoMemoryPressure'],
  ['DiskPressure', 'DiskPressure', 'NoDiskPressure'],
  ['PIDPressure', 'PIDPressure', 'NoPIDPressure'],
] as const;

/** `old` is absent for a new node, `next` for one that is gone; a new node's state is not told. */
export function nodeEvents(old: Node | undefined, next: Node | undefined): NodeEvent[] {
  if (!old) return [{ event: 'Added', detail: '' }];
  if (!next) return [{ event: 'Removed', detail: '' }];
  const events: NodeEvent[] = [];
  const isCordoned = next.spec?.unschedulable ?? false;
  if (isCordoned !== (old.spec?.unschedulable ?? false))
    events.push({ event: isCordoned ? 'NotSchedulable' : 'Schedulable', detail: '' });
  if (old.status?.conditions === next.status?.conditions) return events;
  for (const [type, begins, ends] of CONDITIONS) {
    const after = conditionOf(next, type);
    const isTrue = after?.status === 'True';
    if (isTrue === (conditionOf(old, type)?.status === 'True')) continue;
    events.push({ event: isTrue ? begins : ends, detail: after?.reason ?? '' });
  }
  return events;
}

function conditionOf({ status }: Node, type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}
