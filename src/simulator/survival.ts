/**
 * What a cluster is put through to see whether it survives: once all is settled, the fullest node of a pool is lost, or
 * a zone, or a pool is upgraded node by node. Each trial is a run of its own.
 * Deviations: lost nodes are gone for good and known to be gone at once; an upgraded node is away for a minute.
 */
import { parseDurationUs } from '../base/duration.ts';
import type { NodeColumns } from '../metrics/run-metrics.ts';
import type { PointOutcome, PointSetting } from './points.ts';

export type Trial = 'node' | 'zone' | 'upgrade';

const SETTLE_US = 600e6;
const UPGRADE_US = 60e6;

interface TimelineEntry {
  readonly at: string;
  readonly [action: string]: unknown;
}

interface Data {
  readonly until?: string | number;
  readonly timeline?: readonly TimelineEntry[];
}

/** The settings of all runs of a trial. @param outcome of the run without it */
export function trialSettings(trial: Trial, setting: PointSetting, { nodes }: PointOutcome): PointSetting[] {
  const data = (setting.data ?? {}) as Data;
  const startUs = parseDurationUs(data.until ?? 0);
  return happenings(trial, nodes, startUs).map(({ timeline, endUs }) => ({
    ...setting,
    data: { ...data, until: `${endUs}us`, timeline: [...(data.timeline ?? []), ...timeline] },
  }));
}

/** Pods that are left without a node: at the end, or at any time during an upgrade. */
export function trialPending(trial: Trial, { metrics, utilization }: PointOutcome): number {
  if (trial !== 'upgrade') return metrics['pods.pending'] ?? 0;
  return utilization.samples.reduce((most, { waiting }) => Math.max(most, waiting?.nUnschedulable ?? 0), 0);
}

interface Happening {
  readonly timeline: readonly TimelineEntry[];
  readonly endUs: number;
}

function happenings(trial: Trial, nodes: NodeColumns, startUs: number): Happening[] {
  const at = `${startUs}us`;
  const loss = (target: unknown): Happening => ({
    timeline: [{ at, removeNodes: target }],
    endUs: startUs + SETTLE_US,
  });
  if (trial === 'node') return fullestNodes(nodes).map((name) => loss(name));
  if (trial === 'zone') {
    const zones = [...new Set(nodes.zone)].filter((zone) => zone !== '');
    return zones.map((zone) => loss({ zone }));
  }
  return [...new Set(nodes.pool)].map((pool) => upgrade(nodes, pool, startUs));
}

function upgrade(nodes: NodeColumns, pool: string, startUs: number): Happening {
  const names = nodes.name.filter((_, i) => nodes.pool[i] === pool);
  const timeline = names.flatMap((name, i) => {
    const fromUs = startUs + i * UPGRADE_US;
    return [
      { at: `${fromUs}us`, drain: name },
      { at: `${fromUs + UPGRADE_US}us`, uncordon: name },
    ];
  });
  return { timeline, endUs: startUs + names.length * UPGRADE_US + SETTLE_US };
}

/** In each pool the node with most of each resource requested, each once; the first of equals. */
function fullestNodes({ name, pool, resources }: NodeColumns): string[] {
  const chosen = new Set<number>();
  for (const one of new Set(pool)) {
    const members = name.flatMap((_, i) => (pool[i] === one ? [i] : []));
    for (const { requested } of resources) {
      chosen.add(members.reduce((best, i) => (requested[i]! > requested[best]! ? i : best)));
    }
  }
  return [...chosen].map((i) => name[i]!);
}
